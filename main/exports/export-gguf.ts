/** @file Exports GGUF files for llama.cpp and Ollama, and loads them again in llama.cpp. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { adapterDeltas } from '#engine/export/adapter-deltas.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import { ggufContextLength } from '#engine/export/gguf/gguf-model-metadata.ts';
import { ollamaModelfile } from '#engine/export/ollama-modelfile.ts';
import { stopTokens } from '#engine/generate/stop-tokens.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { convertAdapterToGguf } from '#io/gguf/convert-adapter.ts';
import { convertModelToGguf } from '#io/gguf/convert-model.ts';
import { cachedModelGguf } from '#io/gguf/gguf-cache.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import type { ReportBytes } from '#io/weight-cache/byte-progress.ts';
import { readGenerationConfig } from '#io/read-generation-config.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import { checkModel } from '#jobs/open-model.ts';
import { refuseFull } from './export-adapter.ts';
import type { ExportOptions, Exported } from './export-request.ts';
import type { Verification } from './verification.ts';
import { verifyGguf } from './verify-gguf.ts';
import type { OpenGguf } from './verify-gguf.ts';

/** Longer than any text of the check. */
const CHECK_TOKENS = 64;

export interface GgufExportOptions extends ExportOptions {
  readonly dtype: GgufDtype;
  /** `merged`: one file with the adapter in it. `lora`: the base model's file and a small one for the adapter. */
  readonly form: 'merged' | 'lora';
  /** How the file is loaded again. */
  readonly openGguf: OpenGguf;
  /** Of the check; null for as many as help. */
  readonly threads: number | null;
}

/** @throws {OutputBusyError} if the folder holds something @throws {AppError} with one sentence for the person */
export async function exportGguf(options: GgufExportOptions): Promise<Exported> {
  const { source, outDir, form } = options;
  await refuseFull(outDir);
  await mkdir(outDir, { recursive: true }).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', outDir)));
  const { folder, config } = await checkModel(source.modelDir);
  const files = form === 'merged' ? await writeMerged(folder, config, options) : await writeLora(folder, config, options);
  await writeFileAtomically(join(outDir, 'Modelfile'), await modelfile(folder, config, files));
  const verification = await check(files, config, options);
  const companion = files.adapter === null ? null : { file: files.modelFile, name: files.model };
  return { dir: outDir, files: (await readdir(outDir)).sort(), verification, notes: files.notes, companion };
}

interface GgufFiles {
  readonly model: string;
  readonly adapter: string | null;
  /** Where llama.cpp finds the model: in the export, or for `lora` the base model's in the cache. */
  readonly modelFile: string;
  readonly notes: readonly string[];
}

async function writeMerged(
  folder: ModelFolder,
  config: ModelConfig,
  { source, outDir, dtype, signal, onProgress }: GgufExportOptions,
): Promise<GgufFiles> {
  const deltas = adapterDeltas(await readAdapterFolder(source.adapterDir), linearModules(config));
  const model = `${basename(outDir)}-${dtype}.gguf`;
  const report = reporting('Converting the model', onProgress);
  const { notes } = await convertModelToGguf(folder, join(outDir, model), { dtype, deltas, signal, onProgress: report });
  return { model, adapter: null, modelFile: join(outDir, model), notes };
}

async function writeLora(folder: ModelFolder, config: ModelConfig, options: GgufExportOptions): Promise<GgufFiles> {
  const { source, outDir, dtype, cacheDir, signal, onProgress } = options;
  const deltas = adapterDeltas(await readAdapterFolder(source.adapterDir), linearModules(config));
  const adapter = `${basename(outDir)}.lora.gguf`;
  await convertAdapterToGguf(deltas, config, join(outDir, adapter), { name: basename(outDir), signal });
  const report = reporting('Converting the base model', onProgress);
  const base = await cachedModelGguf(folder, dtype, { cacheDir, signal, onProgress: report });
  const note = `The adapter's file needs the base model as GGUF beside it: ${basename(folder.dir)}-${dtype}.gguf in the Modelfile. Prospect keeps one at ${base.file}.`;
  return { model: `${basename(folder.dir)}-${dtype}.gguf`, adapter, modelFile: base.file, notes: [note, ...base.notes] };
}

function reporting(label: string, onProgress: ExportOptions['onProgress']): ReportBytes {
  return ({ bytesDone, bytesTotal }) => onProgress?.({ label, done: bytesDone, total: bytesTotal, unit: 'bytes' });
}

async function modelfile(folder: ModelFolder, config: ModelConfig, { model, adapter }: GgufFiles): Promise<string> {
  const tokenizer = createTokenizer(await readTokenizerFiles(folder.dir), () => new Date());
  const stopIds = stopTokens({ generationConfig: await readGenerationConfig(folder.dir), modelConfig: folder.configJson, tokenizer });
  const stops = [...stopIds].map((id) => tokenizer.decode([id])).filter((text) => text !== '');
  return ollamaModelfile({ modelFile: model, adapterFile: adapter, contextTokens: ggufContextLength(config), stops, system: null });
}

async function check({ modelFile, adapter }: GgufFiles, config: ModelConfig, options: GgufExportOptions): Promise<Verification> {
  const { source, outDir, dtype, cacheDir, signal, openGguf, threads, onProgress } = options;
  const { modelDir, adapterDir } = source;
  const contextTokens = Math.min(CHECK_TOKENS, ggufContextLength(config));
  onProgress?.({ label: 'Loading the file in llama.cpp', done: 0, total: null, unit: 'bytes' });
  const opened = { ggufFile: modelFile, modelDir, dtype, cacheDir, gpu: 'off' as const, threads, contextTokens, exact: true };
  const scorer = await openGguf(opened, { signal });
  try {
    const ggufAdapter = adapter === null ? null : join(outDir, adapter);
    return await verifyGguf({ chat: scorer, ggufAdapter, modelDir, adapterDir, dtype, contextTokens, cacheDir, signal, onProgress });
  } finally {
    scorer.close();
  }
}
