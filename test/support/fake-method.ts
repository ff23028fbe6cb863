/** @file A method of the training loop without a model: its losses and gradients are given, its calls are written down. */
import type { BatchOutcome, Method, ReferenceLogProbs } from '#engine/train/method.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';

export interface FakeMethodOptions {
  readonly blockCount: number;
  readonly evaluationBatches?: number;
  readonly referenceRows?: number;
  /** Loss and gradient (of the one parameter, `w`) of a block. */
  readonly differentiate?: (block: number, parameters: LoraParameters) => { loss: number; gradient: readonly number[] };
  /** Called at the start of `computeReferences`; it may wait, or throw. */
  readonly beforeReferences?: () => Promise<void>;
}

export interface FakeMethod extends Method {
  /** `references`, `block 2`, `evaluate 0`, in order. */
  readonly calls: string[];
  readonly used: ReferenceLogProbs[];
}

export const REFERENCES: ReferenceLogProbs = {
  train: Float64Array.of(-1, -2),
  trainPartners: null,
  evaluation: null,
  evaluationPartners: null,
};

/** The gradient of block b at w is w + b by default, its loss 1 + b. */
export function fakeMethod({
  blockCount,
  evaluationBatches = 0,
  referenceRows = 2,
  differentiate = (block, parameters) => ({ loss: 1 + block, gradient: Array.from(parameters.get('w') ?? [], (w) => w + block) }),
  beforeReferences = () => Promise.resolve(),
}: FakeMethodOptions): FakeMethod {
  const calls: string[] = [];
  const used: ReferenceLogProbs[] = [];
  const outcome = (loss: number, block: number): BatchOutcome => ({ loss, metrics: { block }, tokens: 10, rowCount: 2 });
  return {
    calls,
    used,
    blockCount,
    keepLast: false,
    evaluationBatchCount: evaluationBatches,
    notes: [],
    async computeReferences(blocks, onProgress) {
      calls.push(`references of ${blocks.join(', ')}`);
      await beforeReferences();
      for (let row = 1; row <= referenceRows; row++) onProgress(row, referenceRows);
      return REFERENCES;
    },
    useReferences: (references) => void used.push(references),
    differentiate(block, parameters) {
      calls.push(`block ${block}`);
      const { loss, gradient } = differentiate(block, parameters);
      return Promise.resolve({ ...outcome(loss, block), gradients: new Map([['w', Float32Array.from(gradient)]]) });
    },
    evaluate(batch) {
      calls.push(`evaluate ${batch}`);
      return Promise.resolve(outcome(3 + batch, batch));
    },
    release: () => Promise.resolve(),
  };
}
