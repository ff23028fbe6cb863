/** @file A part of a Parquet file that is not what its description promises; caught where the rows are known that it costs. */

export class DamagedPart extends Error {}

/** @throws {DamagedPart} */
export function requireSound(condition: boolean, what: string): asserts condition {
  if (!condition) throw new DamagedPart(what);
}

/** A count that a page claims: damaged thrift may leave it out altogether. */
export function requireCount(count: number | undefined, most: number, noun: string): void {
  requireSound(count !== undefined && count >= 0 && count <= most, `a page of ${count ?? 'unknown numbers of'} ${noun}`);
}
