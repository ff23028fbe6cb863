/**
 * @file Loads TensorFlow.js for one kind of device. A process can hold one kind only: the native library sees its devices when it is loaded, and
 * the library has one current backend.
 */
import { EngineError } from '#contract/errors.ts';
import { findNativeTfjs, nativeTfjsPackages } from './native-package.ts';
import type { Tf } from './ops.ts';
import { repairNativeTfjs } from './repair-native.ts';

export const TFJS_DEVICES = ['gpu', 'cpu', 'wasm'] as const;
export type TfjsDevice = (typeof TFJS_DEVICES)[number];

export interface LoadedTfjs {
  readonly tf: Tf;
  readonly device: TfjsDevice;
  /** `tfjs 4.22.0 (cpu, libtensorflow 2.21.0)` */
  readonly description: string;
}

interface NativeModule extends Tf {
  readonly node?: unknown;
}
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** @throws {EngineError} */
export async function loadTfjs(device: TfjsDevice): Promise<LoadedTfjs> {
  return device === 'wasm' ? await loadWasm() : await loadNative(device);
}

async function loadWasm(): Promise<LoadedTfjs> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm')))
    throw new EngineError('The WebAssembly part of TensorFlow.js does not start here.', { engine: 'tfjs:wasm' });
  await tf.ready();
  return { tf, device: 'wasm', description: `tfjs ${tf.version_core} (wasm)` };
}

async function loadNative(device: 'gpu' | 'cpu'): Promise<LoadedTfjs> {
  const engine = `tfjs:${device}`;
  const found = findNativeTfjs(nativeTfjsPackages(device));
  if (found === null) {
    throw new EngineError(
      '@tensorflow/tfjs-node-gpu is not installed here: its download of libtensorflow was refused, or skipped. docs/engines.md says how to get it.',
      { engine },
    );
  }
  // Must be known before the library is loaded; a person's own choice of cards is kept.
  if (device === 'cpu') process.env['CUDA_VISIBLE_DEVICES'] = '-1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'; // else it takes the whole card at once
  await repairNativeTfjs(found);
  const tf = await importNative(found.name, engine);
  await tf.ready();
  const backend = tf.backend() as NativeBackend;
  if (device === 'gpu' && backend.isUsingGpuDevice !== true) {
    throw new EngineError(
      `${found.name} is installed but finds no NVIDIA card it can use. It needs the CUDA libraries of its libtensorflow; docs/engines.md says which.`,
      { engine },
    );
  }
  const library = backend.binding?.TF_Version ?? 'unknown';
  return { tf, device, description: `tfjs ${tf.version_core} (${device}, libtensorflow ${library})` };
}

async function importNative(name: string, engine: string): Promise<Tf> {
  try {
    const loaded = (await import(name)) as { readonly default?: NativeModule } & NativeModule;
    return loaded.default ?? loaded;
  } catch (error) {
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new EngineError(
      `${name} is installed but can't be loaded (${text.trim()}). docs/engines.md says how to repair it.`,
      { engine },
      { cause: error },
    );
  }
}
