/** @file Whether TensorFlow's native library is installed: an optional package that downloads it, or a library taken from a wheel. */
import { findNativeTfjs, nativeTfjsPackages } from '#backends/tfjs/native-package.ts';

/** @returns null if it is */
export function whyNoNativeTfjs(): string | null {
  return findNativeTfjs(nativeTfjsPackages('cpu')) === null ? '@tensorflow/tfjs-node-gpu has no native part on this machine' : null;
}
