/** @file The engines that can compute a graph, by the names that people type. */
import { SettingsError } from '#contract/errors.ts';

/** In the order of the table; the first is always there and defines what is right. */
export const ENGINES = ['onnx:cpu', 'onnx:webgpu', 'onnx:cuda', 'onnx:dml', 'onnx:coreml', 'tfjs:gpu', 'tfjs:cpu', 'tfjs:wasm'] as const;
export type EngineName = (typeof ENGINES)[number];
/** `auto`: the fastest that has been found right on this machine. */
export type EngineChoice = EngineName | 'auto';

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
