/** @file Models of the Hugging Face Hub: looked up and fetched only when a person presses the button, and never in offline mode. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';

const NAME = /^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/;

/** `owner/name` as in the address of its page. */
export const HubId = z
  .string()
  .trim()
  .regex(NAME, 'A model of the Hub is named owner/name, such as TinyLlama/TinyLlama-1.1B-Chat-v1.0.')
  .refine((id) => !id.split('/').some((part) => /^\.+$/.test(part)), 'A model of the Hub is named owner/name.');

/** A branch, a tag or a commit. */
export const HubRevision = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'A revision is the name of a branch, a tag or a commit.')
  .refine((name) => !/^\.+$/.test(name), 'A revision is the name of a branch, a tag or a commit.');

export const HubFile = z.object({ path: z.string(), bytes: z.number() });

/** What would be fetched. */
export const HubModel = z.object({
  id: z.string(),
  /** The commit that the revision stands for now. */
  commit: z.string(),
  files: z.array(HubFile),
  bytes: z.number(),
  /** Files of it that are of no use here: other formats. */
  otherFiles: z.number(),
  licence: z.string().nullable(),
  /** Why it can't be fetched or trained; null if it can. */
  problem: z.string().nullable(),
  /** Where it will lie. */
  folder: z.string(),
  freeBytes: z.number().nullable(),
});
export type HubModel = z.infer<typeof HubModel>;

export const HubDownload = z.object({
  id: z.string(),
  commit: z.string(),
  /** `stopped` and `failed` ones go on where they were. */
  state: z.enum(['running', 'stopped', 'failed', 'done']),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  bytesPerSecond: z.number(),
  /** The file that is coming. */
  file: z.string().nullable(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** Where the model lies; null until all of it is there and was checked. */
  folder: z.string().nullable(),
});
export type HubDownload = z.infer<typeof HubDownload>;

const One = z.object({ id: HubId });

export const hubRequests = {
  /** Whether the Hub may be asked at all, and why not. */
  'hub.getAccess': request(Nothing, z.object({ url: z.string(), offlineBecause: z.string().nullable() })),
  'hub.look': request(z.object({ id: HubId, revision: HubRevision.optional() }), HubModel),
  /** Begins, or goes on. @param commit - as `hub.look` told it */
  'hub.download': request(z.object({ id: HubId, commit: HubRevision }), HubDownload),
  /** What came stays, so that it can go on. */
  'hub.stop': request(One, Nothing),
  /** Removes what came of one that is not done. */
  'hub.discard': request(One, Nothing),
  'hub.listDownloads': request(Nothing, z.array(HubDownload)),
};

export const hubEvents = {
  'hub.changed': event(z.object({ downloads: z.array(HubDownload) })),
};
