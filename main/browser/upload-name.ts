/** @file The name under which a sent file is kept: its last part, without what any system's file names can't have. */

/** Windows, macOS and Linux take names of this length (in bytes of UTF-8 on Linux). */
const MAX_BYTES = 200;
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** @returns null if nothing is left that could be a name */
export function uploadName(name: string): string | null {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{C}<>:"|?*]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .trim();
  if (clean === '') return null;
  const safe = RESERVED_ON_WINDOWS.test(clean) ? `_${clean}` : clean;
  return shorten(safe);
}

/** Keeps the ending, which says what the file is. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.\w{1,16}$/.exec(name)?.[0] ?? '';
  const start = Buffer.from(name)
    .subarray(0, MAX_BYTES - ending.length)
    .toString('utf8');
  // A character that was cut in two is dropped.
  return `${start.replace(/\uFFFD$/, '')}${ending}`;
}
