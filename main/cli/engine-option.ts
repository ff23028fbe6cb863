/** @file `--engine`: what computes. */
import type { EngineChoice } from '#contract/engines.ts';
import { parseEngineChoice } from '#engines/engine-name.ts';
import { SettingsError } from '#contract/errors.ts';
import { COMPUTE_DTYPES } from '#engine/graph/compute-dtype.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import { INPUT_GROUP } from './common-options.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';

export const ENGINE = valueOption(
  'engine',
  'NAME',
  'What computes: auto, onnx:cpu, onnx:webgpu, onnx:cuda, onnx:dml, onnx:coreml, tfjs:gpu, tfjs:cpu or tfjs:wasm. `prospect engines` lists and tests them.',
  { group: INPUT_GROUP, default: 'the fastest that was tested, else onnx:cpu' },
);

export const DTYPE = valueOption(
  'dtype',
  'NAME',
  "What products with the model's frozen weights are computed in, as in Transformers: float32, or float16 on onnx:cuda and onnx:dml.",
  { group: INPUT_GROUP, default: 'float32' },
);

/** @returns null if nothing was said @throws {SettingsError} if there is no such type */
export function dtypeOf(given: GivenOptions): ComputeDtype | null {
  const text = textOf(given, DTYPE.name);
  if (text === undefined) return null;
  const found = COMPUTE_DTYPES.find((known) => known === text);
  if (found) return found;
  throw new SettingsError(`--dtype must be one of ${COMPUTE_DTYPES.join(', ')}; it is ${text}.`, { field: 'dtype' });
}

/** @returns null if nothing was said @throws {SettingsError} if there is no such engine */
export function engineOf(given: GivenOptions): EngineChoice | null {
  const text = textOf(given, ENGINE.name);
  return text === undefined ? null : parseEngineChoice(text);
}
