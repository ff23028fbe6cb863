/** @file Divides the rows into fixed blocks, the micro-batches of every epoch. Fixed, so that reference log-probabilities can be kept. */
import { InternalError } from '#contract/errors.ts';
import { dealLabels } from './deal-labels.ts';
import { Random } from './random.ts';

export interface BlockRequest {
  readonly rowCount: number;
  /** KTO's labels, true for desirable; null for DPO, whose rows are pairs. */
  readonly labels: readonly boolean[] | null;
  /** `per_device_train_batch_size` */
  readonly batchSize: number;
  /** false: TRL's order, rows as they come. true: rows are shuffled once and labels are dealt over the blocks. */
  readonly shuffle: boolean;
  readonly seed: number;
  /** true if rows are paired inside their block for the KL estimate (loss_type kto): a block of one row would be its own partner. */
  readonly klPartners: boolean;
}

export interface BlockPlan {
  /** Row indices, each exactly once. */
  readonly blocks: readonly (readonly number[])[];
  /** Blocks in which only one label occurs; 0 for DPO. */
  readonly blocksWithOneLabel: number;
  /** The last block has another size than the rest; it stays last in every epoch's order. */
  readonly keepLast: boolean;
  /** Plain sentences about what the data did not allow. */
  readonly notes: readonly string[];
}

/** Selects the sequence of random numbers, so that no other use of the seed follows the same one. */
const STREAM = 1;

/**
 * A last block of one row is avoided when rows need a KL partner, but only when shuffling: one row moves there from the block before,
 * or, with a batch size of 2, the row joins the block before. Without shuffling TRL's blocks are kept as they are, and reported.
 */
export function planBlocks(request: BlockRequest): BlockPlan {
  const { rowCount, labels, shuffle, seed } = request;
  if (labels !== null && labels.length !== rowCount) {
    throw new InternalError(`${rowCount} rows came with ${labels.length} labels.`, { rowCount, labels: labels.length });
  }
  const sizes = blockSizes(request);
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  let blocks: number[][];
  if (!shuffle) blocks = cut(rows, sizes);
  else {
    const random = Random.fromSeed(seed, STREAM);
    random.shuffle(rows);
    blocks = labels === null ? cut(rows, sizes) : dealLabels({ rows, labels, sizes, random });
  }
  const blocksWithOneLabel = labels === null ? 0 : blocks.filter((block) => new Set(block.map((row) => labels[row])).size === 1).length;
  const keepLast = sizes.length > 0 && sizes.at(-1) !== request.batchSize;
  return { blocks, blocksWithOneLabel, keepLast, notes: notesOn(request, { sizes, blocksWithOneLabel }) };
}

/** Consecutive rows in blocks of `size`, the last one shorter: TRL's sequential batches. */
export function sequentialBlocks(rows: readonly number[], size: number): number[][] {
  const blocks: number[][] = [];
  for (let start = 0; start < rows.length; start += size) blocks.push(rows.slice(start, start + size));
  return blocks;
}

function blockSizes({ rowCount, batchSize, shuffle, klPartners }: BlockRequest): number[] {
  const sizes: number[] = new Array<number>(Math.floor(rowCount / batchSize)).fill(batchSize);
  const rest = rowCount % batchSize;
  if (rest === 1 && shuffle && klPartners && sizes.length > 0) {
    sizes.pop();
    return batchSize === 2 ? [...sizes, 3] : [...sizes, batchSize - 1, 2];
  }
  return rest === 0 ? sizes : [...sizes, rest];
}

function cut(rows: readonly number[], sizes: readonly number[]): number[][] {
  let start = 0;
  return sizes.map((size) => rows.slice(start, (start += size)));
}

function notesOn(request: BlockRequest, plan: { sizes: readonly number[]; blocksWithOneLabel: number }): string[] {
  const { rowCount, labels, batchSize, shuffle, klPartners } = request;
  const notes: string[] = [];
  if (labels !== null && batchSize > 1 && plan.blocksWithOneLabel > 0) notes.push(oneLabelNote(labels, plan, shuffle));
  if (klPartners && plan.sizes.at(-1) === 1) {
    const fix = rowCount === 1 ? 'Add more examples.' : 'Set shuffle to true, or change per_device_train_batch_size.';
    notes.push(`The last batch holds a single example, which is its own KL partner, so its KL estimate means nothing. ${fix}`);
  }
  if (plan.sizes.at(-1) === batchSize + 1) {
    notes.push(`The last batch holds ${batchSize + 1} examples instead of one left over, because a single example has no KL partner.`);
  }
  return notes;
}

function oneLabelNote(
  labels: readonly boolean[],
  plan: { sizes: readonly number[]; blocksWithOneLabel: number },
  shuffle: boolean,
): string {
  const desirable = labels.filter(Boolean).length;
  const undesirable = labels.length - desirable;
  if (desirable === 0 || undesirable === 0) {
    const label = desirable === 0 ? 'undesirable' : 'desirable';
    return `All ${labels.length} examples are ${label}, so no batch can hold both labels and rewards/margins stays empty.`;
  }
  const share = `${plan.blocksWithOneLabel} of ${plan.sizes.length} batches`;
  if (!shuffle) return `${share} hold one label only, because rows are used in their order. Set shuffle to true to mix them.`;
  const rare = desirable < undesirable ? 'desirable' : 'undesirable';
  const few = `Only ${Math.min(desirable, undesirable)} of ${labels.length} examples are ${rare}`;
  return `${few}, so ${share} hold one label only. A larger per_device_train_batch_size, or more ${rare} examples, mixes more of them.`;
}
