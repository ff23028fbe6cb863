/**
 * @file The batch as trees of segments. A token attends to earlier tokens of its own segment and of its ancestors, so a prompt that several
 * completions share is computed once, and rows are packed one after the other without padding.
 */

export interface Segment {
  readonly ids: Int32Array;
  /** Index of the parent among the tree's segments (always before this one), or null for the root. */
  readonly parent: number | null;
  /**
   * `policy` segments are differentiated. `partner` segments (KTO's mismatched completions) are only scored: they attend to detached
   * keys and values of the policy segments above them, and nothing may hang below them.
   */
  readonly stream: Stream;
  /** The row that the log-probability of this segment's tokens is credited to, or null for a segment that is not scored. */
  readonly row: number | null;
}

export type Stream = 'policy' | 'partner';

/** Segments of one tree, parents first. */
export type SegmentTree = readonly Segment[];

/** A prompt with completions hanging from it. */
export function promptTree(prompt: Int32Array, completions: readonly { ids: Int32Array; row: number; stream: Stream }[]): SegmentTree {
  return [
    { ids: prompt, parent: null, stream: 'policy', row: null },
    ...completions.map(({ ids, row, stream }) => ({ ids, parent: 0, stream, row })),
  ];
}

/** Number of tokens of a tree that belong to a stream. */
export function treeTokens(tree: SegmentTree, stream: Stream): number {
  return tree.reduce((tokens, segment) => tokens + (segment.stream === stream ? segment.ids.length : 0), 0);
}
