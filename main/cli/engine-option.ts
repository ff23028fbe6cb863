/** @file `--engine`: what computes. */
import type { EngineChoice } from '#contract/engines.ts';
import { parseEngineChoice } from '#engines/engine-name.ts';
import { INPUT_GROUP } from './common-options.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';

export const ENGINE = valueOption(
  'engine',
  'NAME',
  'What computes: auto, onnx:cpu, onnx:webgpu, onnx:cuda, onnx:dml, onnx:coreml, tfjs:gpu, tfjs:cpu or tfjs:wasm. `prospect engines` lists and tests them.',
  { group: INPUT_GROUP, default: 'the fastest that was tested, else onnx:cpu' },
);

/** @returns null if nothing was said @throws {SettingsError} if there is no such engine */
export function engineOf(given: GivenOptions): EngineChoice | null {
  const text = textOf(given, ENGINE.name);
  return text === undefined ? null : parseEngineChoice(text);
}
