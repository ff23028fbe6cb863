/** @file The model that comes with Prospect: copied into the data folder, because a program's own files move with every update. */
import { join } from 'node:path';
import type { Store } from '#store/store.ts';

const NAME = 'prospect-starter';

export function isSampleModel(store: Pick<Store, 'folder'>, path: string): boolean {
  return path === sampleModelFolder(store);
}

function sampleModelFolder({ folder }: Pick<Store, 'folder'>): string {
  return join(folder.models, NAME);
}
