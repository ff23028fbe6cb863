/** @file The engines that can compute a graph, by the names that people type. */
import { EngineName, type EngineChoice } from '#contract/engines.ts';
import { SettingsError } from '#contract/errors.ts';

export const ENGINES = EngineName.options;
export const BASE_ENGINE = 'onnx:cpu' satisfies EngineName;

/** @throws {SettingsError} if there is no such engine */
export function parseEngineChoice(text: string): EngineChoice {
  const known = ['auto', ...ENGINES] as const;
  const found = known.find((name) => name === text.trim().toLowerCase());
  if (found) return found;
  throw new SettingsError(`There is no engine "${text}". Choose one of ${known.join(', ')}.`, { field: 'engine' });
}

/** What it is, in a person's words. */
export const ENGINE_TITLES: Readonly<Record<EngineName, string>> = {
  'onnx:cpu': 'Processor',
  'onnx:webgpu': 'Graphics card through WebGPU',
  'onnx:cuda': 'NVIDIA card through CUDA',
  'onnx:dml': 'Graphics card through DirectML',
  'onnx:coreml': 'Apple chip through CoreML',
  'tfjs:gpu': 'NVIDIA card through TensorFlow',
  'tfjs:cpu': 'Processor through TensorFlow',
  'tfjs:wasm': 'Processor through WebAssembly',
};
