/** @file Finds the name a person probably meant. */

/**
 * @param names - at least one
 * @returns the one with the smallest edit distance, ignoring case and the difference between `-`, `_` and a space
 */
export function nearestName(wanted: string, names: readonly string[]): string {
  const target = normalise(wanted);
  const distances = names.map((name) => editDistance(target, normalise(name)));
  return names[distances.indexOf(Math.min(...distances))] ?? '';
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[-\s]/g, '_');
}

/** Levenshtein: the fewest insertions, deletions and replacements of a character. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
