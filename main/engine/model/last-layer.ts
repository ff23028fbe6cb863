/**
 * @file The tokens whose output of the last layer is used: those that predict a completion token. All others give only their keys and values there,
 * which saves the last layer's queries, output projection and MLP for almost the whole of every prompt.
 */
import type { PackedStream } from './pack-trees.ts';

export interface LastLayer {
  /** Token of each kept one, ascending; `[K]` */
  readonly tokens: Int32Array;
  /** Where a token is kept, or −1; `[T]` */
  readonly kept: Int32Array;
  /** Query slots per tree: kept token or −1; `[G, Q]` */
  readonly slots: Int32Array;
  readonly slotCount: number;
  /** Slot of each kept token, flattened; `[K]` */
  readonly places: Int32Array;
  /** The rows of a mask that belong to kept tokens; `[G, Q, Z]` */
  mask(full: Float32Array): Float32Array;
}

/** @param wanted - tokens of the stream, in any order, repeats allowed; at least one */
export function keepInLastLayer(stream: PackedStream, wanted: Iterable<number>, treeCount: number): LastLayer {
  const tokens = Int32Array.from(new Set(wanted)).toSorted();
  const kept = new Int32Array(stream.ids.length).fill(-1);
  tokens.forEach((token, k) => (kept[token] = k));
  const perTree = Array.from({ length: treeCount }, (): number[] => []);
  tokens.forEach((token, k) => perTree[Math.floor((stream.places[token] as number) / stream.slotCount)]?.push(k));
  const slotCount = Math.max(...perTree.map(({ length }) => length));
  const slots = new Int32Array(treeCount * slotCount).fill(-1);
  const places = new Int32Array(tokens.length);
  perTree.forEach((members, g) =>
    members.forEach((k, i) => {
      slots[g * slotCount + i] = k;
      places[k] = g * slotCount + i;
    }),
  );
  const mask = (full: Float32Array): Float32Array => {
    const { keyCount } = stream;
    // A slot that is not used shows everything: its result is dropped, and a row that hides everything would be no better.
    const rows = new Float32Array(treeCount * slotCount * keyCount);
    tokens.forEach((token, k) => {
      const from = (stream.places[token] as number) * keyCount;
      rows.set(full.subarray(from, from + keyCount), (places[k] as number) * keyCount);
    });
    return rows;
  };
  return { tokens, kept, slots, slotCount, places, mask };
}
