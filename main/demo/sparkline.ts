/** @file A curve as one line of text. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/** @param width - columns; a longer curve is averaged down to it @returns nothing for no values */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.length <= width ? values : Array.from({ length: width }, (_, column) => meanOf(values, column, width));
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return shown.map((value) => BLOCKS[high === low ? 0 : Math.round(((value - low) / (high - low)) * (BLOCKS.length - 1))] ?? ' ').join('');
}

function meanOf(values: readonly number[], column: number, width: number): number {
  const from = Math.floor((column * values.length) / width);
  const part = values.slice(from, Math.max(from + 1, Math.floor(((column + 1) * values.length) / width)));
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}
