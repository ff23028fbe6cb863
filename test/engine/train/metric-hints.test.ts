import { describe, expect, it } from 'vitest';
import { metricHints } from '#engine/train/metric-hints.ts';
import type { HintInput, MetricHistory } from '#engine/train/metric-hints.ts';

const STEPS = 100;
const curve = (value: (t: number) => number, points = 50): MetricHistory =>
  Array.from({ length: points }, (_, i) => ({ step: ((i + 1) * STEPS) / points, value: value((i + 1) / points) }));
const hints = (metrics: HintInput['metrics'], given: Partial<HintInput> = {}) =>
  metricHints({ method: 'kto', totalSteps: STEPS, batchRows: 16, metrics, ...given });
const rewards = (chosen: (t: number) => number, rejected: (t: number) => number) => ({
  'rewards/chosen': curve(chosen),
  'rewards/rejected': curve(rejected),
  'rewards/margins': curve((t) => chosen(t) - rejected(t)),
});

describe('hints on curves', () => {
  it('are silent on a healthy run, and at its beginning', () => {
    expect(
      hints({
        ...rewards(
          (t) => t,
          (t) => -t,
        ),
        kl: curve((t) => t),
        grad_norm: curve((t) => 1 + t),
      }),
    ).toEqual([]);
    const start = Object.fromEntries(
      Object.entries(
        rewards(
          () => 0,
          () => 0,
        ),
      ).map(([name, history]) => [name, history.slice(0, 5)]),
    );
    expect(hints({ ...start, kl: curve(() => 0).slice(0, 5) })).toEqual([]);
    expect(hints({})).toEqual([]);
  });

  it('say of DPO that only the gap matters when both rewards fall', () => {
    const falling = rewards(
      (t) => -t,
      (t) => -3 * t,
    );
    expect(hints(falling, { method: 'dpo' })).toMatchObject([{ group: 'rewards', kind: 'note', text: /DPO looks at the gap only/ }]);
    expect(hints(falling)).toMatchObject([{ text: /raise desirable_weight/ }]);
  });

  it('warn when the rejected reward rises with the chosen one', () => {
    expect(
      hints(
        rewards(
          (t) => t,
          (t) => 0.8 * t,
        ),
      ),
    ).toMatchObject([{ kind: 'warning', text: /rewards\/rejected is rising with rewards\/chosen/ }]);
    expect(
      hints(
        rewards(
          (t) => t,
          (t) => 0.2 * t,
        ),
      ),
    ).toEqual([]);
  });

  it('warn of flat margins after a third of the run, not before', () => {
    const flat = rewards(
      (t) => 0.01 * t,
      (t) => -0.01 * t,
    );
    expect(hints(flat)).toMatchObject([{ kind: 'warning', text: /After 100 of 100 steps/ }]);
    const early = Object.fromEntries(Object.entries(flat).map(([name, history]) => [name, history.slice(0, 15)]));
    expect(hints(early)).toEqual([]);
  });

  it('praise margins that grow on held-out rows', () => {
    expect(hints({ 'eval_rewards/margins': curve((t) => 2 * t, 5) })).toMatchObject([{ kind: 'good' }]);
    expect(hints({ 'eval_rewards/margins': curve((t) => (t < 0.5 ? t : 0.2), 5) })).toEqual([]);
  });

  it('explain a kl of zero, by the batch where that is the reason', () => {
    expect(hints({ kl: curve(() => 0) })).toMatchObject([{ group: 'kl', text: /never been positive/ }]);
    expect(hints({ kl: curve(() => 0) }, { batchRows: 2 })).toMatchObject([{ text: /Batches this small/ }]);
    expect(hints({ kl: curve((t) => (t > 0.9 ? 0.1 : 0)) })).toEqual([]);
    expect(hints({ kl: curve(() => 0) }, { method: 'dpo' })).toEqual([]);
  });

  it('warn of a kl that is large', () => {
    expect(hints({ kl: curve((t) => 60 * t) })).toMatchObject([{ kind: 'warning', text: /kl is 5\d nats/ }]);
  });

  it('name the step from which eval_loss rises', () => {
    expect(hints({ eval_loss: curve((t) => 0.5 - (t <= 0.4 ? t / 2 : 0.3 - t / 4), 10) })).toMatchObject([
      { group: 'loss', text: /lowest at step 40/ },
    ]);
    expect(hints({ eval_loss: curve((t) => 0.5 - t / 5, 10) })).toEqual([]);
  });

  it('note jumps of the gradient', () => {
    const spiky = curve((t) => (t === 0.5 ? 100 : 1));
    expect(hints({ grad_norm: spiky })).toMatchObject([{ group: 'optimizer', text: /jumped once, last at step 50/ }]);
    expect(hints({ grad_norm: curve(() => 0) })).toEqual([]);
  });

  it('warn of accuracies at chance on held-out pairs', () => {
    const chance = { 'eval_rewards/accuracies': curve(() => 0.5, 5) };
    expect(hints(chance, { method: 'dpo' })).toMatchObject([{ group: 'accuracy', text: /in 50 % of cases/ }]);
    expect(hints({ 'eval_rewards/accuracies': curve(() => 0.9, 5) }, { method: 'dpo' })).toEqual([]);
  });
});
