/** @file Decides for each tensor of a model whether its bytes can be used where they are. */
import { FormatError } from '#contract/errors.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { isFloatDtype } from '#io/safetensors/convert-to-float32.ts';
import type { WeightLocation } from '#io/weight-location.ts';
import type { FloatWeight } from './convert-weights.ts';

/** Too coarse to train from, or complex; integers are not refused, because buffers are stored as such. */
const REFUSED = /^(F4$|F6_|F8_|C64$)/;

export interface SortedWeights {
  readonly inPlace: ReadonlyMap<string, WeightLocation>;
  readonly toConvert: ReadonlyMap<string, FloatWeight>;
  readonly notFloat: ReadonlyMap<string, WeightLocation>;
}

/** @throws {FormatError} if a tensor is of a float type that is not read */
export function sortWeights(folder: ModelFolder): SortedWeights {
  const inPlace = new Map<string, WeightLocation>();
  const toConvert = new Map<string, FloatWeight>();
  const notFloat = new Map<string, WeightLocation>();
  for (const [name, weight] of folder.tensors) {
    const { dtype, file } = weight;
    if (REFUSED.test(dtype)) {
      throw new FormatError(
        `${file}: tensor "${name}" is stored as ${dtype}, which can't be trained from. Use the model's bfloat16, float16 or float32 version.`,
        { file, field: name },
      );
    }
    if (!isFloatDtype(dtype)) notFloat.set(name, weight);
    // A header may end at any byte; values that straddle 4-byte words can't be viewed as float32.
    else if (dtype === 'F32' && weight.byteOffset % 4 === 0) inPlace.set(name, weight);
    else toConvert.set(name, { ...weight, dtype });
  }
  return { inPlace, toConvert, notFloat };
}
