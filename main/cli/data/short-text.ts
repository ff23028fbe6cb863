/** @file A text on one line of a terminal. */

const MOST_CHARACTERS = 160;

/** Line ends and tabs as spaces, the end cut off. */
export function shortText(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${Array.from(line).slice(0, MOST_CHARACTERS).join('')}…` : line;
}
