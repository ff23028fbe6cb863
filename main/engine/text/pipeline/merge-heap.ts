/**
 * @file A binary min-heap of numbers. BPE keeps its candidate merges here, each packed into one number whose order is
 * (rank, position): the order in which Hugging Face's tokenizers pop theirs.
 */

export class MergeHeap {
  private readonly keys: number[] = [];

  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  push(key: number): void {
    const keys = this.keys;
    let index = keys.length;
    keys.push(key);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentKey = keys[parent] as number;
      if (parentKey <= key) break;
      keys[index] = parentKey;
      index = parent;
    }
    keys[index] = key;
  }

  /** Removes and returns the smallest key. The heap must not be empty. */
  pop(): number {
    const keys = this.keys;
    const smallest = keys[0] as number;
    const last = keys.pop() as number;
    if (keys.length > 0) this.sinkFromRoot(last);
    return smallest;
  }

  private sinkFromRoot(key: number): void {
    const keys = this.keys;
    const length = keys.length;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      if (child + 1 < length && (keys[child + 1] as number) < (keys[child] as number)) child++;
      const childKey = keys[child] as number;
      if (childKey >= key) break;
      keys[index] = childKey;
      index = child;
    }
    keys[index] = key;
  }
}
