/** @file What the native package of 2024 needs on a Node of today. */
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import util from 'node:util';
import { BINDING } from './native-package.ts';
import type { NativeTfjs } from './native-package.ts';

/**
 * Node 23 took `util.isNullOrUndefined` away, which the package calls at every operation, and frowns on `util.isArray`; and on Windows the addon looks for tensorflow.dll beside
 * itself, where only some installers put it.
 */
export async function repairNativeTfjs({ dir }: NativeTfjs): Promise<void> {
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray = Array.isArray; // Node's own prints a warning
  const library = join(dir, 'deps', 'lib', 'tensorflow.dll');
  const beside = join(dirname(join(dir, BINDING)), 'tensorflow.dll');
  if (process.platform === 'win32' && existsSync(library) && !existsSync(beside)) await copyFile(library, beside);
}
