/** @file Deals desirable and undesirable rows over blocks, so that every block holds both when there are enough. */
import type { Random } from './random.ts';

/**
 * Every block first gets one row of the rarer label (as far as they go) and keeps a seat for the other; what is left of the rarer label
 * is spread in proportion to the seats. Which row goes where, and where it stands in its block, is random.
 * @param rows - all row indices, already shuffled
 * @param sizes - rows per block; their sum is `rows.length`
 */
export function dealLabels({
  rows,
  labels,
  sizes,
  random,
}: {
  readonly rows: readonly number[];
  readonly labels: readonly boolean[];
  readonly sizes: readonly number[];
  readonly random: Random;
}): number[][] {
  const desirable = rows.filter((row) => labels[row] === true);
  const undesirable = rows.filter((row) => labels[row] !== true);
  const [rare, common] = desirable.length < undesirable.length ? [desirable, undesirable] : [undesirable, desirable];
  let rareDealt = 0;
  let commonDealt = 0;
  return rareSeats(sizes, rare.length).map((seats, k) => {
    const others = (sizes[k] ?? 0) - seats;
    const block = [...rare.slice(rareDealt, rareDealt + seats), ...common.slice(commonDealt, commonDealt + others)];
    rareDealt += seats;
    commonDealt += others;
    return random.shuffle(block);
  });
}

/** How many of `count` rows of the rarer label (at most half of all rows) go into each block. */
function rareSeats(sizes: readonly number[], count: number): number[] {
  // A block of one row can't be mixed, so it is left to the common label where the others can take all.
  const mixable = sizes.map((size) => (size > 1 ? 1 : 0));
  if (count <= mixable.filter(Boolean).length) return spread(count, mixable);
  if (count <= sizes.length)
    return spread(
      count,
      sizes.map(() => 1),
    );
  const further = spread(
    count - sizes.length,
    sizes.map((size) => Math.max(0, size - 2)),
  );
  return further.map((seats) => seats + 1);
}

/** Splits `count` over the blocks in proportion to `seats`, never above them; needs count ≤ Σ seats. */
function spread(count: number, seats: readonly number[]): number[] {
  const total = seats.reduce((sum, free) => sum + free, 0);
  let passed = 0;
  return seats.map((free) => {
    const before = total === 0 ? 0 : Math.floor((passed * count) / total);
    passed += free;
    return total === 0 ? 0 : Math.floor((passed * count) / total) - before;
  });
}
