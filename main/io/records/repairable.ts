/** @file Which piece of a file is shown to a person for repair. */

/** More than that nobody repairs by hand, and a file may have many faults. */
const MOST_CHARACTERS = 100_000;

/** The piece itself, or null if it is too long or empty. */
export function repairable(text: string): string | null {
  return text.length > MOST_CHARACTERS || text.trim() === '' ? null : text;
}
