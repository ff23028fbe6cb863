/** @file Joins items into clusters. */

/** The root of a cluster is its lowest item, whatever the order of joining. 4 bytes an item. */
export class UnionFind {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#parents[i] = i;
  }

  root(item: number): number {
    const parents = this.#parents;
    let at = item;
    for (;;) {
      const parent = parents[at] as number;
      if (parent === at) return at;
      const grandparent = parents[parent] as number;
      parents[at] = grandparent; // shortens the way for the next one
      at = grandparent;
    }
  }

  join(first: number, second: number): void {
    const a = this.root(first);
    const b = this.root(second);
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }
}
