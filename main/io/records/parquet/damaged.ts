/** @file A part of a Parquet file that is not what its description promises; caught where the rows are known that it costs. */

export class DamagedPart extends Error {}

/** @throws {DamagedPart} */
export function requireSound(condition: boolean, what: string): asserts condition {
  if (!condition) throw new DamagedPart(what);
}
