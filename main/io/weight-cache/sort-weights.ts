/** @file Decides for each tensor of a model whether its bytes can be used where they are. */
import { FormatError } from '#contract/errors.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { isFloatDtype } from '#io/safetensors/convert-to-float32.ts';
import type { WeightLocation } from '#io/weight-location.ts';
import { canBeMapped } from '#io/weight-range.ts';
import type { MappedWeight } from '#io/weight-range.ts';
import type { FloatWeight } from './convert-weights.ts';

/** Too coarse to train from, or complex; integers are not refused, because buffers are stored as such. */
const REFUSED = /^(F4$|F6_|F8_|C64$)/;

export interface SortedWeights {
  readonly inPlace: ReadonlyMap<string, MappedWeight>;
  readonly toConvert: ReadonlyMap<string, FloatWeight>;
  readonly notFloat: ReadonlyMap<string, WeightLocation>;
}

/** @throws {FormatError} if a tensor is of a float type that is not read */
export function sortWeights(folder: ModelFolder): SortedWeights {
  const inPlace = new Map<string, MappedWeight>();
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
    else if (canBeMapped(weight)) inPlace.set(name, weight);
    else toConvert.set(name, { ...weight, dtype });
  }
  return { inPlace, toConvert, notFloat };
}
