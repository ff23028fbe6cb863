/** @file The model that comes with Prospect: copied into the data folder, because a program's own files move with every update. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asStorageError } from '#io/as-storage-error.ts';
import type { Store } from '#store/store.ts';

const RESOURCE = 'starter-model';
const NAME = 'prospect-starter';

export function isSampleModel(store: Pick<Store, 'folder'>, path: string): boolean {
  return path === sampleModelFolder(store);
}

/** Whether the program was made with one. */
export function hasSampleModel(resourcesDir: string): boolean {
  return existsSync(join(resourcesDir, RESOURCE, 'config.json'));
}

/** @returns its folder in the data folder @throws {StorageError} if it can't be copied; nothing is left then */
export async function installSampleModel(store: Pick<Store, 'folder'>, resourcesDir: string): Promise<string> {
  const target = sampleModelFolder(store);
  if (existsSync(join(target, 'config.json'))) return target;
  const unfinished = join(store.folder.root, `.unfinished-${randomUUID()}`);
  try {
    await cp(join(resourcesDir, RESOURCE), unfinished, { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw asStorageError(error, 'write', target);
  }
  return target;
}

function sampleModelFolder({ folder }: Pick<Store, 'folder'>): string {
  return join(folder.models, NAME);
}
