/** @file What computes a training run; one that is resumed goes on with the engine it was begun with, if that is still there. */
import { EngineError } from '#contract/errors.ts';
import { chooseEngine } from '#engines/choose-engine.ts';
import type { ChooseOptions, ChosenEngine } from '#engines/choose-engine.ts';
import { BASE_ENGINE } from '#engines/engine-name.ts';
import type { ResumedRecord } from './run-record.ts';
import type { TrainingRequest } from './training-request.ts';

/** @throws {EngineError} if an engine was asked for by name and is not there */
export async function runEngine(
  { cacheDir, engine = null, dtype = null }: TrainingRequest,
  earlier: ResumedRecord | null,
  opening: Pick<ChooseOptions, 'open'> = {},
): Promise<ChosenEngine> {
  const options = { cacheDir, dtype: dtype ?? earlier?.dtype ?? 'float32', ...opening };
  if (!earlier) return chooseEngine(engine, options);
  const chosen = engine === null ? await sameEngine(earlier, options) : await chooseEngine(engine, options);
  const isOtherDtype = (chosen.dtype ?? 'float32') !== earlier.dtype;
  if (isOtherDtype) {
    const text = `The run was begun in ${earlier.dtype} and goes on in ${chosen.dtype ?? 'float32'}; its adapter will be neither that of the one nor of the other.`;
    return { ...chosen, notes: [...chosen.notes, text] };
  }
  if (chosen.engine === earlier.engine) return chosen;
  const note =
    `The run was begun with the engine ${earlier.engine} and goes on with ${chosen.engine}. ` +
    'Both compute the same in float32, but not to the last bit, so the adapter may differ in its last digits from that of a run with one engine.';
  return { ...chosen, notes: [...chosen.notes, note] };
}

async function sameEngine({ engine }: ResumedRecord, options: ChooseOptions): Promise<ChosenEngine> {
  try {
    return await chooseEngine(engine, options);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const fallback = await chooseEngine(BASE_ENGINE, { ...options, dtype: 'float32' });
    return { ...fallback, notes: [error.message] };
  }
}
