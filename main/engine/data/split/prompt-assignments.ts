/** @file Which side each prompt was given, to be kept beside the data so that it never changes. */

/** A side as a number: what typed arrays hold. */
export const TRAIN = 0;
export const EVALUATION = 1;
/** On neither side: the prompt is nearly the same as prompts on both. */
export const LEFT_OUT = 2;

/** Both arrays go together; 9 bytes a prompt. */
export interface PromptAssignments {
  /** 53-bit keys of the normalised prompts, ascending. */
  readonly keys: Float64Array;
  /** `TRAIN` or `EVALUATION`. */
  readonly sides: Uint8Array;
}

/** The side of a prompt, or null if it has none. */
export function sideOfPrompt({ keys, sides }: PromptAssignments, key: number): number | null {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? (sides[low] as number) : null;
}

/** Both together; `first` is believed where they differ. Prompts that are on no side are not kept. */
export function mergeAssignments(first: PromptAssignments, second: PromptAssignments): PromptAssignments {
  const keys = new Float64Array(first.keys.length + second.keys.length);
  const sides = new Uint8Array(keys.length);
  let [i, j, count] = [0, 0, 0];
  while (i < first.keys.length || j < second.keys.length) {
    const a = first.keys[i] ?? Number.POSITIVE_INFINITY;
    const b = second.keys[j] ?? Number.POSITIVE_INFINITY;
    const side = (a <= b ? first.sides[i] : second.sides[j]) as number;
    if (side !== LEFT_OUT) {
      keys[count] = Math.min(a, b);
      sides[count++] = side;
    }
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return { keys: keys.slice(0, count), sides: sides.slice(0, count) };
}
