/** @file What a conversation is called until a person names it. */

const MOST_CHARACTERS = 60;

/** The beginning of its first question, whole words, one line. */
export function titleFrom(question: string): string {
  const line = question.trim().replaceAll(/[\s\p{Cc}]+/gu, ' ');
  if (line.length <= MOST_CHARACTERS) return line;
  const cut = line.slice(0, MOST_CHARACTERS);
  const space = cut.lastIndexOf(' ');
  return `${(space > 0 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
