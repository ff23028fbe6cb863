/** @file Finds the package that holds TensorFlow's native library: optional, large, and often not there. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface NativeTfjs {
  readonly name: string;
  readonly dir: string;
}

/** In the order in which they are tried. The one for NVIDIA cards computes on the processor too. */
export function nativeTfjsPackages(device: 'gpu' | 'cpu'): readonly string[] {
  return device === 'gpu' ? ['@tensorflow/tfjs-node-gpu'] : ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
}

/** The first that is installed with its native part; null if none is. Loads nothing. */
export function findNativeTfjs(names: readonly string[]): NativeTfjs | null {
  for (const name of names) {
    const dir = packageFolder(name);
    if (dir !== null && existsSync(join(dir, BINDING))) return { name, dir };
  }
  return null;
}

/** Where its addon lies below the package's folder. */
export const BINDING = join('lib', 'napi-v8', 'tfjs_binding.node');

/** The folder of an installed package, whether its native part is there or not; null if it is not installed. */
export function packageFolder(name: string): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}
