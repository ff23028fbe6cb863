/** @file What is to be exported: an adapter with its model, and what is known of the run that made it. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FormatError, SettingsError } from '#contract/errors.ts';
import { readJsonFile } from '#io/read-json-file.ts';

const RunJson = z.looseObject({
  started_at: z.string(),
  settings: z.looseObject({ method: z.enum(['kto', 'dpo']) }),
  backend: z.string().optional(),
  model: z.looseObject({ dir: z.string(), architecture: z.string().optional() }),
  data: z.looseObject({ file: z.string(), rows: z.number(), droppedRows: z.number(), truncatedRows: z.number() }),
  eval_data: z.looseObject({ file: z.string().nullable(), rows: z.number() }).nullable(),
  adapter_init: z.looseObject({ dir: z.string() }).nullable(),
  status: z.string(),
  steps: z.looseObject({ done: z.number(), total: z.number() }),
  result: z.looseObject({ train_loss: z.number() }).nullable(),
  versions: z.looseObject({ prospect: z.string() }).optional(),
});
export type FinishedRun = Readonly<z.infer<typeof RunJson>>;

/** An entry of metrics.jsonl. */
export type MetricEntry = Readonly<Record<string, number>>;

export interface RunSource {
  /** Absolute. */
  readonly adapterDir: string;
  readonly modelDir: string;
  /** Null for an adapter that no run of Prospect made. */
  readonly run: FinishedRun | null;
  readonly metrics: readonly MetricEntry[];
  /** Where its rows are now; null: where the run read them. */
  readonly rows: { readonly train: string; readonly evaluation: string | null } | null;
}

/**
 * @param adapterDir - run folder, checkpoint or any PEFT folder
 * @param modelDir - null: the model that the run was made with
 * @throws {SettingsError} if the model is not known
 * @throws {FormatError | StorageError}
 */
export async function openRunSource(adapterDir: string, modelDir: string | null): Promise<RunSource> {
  const folder = resolve(adapterDir);
  const run = (await exists(join(folder, 'run.json'))) ? parseRun(await readJsonFile(join(folder, 'run.json')), folder) : null;
  const model = modelDir ?? run?.model.dir;
  if (model === undefined)
    throw new SettingsError(`${adapterDir} does not say which model it was made for. Add --model DIR.`, { field: 'model' });
  if (run !== null && modelDir === null && !(await exists(model))) {
    throw new SettingsError(`The model of this run, ${model}, is no longer there. Say where it is now: --model DIR.`, { field: 'model' });
  }
  const metrics = run ? await readMetrics(join(folder, 'metrics.jsonl')) : [];
  return { adapterDir: folder, modelDir: resolve(model), run, metrics, rows: null };
}

function parseRun(value: unknown, folder: string): FinishedRun {
  const parsed = RunJson.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the whole file';
  throw new FormatError(`${join(folder, 'run.json')} is not the record of a run: ${field} is missing or wrong.`, { file: folder, field });
}

/** A line that a killed process left half-written is skipped. */
async function readMetrics(file: string): Promise<MetricEntry[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [z.record(z.string(), z.number()).parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
