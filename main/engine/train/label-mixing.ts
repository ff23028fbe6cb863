/** @file How many batches hold both labels: without both, a batch has no rewards/margins and pushes one way only. */
import { planBlocks } from './blocks.ts';
import type { BlockRequest } from './blocks.ts';

export interface LabelMixing {
  readonly batches: number;
  /** Batches with at least one desirable and one undesirable example. */
  readonly mixed: number;
  /** mixed / batches; 0 if there are no batches. */
  readonly share: number;
  /** The most batches that could be mixed, whatever the order. */
  readonly possible: number;
  /** Why not all batches are mixed and what to do, in plain sentences; empty if all are. */
  readonly reasons: readonly string[];
}

/** Counted on the very blocks that training uses. */
export function labelMixing(request: BlockRequest & { readonly labels: readonly boolean[] }): LabelMixing {
  const { labels, batchSize } = request;
  const { blocks, blocksWithOneLabel } = planBlocks(request);
  const desirable = labels.filter(Boolean).length;
  const large = blocks.filter((block) => block.length > 1).length;
  const possible = Math.min(desirable, labels.length - desirable, large);
  const mixed = blocks.length - blocksWithOneLabel;
  return {
    batches: blocks.length,
    mixed,
    share: blocks.length === 0 ? 0 : mixed / blocks.length,
    possible,
    reasons: mixed === blocks.length ? [] : reasonsFor(request, { desirable, possible, mixed, batches: blocks.length, batchSize }),
  };
}

interface Counts {
  readonly desirable: number;
  readonly possible: number;
  readonly mixed: number;
  readonly batches: number;
  readonly batchSize: number;
}

function reasonsFor({ labels, shuffle }: BlockRequest & { readonly labels: readonly boolean[] }, counts: Counts): string[] {
  const { desirable, possible, mixed, batches, batchSize } = counts;
  const undesirable = labels.length - desirable;
  if (desirable === 0 || undesirable === 0) {
    return [`All ${labels.length} examples are ${desirable === 0 ? 'undesirable' : 'desirable'}, so no batch can hold both labels.`];
  }
  if (batchSize === 1) return ['A batch of one example holds one label. Set per_device_train_batch_size to 2 or more.'];
  const reasons: string[] = [];
  if (mixed < possible && !shuffle) reasons.push('Rows are used in their order, which makes runs of one label. Set shuffle to true.');
  const rare = Math.min(desirable, undesirable);
  if (possible < batches && rare < batches) {
    const label = desirable < undesirable ? 'desirable' : 'undesirable';
    reasons.push(
      `There are ${rare} ${label} examples for ${batches} batches. ` +
        `With a per_device_train_batch_size of ${Math.ceil(labels.length / rare)} every batch can have one.`,
    );
  } else if (possible < batches) reasons.push('The last batch holds a single example.');
  return reasons;
}
