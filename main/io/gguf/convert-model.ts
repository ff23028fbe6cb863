/** @file Converts a model folder to GGUF, with or without an adapter merged into it. */
import { basename, join } from 'node:path';
import { FormatError } from '#contract/errors.ts';
import { encodeGgufValues } from '#engine/export/gguf/encode-values.ts';
import { dtypeForRow } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import { ggufModelMetadata } from '#engine/export/gguf/gguf-model-metadata.ts';
import { ggufTensorName } from '#engine/export/gguf/gguf-names.ts';
import { ggufRope } from '#engine/export/gguf/gguf-rope.ts';
import type { GgufMetadata } from '#engine/export/gguf/gguf-value.ts';
import { ggufVocabulary } from '#engine/export/gguf/gguf-vocabulary.ts';
import { dealRows, hasRotatedRows } from '#engine/export/gguf/rotated-rows.ts';
import { mergeRows } from '#engine/export/merge-rows.ts';
import type { ModuleDelta } from '#engine/export/merge-rows.ts';
import { stopTokens } from '#engine/generate/stop-tokens.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { resolveModelTensors } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { AtomicWriteOptions } from '#io/atomic-write.ts';
import { checkFreeSpace } from '#io/check-free-space.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { readGenerationConfig } from '#io/read-generation-config.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import type { WeightLocation } from '#io/weight-location.ts';
import { trackBytes } from '#io/weight-cache/byte-progress.ts';
import type { ByteProgress, ReportBytes } from '#io/weight-cache/byte-progress.ts';
import { columnsOf, readWeightRows } from '#io/weight-rows.ts';
import { encodeGgufHeader } from './encode-gguf-header.ts';
import { writeGguf } from './write-gguf.ts';
import type { GgufTensor } from './write-gguf.ts';

export interface ConvertModelOptions extends AtomicWriteOptions {
  readonly dtype: GgufDtype;
  /** What an adapter adds to each module; null for the base model. */
  readonly deltas: ReadonlyMap<string, ModuleDelta> | null;
  /** Stored bytes read of those to be read. */
  readonly onProgress?: ReportBytes;
}

export interface ConvertedModel {
  /** What a person should know about the file. */
  readonly notes: readonly string[];
}

/**
 * Reads each weight once, a few rows at a time; memory use does not depend on the model's size.
 * @throws {UnsupportedModelError} if llama.cpp can't compute the model; nothing is written
 * @throws {FormatError | StorageError | CancelledError} nothing is left behind
 */
export async function convertModelToGguf(folder: ModelFolder, target: string, options: ConvertModelOptions): Promise<ConvertedModel> {
  const config = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  const { metadata, notes } = await describe(folder, config, options.dtype);
  const progress = trackBytes(options.onProgress);
  const tensors = [...ropeFactors(config), ...modelTensors(folder, config, options, progress)];
  const { fileBytes } = encodeGgufHeader(metadata, tensors);
  await checkFreeSpace({ folder: join(target, '..'), neededBytes: fileBytes, purpose: `Converting ${folder.dir} to GGUF` });
  await writeGguf(target, metadata, tensors, options);
  return { notes };
}

async function describe(
  folder: ModelFolder,
  config: ModelConfig,
  dtype: GgufDtype,
): Promise<{ metadata: GgufMetadata; notes: readonly string[] }> {
  const model = ggufModelMetadata({ config, dtype, name: basename(folder.dir) });
  const source = await readTokenizerFiles(folder.dir);
  const stopIds = stopTokens({
    generationConfig: await readGenerationConfig(folder.dir),
    modelConfig: folder.configJson,
    tokenizer: createTokenizer(source, () => new Date()),
  });
  const vocabulary = ggufVocabulary(source, { vocabSize: config.vocabSize, stopIds });
  return { metadata: new Map([...model, ...vocabulary.metadata]), notes: vocabulary.notes };
}

function ropeFactors(config: ModelConfig): GgufTensor[] {
  const { factors } = ggufRope(config);
  if (!factors) return [];
  const pieces = (): Uint8Array[] => [new Uint8Array(factors.buffer, factors.byteOffset, factors.byteLength)];
  return [{ name: 'rope_freqs.weight', dtype: 'F32', shape: [factors.length], pieces }];
}

function modelTensors(folder: ModelFolder, config: ModelConfig, options: ConvertModelOptions, progress: ByteProgress): GgufTensor[] {
  const names = resolveModelTensors(config, folder.tensors, folder.dir);
  const isTied = names.get('lm_head.weight') === names.get('model.embed_tokens.weight');
  const needed = [...names].filter(([name]) => !(isTied && name === 'lm_head.weight'));
  return needed.map(([name, stored]) => {
    const weight = folder.tensors.get(stored) as WeightLocation;
    const dtype = weight.shape.length === 1 ? 'F32' : dtypeForRow(options.dtype, columnsOf(weight.shape));
    progress.expect(weight.byteLength);
    const pieces = () => tensorPieces({ name, stored, weight, dtype, config }, options, progress);
    return { name: ggufTensorName(name), shape: weight.shape, dtype, pieces };
  });
}

interface Source {
  readonly name: string;
  readonly stored: string;
  readonly weight: WeightLocation;
  readonly dtype: GgufDtype;
  readonly config: ModelConfig;
}

async function* tensorPieces(source: Source, { deltas, signal }: ConvertModelOptions, progress: ByteProgress): AsyncGenerator<Uint8Array> {
  const { name, stored, weight, dtype, config } = source;
  const delta = name.endsWith('.weight') ? deltas?.get(name.slice(0, -'.weight'.length)) : undefined;
  const isDealt = hasRotatedRows(config.architecture, name);
  const columns = columnsOf(weight.shape);
  let dealt = new Float32Array();
  const reading = { multiple: isDealt ? config.headDim : 1, signal, onBytes: progress.advance };
  for await (const { firstRow, values } of readWeightRows(stored, weight, reading)) {
    if (delta) mergeRows(values, firstRow, delta);
    if (isDealt) {
      if (dealt.length !== values.length) dealt = new Float32Array(values.length);
      dealRows(values, dealt, { headDim: config.headDim, columns });
    }
    const bytes = encodeGgufValues(dtype, isDealt ? dealt : values);
    if (!bytes) {
      throw new FormatError(
        `${weight.file}: tensor "${stored}" has values above 65,504, which ${dtype} can't hold. Convert the model to F32 instead.`,
        { file: weight.file, field: stored },
      );
    }
    yield bytes;
  }
}
