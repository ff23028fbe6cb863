/** @file Stops a run whose numbers have left the real line, before it spoils the adapter. */
import { TrainingDivergedError } from '#contract/errors.ts';

/**
 * Called before the optimizer step, so that the adapter still holds the last good values.
 * @param step - the optimizer step about to be made, from 1
 * @param loss - of that step
 * @param gradNorm - of that step, before clipping
 * @throws {TrainingDivergedError} if loss or gradNorm is NaN or infinite
 */
export function assertFinite({
  step,
  loss,
  gradNorm,
  learningRate,
}: {
  readonly step: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
}): void {
  if (Number.isFinite(loss) && Number.isFinite(gradNorm)) return;
  const [what, value] = Number.isFinite(loss) ? ['gradient norm', gradNorm] : ['loss', loss];
  const kind = Number.isNaN(value) ? 'NaN' : 'infinite';
  const advice =
    step === 1
      ? 'No step had been made yet, so the settings are not the cause: check that the model file is whole and answers sensibly by itself.'
      : `Start a new run with a lower learning_rate (it was ${Number(learningRate.toPrecision(3))}), a higher beta or a lower max_grad_norm.`;
  throw new TrainingDivergedError(`Training stopped at step ${step} because the ${what} became ${kind}. ${advice}`, {
    step,
    value: String(value),
  });
}
