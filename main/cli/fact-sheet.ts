/** @file Facts about one thing, one a line, their names in a column. */

export type Fact = readonly [name: string, value: string];

/** @param facts - null for one that does not apply */
export function factSheet(title: string, facts: readonly (Fact | null)[]): string {
  const shown = facts.filter((fact) => fact !== null);
  const column = Math.max(...shown.map(([name]) => name.length)) + 2;
  return [
    title,
    ...shown.map(([name, value]) => `  ${name.padEnd(column)}${value.replaceAll('\n', `\n  ${' '.repeat(column)}`)}`),
    '',
  ].join('\n');
}

/** `1 row`, `2 rows` */
export function counted(count: string, noun: string): string {
  return `${count} ${noun}${count === '1' ? '' : 's'}`;
}
