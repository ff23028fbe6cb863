/** @file What an entry of an archive may be called: nothing that leads out of the folder it is unpacked to, on any system. */

const TABLE = /^tables\/(?<table>[a-z_]{1,40})\.jsonl$/;
const FILE = /^files\/(?<number>0|[1-9]\d{0,5})\/(?<path>.+)$/;
/** Characters and names that some system takes for something else. */
const SEGMENT = /^(?!\.{1,2}$)(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[^\p{Cc}<>:"/\\|?*]{1,200}(?<![. ])$/iu;
const MAX_DEPTH = 8;

export type EntryPlace =
  | { readonly kind: 'manifest' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'file'; readonly folder: number; readonly segments: readonly string[] };

/** Null if no entry may be called so. */
export function entryPlace(name: string): EntryPlace | null {
  if (name === 'manifest.json') return { kind: 'manifest' };
  const table = TABLE.exec(name)?.groups?.['table'];
  if (table !== undefined) return { kind: 'table', table };
  const file = FILE.exec(name)?.groups;
  if (!file) return null;
  const segments = (file['path'] ?? '').split('/');
  if (segments.length > MAX_DEPTH || !segments.every((segment) => SEGMENT.test(segment))) return null;
  return { kind: 'file', folder: Number(file['number']), segments };
}
