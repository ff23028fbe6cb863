/** @file What to call a base model on another machine: never by a path of this one. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { ModelFolder } from '#io/model-folder.ts';

const HUB_NAME = /^[\w.-]+\/[\w.-]+$/;
/** How the hub's cache names folders: models--org--name/snapshots/<revision>. */
const HUB_CACHE = /models--(?<org>[\w.-]+?)--(?<name>[\w.-]+)[\\/]snapshots[\\/]/;
/** Transformers writes where it loaded a model from. */
const ORIGIN = '_name_or_path';
const Config = z.looseObject({ [ORIGIN]: z.string().optional() });

/** The hub name where it is known, else the folder's name. */
export function portableModelName({ dir, configJson }: Pick<ModelFolder, 'dir' | 'configJson'>): string {
  const cached = HUB_CACHE.exec(`${dir}/`)?.groups;
  if (cached) return `${cached['org'] ?? ''}/${cached['name'] ?? ''}`;
  const config = Config.safeParse(configJson);
  const given = config.success ? config.data[ORIGIN] : undefined;
  return given !== undefined && HUB_NAME.test(given) ? given : basename(dir);
}
