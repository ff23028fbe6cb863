/** @file The stop on NaN. */
import { describe, expect, it } from 'vitest';
import { TrainingDivergedError } from '#contract/errors.ts';
import { assertFinite } from '#engine/train/divergence.ts';

const good = { step: 12, loss: 0.5, gradNorm: 1, learningRate: 5e-4 };

describe('assertFinite', () => {
  it('lets finite numbers pass', () => {
    expect(() => assertFinite(good)).not.toThrow();
  });

  it('names the step, what became NaN and what to try', () => {
    const run = () => assertFinite({ ...good, loss: Number.NaN });
    expect(run).toThrow(TrainingDivergedError);
    expect(run).toThrow(
      'Training stopped at step 12 because the loss became NaN. Start a new run with a lower learning_rate (it was 0.0005), a higher beta or a lower max_grad_norm.',
    );
  });

  it('stops on an infinite gradient norm', () => {
    expect(() => assertFinite({ ...good, gradNorm: Number.POSITIVE_INFINITY })).toThrow('the gradient norm became infinite');
  });

  it('does not blame the settings at the first step', () => {
    expect(() => assertFinite({ ...good, step: 1, loss: Number.NaN })).toThrow('check that the model file is whole');
  });
});
