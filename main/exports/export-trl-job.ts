/** @file Exports a run as a job for TRL: the same rows in the same order, the same initial adapter, the same settings. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import type { ExampleRow, PairRow, Row } from '#engine/data/row.ts';
import { ACCELERATE_CONFIGS, TRL_JOB, TRL_REQUIREMENTS, trlScript } from '#engine/export/trl-script.ts';
import { rowsForMethod, splitRows } from '#engine/pipeline.ts';
import { dpoTrainingSet } from '#engine/train/dpo-set.ts';
import { epochOrder } from '#engine/train/epoch-order.ts';
import { ktoTrainingSet } from '#engine/train/kto-set.ts';
import { TrainingSettings } from '#engine/train/settings.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { adapterFromFolder, freshAdapter, toAdapter } from '#jobs/initial-adapter.ts';
import { checkModel, openModel } from '#jobs/open-model.ts';
import { prepareData } from '#jobs/prepare-data.ts';
import { readRows } from '#jobs/read-rows.ts';
import { refuseFull } from './export-adapter.ts';
import type { ExportOptions, Exported } from './export-request.ts';
import { portableModelName } from './portable-model-name.ts';
import type { FinishedRun, RunSource } from './run-source.ts';

/** @throws {SettingsError} if it is no run of Prospect, or its data are no longer what they were @throws {AppError} */
export async function exportTrlJob({ source, outDir, cacheDir, signal }: ExportOptions): Promise<Exported> {
  const { run, modelDir } = source;
  if (run === null)
    throw new SettingsError(`${source.adapterDir} holds no run.json, so its settings and data are not known. Choose the folder of a run.`, {
      field: 'run',
    });
  await refuseFull(outDir);
  const settings = TrainingSettings.parse(run.settings);
  const rows = await orderedRows(withRows(run, source), settings, { modelDir, signal });
  await mkdir(outDir, { recursive: true }).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', outDir)));
  const model = await openModel(modelDir, { cacheDir, signal });
  const initial = run.adapter_init === null ? freshAdapter(model, settings) : await adapterFromFolder(run.adapter_init.dir, model);
  const { folder } = await checkModel(modelDir);
  const baseModel = portableModelName(folder);
  const init = toAdapter({ ...initial, config: { ...initial.config, baseModelNameOrPath: baseModel } }, initial.parameters);
  await writeAdapterFolder(join(outDir, TRL_JOB.init), init, { signal });
  await writeLines(join(outDir, TRL_JOB.train), rows.train);
  if (rows.evaluation.length > 0) await writeLines(join(outDir, TRL_JOB.evaluation), rows.evaluation);
  for (const [name, content] of Object.entries(ACCELERATE_CONFIGS)) await writeFileAtomically(join(outDir, name), content);
  await writeFileAtomically(join(outDir, TRL_JOB.requirements), TRL_REQUIREMENTS);
  await writeFileAtomically(join(outDir, TRL_JOB.script), trlScript(settings, { hasEvaluation: rows.evaluation.length > 0, baseModel }));
  return { dir: outDir, files: (await readdir(outDir)).sort(), verification: null, notes: [], companion: null };
}

/** The run as if it had read its rows where they are now. */
function withRows(run: FinishedRun, { rows }: Pick<RunSource, 'rows'>): FinishedRun {
  if (rows === null) return run;
  const { eval_data: evaluation } = run;
  const file = evaluation === null || evaluation.file === null ? null : rows.evaluation;
  return { ...run, data: { ...run.data, file: rows.train }, eval_data: evaluation && { ...evaluation, file } };
}

interface OrderedRows {
  readonly train: readonly Row[];
  readonly evaluation: readonly Row[];
}

/** Rows that were dropped are left out, and the rest stand as the first epoch takes them. */
async function orderedRows(
  run: FinishedRun,
  settings: TrainingSettings,
  { modelDir, signal }: { readonly modelDir: string; readonly signal: AbortSignal },
): Promise<OrderedRows> {
  const read = async (file: string) => ({ file, rows: (await readRows(file, { badRows: 'skip', signal })).rows });
  const train = await read(run.data.file);
  const evalFile = run.eval_data?.file ?? null;
  const evaluation = evalFile === null ? null : await read(evalFile);
  if (train.rows.some(({ form }) => form === 'tokens')) {
    throw new SettingsError(
      `The rows of ${basename(train.file)} are token ids, which TRL does not read. Only rows of text or messages can be exported.`,
      { field: 'data' },
    );
  }
  const { config } = await checkModel(modelDir);
  const options = {
    settings,
    modelDir,
    vocabSize: config.vocabSize,
    startedAt: new Date(run.started_at),
    badRows: 'skip' as const,
    signal,
  };
  const prepared = await prepareData(train, evaluation, options);
  if (prepared.train.hash !== run.data['sha256']) throw changed(run.data.file);
  if ((prepared.evaluation?.hash ?? null) !== (run.eval_data?.['sha256'] ?? null)) throw changed(evalFile ?? run.data.file);
  const split = splitRows(train.rows, evaluation?.rows ?? null, settings);
  const ofMethod = (rows: readonly Row[]): readonly Row[] =>
    settings.method === 'kto' ? rowsForMethod(rows, 'kto', basename(train.file)) : rowsForMethod(rows, 'dpo', basename(train.file));
  const set = prepared.method === 'kto' ? ktoTrainingSet(prepared.train.rows, settings) : dpoTrainingSet(prepared.train.rows, settings);
  const order = epochOrder({
    blockCount: set.batches.length,
    epoch: 0,
    seed: settings.seed,
    shuffle: settings.shuffle,
    keepLast: set.keepLast,
  });
  const byKey = new Map(ofMethod(split.train).map((row) => [keyOf(row), row]));
  const kept = prepared.train.rows.map((row) => byKey.get(keyOf(row)) as Row);
  return {
    train: order.flatMap((block) => (set.batches[block] ?? []).map((row) => kept[row] as Row)),
    evaluation: ofMethod(split.evaluation),
  };
}

function changed(file: string): SettingsError {
  return new SettingsError(`${file} is no longer what the run was trained on. Restore it, or train again.`, { field: 'data' });
}

/** Both halves of a pair have its number. */
function keyOf(row: { readonly row: number; readonly label?: boolean }): string {
  return `${row.row} ${row.label ?? ''}`;
}

async function writeLines(file: string, rows: readonly Row[]): Promise<void> {
  await writeFileAtomically(file, rows.map((row) => `${JSON.stringify(rowRecord(row))}\n`).join(''));
}

function rowRecord(row: ExampleRow | PairRow): Record<string, unknown> {
  if (row.form === 'tokens') return {};
  const answers = row.kind === 'pair' ? { chosen: row.chosen, rejected: row.rejected } : { completion: row.completion, label: row.label };
  const options = row.form === 'chat' ? chatColumns(row.options) : {};
  return { prompt: row.prompt, ...answers, ...options };
}

function chatColumns({ tools, templateKwargs }: { readonly tools: unknown; readonly templateKwargs: Readonly<Record<string, unknown>> }) {
  return {
    ...(tools !== null && { tools: JSON.stringify(tools) }),
    ...(Object.keys(templateKwargs).length > 0 && { chat_template_kwargs: templateKwargs }),
  };
}
