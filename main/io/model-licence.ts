/** @file Under which licence a model folder says it may be used: by its model card, or by a licence file. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Of the front matter of a model card; a card can be long, its head is not. */
const HEAD_BYTES = 16 * 1024;
const LICENCE_FILE = /^licen[cs]e(\.(txt|md))?$/i;

export interface ModelLicence {
  /** As the card names it ("apache-2.0"), or the first line of the licence file. */
  readonly name: string;
  /** The file that says so, in the folder. */
  readonly file: string;
}

/** Null if nothing in the folder says. A file that can't be read says nothing. */
export async function readModelLicence(dir: string): Promise<ModelLicence | null> {
  const names = await readdir(dir).catch((): string[] => []);
  const card = names.find((name) => name.toLowerCase() === 'readme.md');
  const named = card === undefined ? null : licenceOfCard(await head(join(dir, card)));
  if (card !== undefined && named !== null) return { name: named, file: card };
  const file = names.find((name) => LICENCE_FILE.test(name));
  if (file === undefined) return null;
  const [line = ''] = (await head(join(dir, file))).split('\n').flatMap((text) => text.trim() || []);
  return { name: line === '' ? file : line.slice(0, 120), file };
}

/** `license_name` is what a card gives beside "other". */
function licenceOfCard(card: string): string | null {
  const [, frontMatter = ''] = /^---\r?\n(.*?)\r?\n---/s.exec(card) ?? [];
  const valueOf = (key: string): string | null =>
    new RegExp(`^${key}:[ \\t]*["']?([^"'\\r\\n]+)`, 'm').exec(frontMatter)?.[1]?.trim() ?? null;
  const licence = valueOf('license');
  return licence === 'other' ? (valueOf('license_name') ?? licence) : licence;
}

async function head(file: string): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
