/** @file Converts an adapter to a GGUF LoRA file, which llama.cpp applies to the base model's GGUF. */
import { encodeGgufValues } from '#engine/export/gguf/encode-values.ts';
import { ggufArchitecture, ggufTensorName } from '#engine/export/gguf/gguf-names.ts';
import { float32, string, uint32 } from '#engine/export/gguf/gguf-value.ts';
import type { GgufMetadata } from '#engine/export/gguf/gguf-value.ts';
import { dealRows, hasRotatedRows } from '#engine/export/gguf/rotated-rows.ts';
import type { ModuleDelta } from '#engine/export/merge-rows.ts';
import type { Matrix } from '#engine/adapter/adapter.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import type { AtomicWriteOptions } from '#io/atomic-write.ts';
import { writeGguf } from './write-gguf.ts';
import type { GgufTensor } from './write-gguf.ts';

export interface ConvertAdapterOptions extends AtomicWriteOptions {
  /** For people. */
  readonly name: string;
}

/**
 * llama.cpp scales B·A by alpha / R with one alpha for all modules. Where every module has the same scaling and rank, alpha is written so; else the
 * scaling is multiplied into B and alpha is 0, which llama.cpp reads as "do not scale".
 * @param deltas - by module name, checked against the model
 */
export async function convertAdapterToGguf(
  deltas: ReadonlyMap<string, ModuleDelta>,
  config: ModelConfig,
  target: string,
  { name, ...options }: ConvertAdapterOptions,
): Promise<void> {
  const alphas = new Set([...deltas.values()].map(({ scaling, loraA }) => scaling * loraA.rows));
  const ranks = new Set([...deltas.values()].map(({ loraA }) => loraA.rows));
  const [alpha] = alphas.size === 1 && ranks.size === 1 ? alphas : [0];
  const metadata: GgufMetadata = new Map([
    ['general.architecture', string(ggufArchitecture(config.architecture))],
    ['general.type', string('adapter')],
    ['general.name', string(name)],
    ['general.file_type', uint32(0)],
    ['adapter.type', string('lora')],
    ['adapter.lora.alpha', float32(alpha ?? 0)],
  ]);
  await writeGguf(
    target,
    metadata,
    [...deltas].flatMap(([module, delta]) => factorTensors(module, delta, config, alpha === 0)),
    options,
  );
}

function factorTensors(module: string, { loraA, loraB, scaling }: ModuleDelta, config: ModelConfig, isScaled: boolean): GgufTensor[] {
  const name = ggufTensorName(`${module}.weight`);
  const dealt = hasRotatedRows(config.architecture, module) ? dealtRows(loraB, config.headDim) : loraB.data;
  const b = isScaled ? dealt.map((value) => value * scaling) : dealt;
  return [tensor(`${name}.lora_a`, loraA), tensor(`${name}.lora_b`, { ...loraB, data: b })];
}

function dealtRows({ data, cols }: Matrix, headDim: number): Float32Array {
  const dealt = new Float32Array(data.length);
  dealRows(data, dealt, { headDim, columns: cols });
  return dealt;
}

function tensor(name: string, { data, rows, cols }: Matrix): GgufTensor {
  return { name, shape: [rows, cols], dtype: 'F32', pieces: () => [encodeGgufValues('F32', data) as Uint8Array] };
}
