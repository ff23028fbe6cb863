/** @file Frozen weights on the device: each is uploaded once, however many graphs use it, and freed with the last of them. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { readWeight } from '#backends/device/read-weight.ts';
import type { WeightRange } from '#engine/graph/backend.ts';
import type { Tf } from './ops.ts';

interface Held {
  readonly tensor: Promise<tfjs.Tensor>;
  users: number;
}

export class DeviceWeights {
  readonly #tf: Tf;
  readonly #held = new Map<string, Held>();

  constructor(tf: Tf) {
    this.#tf = tf;
  }

  take(range: WeightRange): Promise<tfjs.Tensor> {
    const key = keyOf(range);
    let held = this.#held.get(key);
    if (!held) {
      held = { tensor: this.#upload(range), users: 0 };
      this.#held.set(key, held);
    }
    held.users++;
    return held.tensor;
  }

  async giveBack(range: WeightRange): Promise<void> {
    const key = keyOf(range);
    const held = this.#held.get(key);
    if (!held || --held.users > 0) return;
    this.#held.delete(key);
    const tensor = await held.tensor.catch(() => null); // one that could not be read holds nothing
    tensor?.dispose();
  }

  async #upload(range: WeightRange): Promise<tfjs.Tensor> {
    const values = await readWeight(range);
    return this.#tf.keep(this.#tf.tensor(values, [...range.shape], 'float32'));
  }
}

function keyOf({ file, byteOffset, shape }: WeightRange): string {
  return `${file}:${byteOffset}:${shape.join()}`;
}
