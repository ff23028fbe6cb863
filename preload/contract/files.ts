/** @file Files that a person hands over: dropped, picked in a dialog, sent by a browser, or given when the program starts. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';

/** From the root of the disk on, of any system: what a relative one means would depend on where the program was started. */
export const AbsolutePath = z
  .string()
  .max(4096, 'This path is too long.')
  .refine((path) => !path.includes('\0'), 'A path has no zero characters.')
  .refine((path) => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path), 'This is not a whole path. Give it from the root of the disk on.');

/** A file as other requests take it: on this machine's disk, or sent by a browser, which is kept until it was used. */
export const FileReference = z.union([z.object({ path: AbsolutePath }), z.object({ upload: z.string().min(1) })]);
export type FileReference = z.infer<typeof FileReference>;

/** What is to be picked; decides the dialog's title, its filters, and whether it is files or a folder. */
export const PickPurpose = z.enum(['dataset', 'model-folder', 'adapter-folder', 'export-folder', 'archive']);
export type PickPurpose = z.infer<typeof PickPurpose>;

/** `available` is false where there is no dialog (a browser): ask for a path, or take a drop. No paths: nothing was picked. */
export const Picked = z.object({ available: z.boolean(), paths: z.array(z.string()) });
export type Picked = z.infer<typeof Picked>;

/** A name alone: where the file goes is said in the dialog. */
const FileName = z
  .string()
  .min(1, 'Give the file a name.')
  .max(255)
  .regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u, 'Give a name, not a path.');

export const filesRequests = {
  'files.pick': request(z.object({ purpose: PickPurpose }), Picked),
  /** Where to write a file, which the dialog has asked about if it is there already. One path at most. */
  'files.pickTarget': request(z.object({ fileName: FileName }), Picked),
  /** Files the program was opened with since the last call; a window asks when it starts, and at `files.opened`. */
  'files.takeOpened': request(Nothing, z.object({ paths: z.array(z.string()) })),
  /** A file that was sent is not needed after all. */
  'files.discardUpload': request(z.object({ upload: z.string().min(1) }), Nothing),
};

export const filesEvents = {
  'files.opened': event(Nothing),
};
