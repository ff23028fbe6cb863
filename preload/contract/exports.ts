/** @file Exports: what is taken away from a run or an adapter, and where earlier exports are. */
import { z } from 'zod';
import { AdapterId } from './adapters.ts';
import { Shown } from './app.ts';
import { event, Nothing, request } from './define.ts';
import { AbsolutePath } from './files.ts';
import { ProjectId } from './projects.ts';
import { RunMethod } from './runs.ts';
import { TaskId } from './tasks.ts';

/** What is made of an adapter; the names of `prospect export --as`. */
export const ExportForm = z.enum(['adapter', 'merged', 'gguf', 'gguf-lora', 'trl-job']);
export type ExportForm = z.infer<typeof ExportForm>;

/** How a GGUF file keeps weights. */
export const ExportDtype = z.enum(['F16', 'Q8_0', 'F32']);
export type ExportDtype = z.infer<typeof ExportDtype>;

const ExportId = z.string().min(1).max(64);

/** An adapter of the project, made by a run or brought in. */
export const ExportSource = z.object({
  adapterId: AdapterId,
  name: z.string(),
  /** Null if it was brought in. */
  runId: z.int().nullable(),
  method: RunMethod.nullable(),
  /** Null if it is not known any more. */
  modelName: z.string().nullable(),
  /** Null if it is not known, or not where it was. */
  modelFolder: z.string().nullable(),
  createdAt: z.number(),
  /** Why nothing can be made of it as things are: a sentence; null if it can. */
  problem: z.string().nullable(),
  /** Why no TRL job can be: a sentence; null if it can. */
  jobProblem: z.string().nullable(),
});
export type ExportSource = z.infer<typeof ExportSource>;

/** Whether what was exported, loaded again, is what was trained. */
export const ExportCheck = z.object({ isSame: z.boolean(), text: z.string() });
export type ExportCheck = z.infer<typeof ExportCheck>;

/** What to type next, and what it does. */
export const NextStep = z.object({ about: z.string(), command: z.string() });
export type NextStep = z.infer<typeof NextStep>;

/** An export that was made. */
export const MadeExport = z.object({
  id: ExportId,
  /** As they were called then. */
  sourceName: z.string(),
  form: ExportForm,
  /** Of GGUF files. */
  dtype: ExportDtype.nullable(),
  folder: z.string(),
  /** Names in it, with their sizes. */
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Null for what other programs alone can load, such as a TRL job. */
  check: ExportCheck.nullable(),
  notes: z.array(z.string()),
  nextSteps: z.array(NextStep),
  madeAt: z.number(),
});
export type MadeExport = z.infer<typeof MadeExport>;

/** As it is listed later. */
export const ListedExport = MadeExport.extend({
  /** False if its folder was moved or deleted since. */
  isThere: z.boolean(),
});
export type ListedExport = z.infer<typeof ListedExport>;

/** Of a new folder; no system refuses it. */
export const FolderName = z
  .string()
  .trim()
  .min(1, 'Give the new folder a name.')
  .max(100, 'A name has at most 100 characters.')
  .regex(/^[^\p{Cc}<>:"/\\|?*]+$/u, 'A folder’s name has none of < > : " / \\ | ? *.')
  .regex(/^(?!\.)(?!.*[. ]$)/, 'A folder’s name neither begins with a dot nor ends with one.')
  .regex(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))/i, 'Windows has devices of this name. Choose another.');

const Wanted = {
  projectId: ProjectId,
  adapterId: AdapterId,
  form: ExportForm,
  /** Of GGUF files; others have none. */
  dtype: ExportDtype,
};

export const exportsRequests = {
  /** Newest first. */
  'exports.listSources': request(z.object({ projectId: ProjectId }), z.array(ExportSource)),
  /** What it will take, and whether the place can be used; `folder` null: not chosen yet. */
  'exports.plan': request(
    z.object({ ...Wanted, parent: AbsolutePath.nullable(), name: z.string() }),
    z.object({
      /** Of the files that are written there. */
      neededBytes: z.number(),
      /** Of what is kept in the data folder to make it, such as the base model as GGUF; 0 if it is there. */
      cacheBytes: z.number(),
      /** On the disk of `parent`; null if it is not chosen, or does not say. */
      freeBytes: z.number().nullable(),
      /** Where it will lie; null as long as there is no place or no name. */
      folder: z.string().nullable(),
      /** Why it can't be made there: a sentence; null if it can. */
      problem: z.string().nullable(),
    }),
  ),
  /** Into a new folder `name` in `parent`. If it fails or is cancelled, nothing is left there. */
  'exports.start': request(z.object({ task: TaskId, ...Wanted, parent: AbsolutePath, name: FolderName }), MadeExport),
  /** Newest first. */
  'exports.list': request(z.object({ projectId: ProjectId }), z.array(ListedExport)),
  /** Takes it from the list; its files stay. */
  'exports.forget': request(z.object({ projectId: ProjectId, exportId: ExportId }), Nothing),
  'exports.reveal': request(z.object({ projectId: ProjectId, exportId: ExportId }), Shown),
};

export const exportsEvents = {
  'exports.changed': event(z.object({ projectId: ProjectId })),
};
