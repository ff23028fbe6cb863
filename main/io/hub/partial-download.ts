/**
 * @file A download on disk: a folder of its own outside the models', with the list of what is to come, until all of it is there. Only then it is
 * renamed to where models lie, so that a folder of models never holds half of one.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { syncFolder } from '#io/sync-folder.ts';

const LIST = 'download.json';
const FILES = 'files';

const DownloadList = z.object({
  id: z.string(),
  commit: z.string(),
  files: z.array(
    z.object({ path: z.string(), bytes: z.number(), sha256: z.string().nullable(), gitHash: z.string().nullable() }).readonly(),
  ),
});
export type DownloadList = z.infer<typeof DownloadList>;

/** `owner/name` as the name of a folder. */
export function folderNameOf(id: string): string {
  return id.replaceAll('/', '--');
}

export function partialFolder(downloads: string, id: string): string {
  return join(downloads, folderNameOf(id));
}

/** Where its files are put until it is whole. */
export function filesFolder(partial: string): string {
  return join(partial, FILES);
}

/** What was there of another commit is removed. */
export async function beginPartial(partial: string, list: DownloadList): Promise<void> {
  const before = await readPartial(partial);
  if (before !== null && before.commit !== list.commit) await discardPartial(partial);
  await mkdir(filesFolder(partial), { recursive: true }).catch((error: unknown) => {
    throw asStorageError(error, 'write', partial);
  });
  await writeFileAtomically(join(partial, LIST), JSON.stringify(list));
}

/** Null if there is none, or it can't be read. */
export async function readPartial(partial: string): Promise<DownloadList | null> {
  const list = DownloadList.safeParse(await readJsonFile(join(partial, LIST)).catch(() => null));
  return list.success ? list.data : null;
}

export async function listPartials(downloads: string): Promise<DownloadList[]> {
  const names = await readdir(downloads).catch((): string[] => []);
  const lists = await Promise.all(names.map((name) => readPartial(join(downloads, name))));
  return lists.filter((list) => list !== null);
}

/** Bytes that are there. */
export async function partialBytes(partial: string, { files }: DownloadList): Promise<number> {
  const sizes = await Promise.all(
    files.map(async ({ path, bytes }) => {
      const at = join(filesFolder(partial), path);
      return Math.min(bytes, (await sizeOf(at)) ?? (await sizeOf(`${at}.part`)) ?? 0);
    }),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** @returns where the model lies now: in `models`, under its name, or with the commit where that is taken */
export async function finishPartial(partial: string, { commit }: DownloadList, models: string): Promise<string> {
  const name = basename(partial);
  const taken = new Set(await readdir(models).catch((): string[] => []));
  const target = join(models, taken.has(name) ? `${name}--${commit.slice(0, 12)}` : name);
  try {
    await rm(target, { recursive: true, force: true });
    await rename(filesFolder(partial), target);
  } catch (error) {
    throw asStorageError(error, 'write', target);
  }
  await syncFolder(models);
  await rm(partial, { recursive: true, force: true });
  return target;
}

export async function discardPartial(partial: string): Promise<void> {
  await rm(partial, { recursive: true, force: true });
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}
