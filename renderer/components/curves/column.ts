/** @file All values of one metric, as two growing columns: a run of 100,000 steps is 1.6 MB a metric, and nothing is ever dropped. */

const FIRST_CAPACITY = 256;

export class Column {
  #steps = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #smooth = new Float64Array(FIRST_CAPACITY);
  #length = 0;
  /** How far {@link #smooth} was computed, and for which weight. */
  #smoothLength = 0;
  #smoothWeight = NaN;
  #smoothSum = 0;
  /** The weight to the power of how many values there were: what the average still lacks at the beginning. */
  #smoothLack = 1;

  /** Of all numbers that were ever in it; infinity before the first. */
  #lowest = Infinity;

  #highest = -Infinity;

  get lowest(): number {
    return this.#lowest;
  }

  get highest(): number {
    return this.#highest;
  }

  get length(): number {
    return this.#length;
  }

  /** Ascending; shape `[length]`. */
  get steps(): Float64Array {
    return this.#steps.subarray(0, this.#length);
  }

  /** NaN where the metric was no number; shape `[length]`. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** A step that is known, or lies before one that is, is passed over: it was told twice. */
  append(step: number, value: number): void {
    if (this.#length > 0 && step <= (this.#steps[this.#length - 1] ?? -1)) return;
    if (this.#length === this.#steps.length) this.#grow();
    this.#steps[this.#length] = step;
    this.#values[this.#length] = value;
    this.#length++;
    if (value < this.#lowest) this.#lowest = value;
    if (value > this.#highest) this.#highest = value;
  }

  /** The run went on from `step`: what came after it will be measured again. */
  cutAfter(step: number): void {
    this.#length = this.indexAfter(step);
    if (this.#smoothLength > this.#length) this.#smoothWeight = NaN;
  }

  /** Of the first value after `step`; `length` if there is none. */
  indexAfter(step: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle] ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of the value at `step`, or the last one before it; -1 if there is none. */
  indexAt(step: number): number {
    return this.indexAfter(step) - 1;
  }

  /**
   * Exponential moving average, corrected at the beginning as TensorBoard does, so that it does not start at zero. Only what is new is computed.
   * @param weight - of the past: 0 is the values themselves, below 1
   * @returns shape `[length]`
   */
  smoothed(weight: number): Float64Array {
    if (weight === 0) return this.values;
    if (weight !== this.#smoothWeight) {
      this.#smoothWeight = weight;
      this.#smoothLength = this.#smoothSum = 0;
      this.#smoothLack = 1;
    }
    for (; this.#smoothLength < this.#length; this.#smoothLength++) {
      const value = this.#values[this.#smoothLength] ?? NaN;
      if (Number.isFinite(value)) {
        this.#smoothSum = weight * this.#smoothSum + (1 - weight) * value;
        this.#smoothLack *= weight;
        this.#smooth[this.#smoothLength] = this.#smoothSum / (1 - this.#smoothLack);
      } else this.#smooth[this.#smoothLength] = NaN;
    }
    return this.#smooth.subarray(0, this.#length);
  }

  #grow(): void {
    const copy = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(2 * from.length);
      larger.set(from);
      return larger;
    };
    this.#steps = copy(this.#steps);
    this.#values = copy(this.#values);
    this.#smooth = copy(this.#smooth);
  }
}
