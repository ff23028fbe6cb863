/** @file Frozen weights on the device: each is uploaded once, however many graphs use it, and freed with the last of them. */
import type { WeightRange, Weights } from '#engine/graph/backend.ts';
import { readWeight } from './read-weight.ts';

export interface WeightDevice<Tensor> {
  /** @param values - float32, row-major, of the weight's shape */
  upload(values: Float32Array, shape: readonly number[]): Promise<Tensor>;
  free(tensor: Tensor): void;
}

export interface HeldWeights<Tensor> {
  /** By the names they were asked for by. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly giveBack: () => Promise<void>;
}

interface Held<Tensor> {
  readonly tensor: Promise<Tensor>;
  users: number;
}

export class DeviceWeights<Tensor> {
  readonly #device: WeightDevice<Tensor>;
  readonly #held = new Map<string, Held<Tensor>>();

  constructor(device: WeightDevice<Tensor>) {
    this.#device = device;
  }

  /** Of several names for one weight there is one tensor. They are uploaded one after the other, so that the host holds one at a time. */
  async hold(weights: Weights): Promise<HeldWeights<Tensor>> {
    const taken: WeightRange[] = [];
    const giveBack = async () => {
      for (const range of taken.splice(0)) await this.#giveBack(range);
    };
    try {
      const tensors = new Map<string, Tensor>();
      for (const [name, range] of weights) {
        taken.push(range);
        tensors.set(name, await this.#take(range));
      }
      return { tensors, giveBack };
    } catch (error) {
      await giveBack();
      throw error;
    }
  }

  #take(range: WeightRange): Promise<Tensor> {
    const key = keyOf(range);
    let held = this.#held.get(key);
    if (!held) {
      held = { tensor: this.#upload(range), users: 0 };
      this.#held.set(key, held);
    }
    held.users++;
    return held.tensor;
  }

  async #giveBack(range: WeightRange): Promise<void> {
    const key = keyOf(range);
    const held = this.#held.get(key);
    if (!held || --held.users > 0) return;
    this.#held.delete(key);
    const tensor = await held.tensor.catch(() => null); // one that could not be read holds nothing
    if (tensor !== null) this.#device.free(tensor);
  }

  async #upload(range: WeightRange): Promise<Tensor> {
    return this.#device.upload(await readWeight(range), range.shape);
  }
}

function keyOf({ file, byteOffset, shape }: WeightRange): string {
  return `${file}:${byteOffset}:${shape.join()}`;
}
