/** @file AdamW over named float32 tensors: PyTorch's arithmetic, in PyTorch's order, rounded to float32 where PyTorch rounds. */
import { ShapeError } from '#contract/errors.ts';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled; applies to every tensor. LoRA's A and B are decayed in Transformers too: no name among them is exempt. */
  readonly weightDecay: number;
}

/** All that a resumed run needs; the arrays are copies. */
export interface AdamWState {
  /** Updates made so far. */
  readonly step: number;
  /** Running mean of the gradient, by parameter name; PyTorch's `exp_avg`. */
  readonly firstMoments: ReadonlyMap<string, Float32Array>;
  /** Running mean of its square; PyTorch's `exp_avg_sq`. */
  readonly secondMoments: ReadonlyMap<string, Float32Array>;
}

interface Slot {
  readonly parameter: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/**
 * Changes the parameter arrays it was given in place. `paged_adamw_32bit` is the same arithmetic with its state in another memory.
 * @see torch/optim/adam.py `_single_tensor_adam` (decoupled weight decay) · arXiv:1711.05101
 */
export class AdamW {
  readonly #slots = new Map<string, Slot>();
  readonly #options: AdamWOptions;
  #step = 0;

  constructor(parameters: ReadonlyMap<string, Float32Array>, options: AdamWOptions) {
    this.#options = options;
    for (const [name, parameter] of parameters) {
      const { length } = parameter;
      this.#slots.set(name, { parameter, firstMoment: new Float32Array(length), secondMoment: new Float32Array(length) });
    }
  }

  /**
   * One update of every parameter.
   * @param gradients - one array per parameter, same names and lengths
   * @throws {ShapeError} if a gradient is missing or has another length; nothing has been changed then
   */
  step(gradients: ReadonlyMap<string, Float32Array>, learningRate: number): void {
    const updates: { slot: Slot; gradient: Float32Array }[] = [];
    for (const [name, slot] of this.#slots) {
      updates.push({ slot, gradient: matching(gradients, { name, length: slot.parameter.length, what: 'gradient' }) });
    }
    this.#step += 1;
    for (const { slot, gradient } of updates) this.#update(slot, gradient, learningRate);
  }

  state(): AdamWState {
    const firstMoments = new Map<string, Float32Array>();
    const secondMoments = new Map<string, Float32Array>();
    for (const [name, slot] of this.#slots) {
      firstMoments.set(name, slot.firstMoment.slice());
      secondMoments.set(name, slot.secondMoment.slice());
    }
    return { step: this.#step, firstMoments, secondMoments };
  }

  /** @throws {ShapeError} if a moment is missing or has another length; nothing has been changed then */
  restore(state: AdamWState): void {
    const moments: { slot: Slot; first: Float32Array; second: Float32Array }[] = [];
    for (const [name, slot] of this.#slots) {
      const { length } = slot.parameter;
      const first = matching(state.firstMoments, { name, length, what: 'stored first moment' });
      const second = matching(state.secondMoments, { name, length, what: 'stored second moment' });
      moments.push({ slot, first, second });
    }
    for (const { slot, first, second } of moments) {
      slot.firstMoment.set(first);
      slot.secondMoment.set(second);
    }
    this.#step = state.step;
  }

  /**
   * PyTorch keeps tensors in float32 and scalars in double; a scalar is rounded to float32 when it meets a tensor. Its `lerp_` and
   * `addcmul_` kernels use a fused multiply-add, so their last product is not rounded: a double holds the product of two float32 exactly.
   */
  #update({ parameter, firstMoment, secondMoment }: Slot, gradient: Float32Array, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    const round = Math.fround;
    const decay = round(1 - learningRate * weightDecay);
    const firstWeight = round(1 - beta1);
    const keepSecond = round(beta2);
    const secondWeight = round(1 - beta2);
    const correction2 = round(Math.sqrt(1 - beta2 ** this.#step));
    const minusStepSize = round(-learningRate / (1 - beta1 ** this.#step));
    const eps = round(epsilon);
    for (let i = 0; i < parameter.length; i++) {
      const g = gradient[i] as number;
      const m = lerp(firstMoment[i] as number, g, firstWeight);
      const v = round(round((secondMoment[i] as number) * keepSecond) + round(secondWeight * g) * g);
      const denominator = round(round(round(Math.sqrt(v)) / correction2) + eps);
      const decayed = weightDecay === 0 ? (parameter[i] as number) : round((parameter[i] as number) * decay);
      firstMoment[i] = m;
      secondMoment[i] = v;
      parameter[i] = decayed + round(round(minusStepSize * m) / denominator);
    }
  }
}

/** `torch.lerp` in float32; from weight ½ on it starts from the other end. */
function lerp(start: number, end: number, weight: number): number {
  const difference = Math.fround(end - start);
  return weight < 0.5 ? Math.fround(start + weight * difference) : Math.fround(end + Math.fround(weight - 1) * difference);
}

function matching(
  arrays: ReadonlyMap<string, Float32Array>,
  { name, length, what }: { name: string; length: number; what: string },
): Float32Array {
  const array = arrays.get(name);
  if (array?.length === length) return array;
  const got = array === undefined ? 'there is none' : `it has ${array.length}`;
  throw new ShapeError(`The ${what} of ${name} must have ${length} elements; ${got}.`, { parameter: name, expected: length });
}
