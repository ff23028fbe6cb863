/** @file Why an engine can't be on this machine, as far as can be known without loading its library. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EngineName } from '#contract/engines.ts';
import { findNativeTfjs, nativeTfjsPackages } from '#backends/tfjs/native-package.ts';

export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const HOW = 'docs/engines.md says how to get it.';

/** @returns a sentence, or null if it may be there */
export function whyNotHere(name: EngineName, { platform, arch }: System = process): string | null {
  switch (name) {
    case 'onnx:cpu':
    case 'tfjs:wasm':
      return null;
    case 'onnx:webgpu':
      return platform === 'linux' && arch !== 'x64' ? 'ONNX Runtime brings WebGPU for Windows, macOS and Linux on x64 only.' : null;
    case 'onnx:dml':
      return platform === 'win32' ? null : 'DirectML is a part of Windows.';
    case 'onnx:coreml':
      return platform === 'darwin' ? null : 'CoreML is a part of macOS.';
    case 'onnx:cuda':
      if (platform !== 'linux' || arch !== 'x64') return 'ONNX Runtime brings CUDA for Linux on x64 only.';
      return existsSync(join(runtimeFolder(), 'libonnxruntime_providers_cuda.so'))
        ? null
        : `ONNX Runtime's CUDA libraries are not installed. ${HOW}`;
    case 'tfjs:gpu':
      if (platform === 'darwin') return 'TensorFlow knows NVIDIA cards on Linux and Windows only.';
      return findNativeTfjs(nativeTfjsPackages('gpu')) ? null : `@tensorflow/tfjs-node-gpu has no native part here. ${HOW}`;
    case 'tfjs:cpu':
      return findNativeTfjs(nativeTfjsPackages('cpu')) ? null : `@tensorflow/tfjs-node-gpu has no native part here. ${HOW}`;
    default:
      return name satisfies never;
  }
}

/** Where ONNX Runtime's libraries for this system lie. */
function runtimeFolder(): string {
  const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-node'));
  return join(dist, '..', 'bin', 'napi-v6', process.platform, process.arch);
}
