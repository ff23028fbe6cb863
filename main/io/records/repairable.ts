/** @file Which piece of a file is shown to a person for repair. */

/** More than that nobody repairs by hand, and a file may have many faults. */
const MOST_CHARACTERS = 100_000;

/** A copy, since a piece keeps all the text around it in memory; null if it is too long or empty. */
export function repairable(text: string): string | null {
  return text.length > MOST_CHARACTERS || text.trim() === '' ? null : Buffer.from(text, 'utf16le').toString('utf16le');
}
