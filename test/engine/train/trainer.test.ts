import { describe, expect, it } from 'vitest';
import { CancelledError, TrainingDivergedError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { Trainer } from '#engine/train/trainer.ts';
import type { TrainerState, TrainingEvent } from '#engine/train/trainer.ts';
import { fakeMethod, REFERENCES } from '#test/support/fake-method.ts';
import type { FakeMethod, FakeMethodOptions } from '#test/support/fake-method.ts';

const LEARNING_RATE = 0.5;

/** Plain, so that sums can be checked by hand: no shuffling, no clipping, a constant rate. */
function settingsWith(more: Partial<TrainingSettings>): TrainingSettings {
  return resolveSettings({
    learning_rate: LEARNING_RATE,
    lr_scheduler_type: 'constant',
    max_grad_norm: 0,
    num_train_epochs: 1,
    shuffle: false,
    save_steps: 100,
    eval_steps: 100,
    ...more,
  }).settings;
}

interface Scene {
  readonly method: FakeMethod;
  readonly trainer: Trainer;
  readonly w: Float32Array;
  readonly stop: AbortController;
}

function scene(options: FakeMethodOptions, more: Partial<TrainingSettings> = {}, start: readonly number[] = [1, -2]): Scene {
  const method = fakeMethod(options);
  const w = Float32Array.from(start);
  const stop = new AbortController();
  const trainer = new Trainer({ method, settings: settingsWith(more), parameters: new Map([['w', w]]), signal: stop.signal });
  return { method, trainer, w, stop };
}

async function collect(events: AsyncIterable<TrainingEvent>, onEvent: (event: TrainingEvent) => void = () => undefined) {
  const all: TrainingEvent[] = [];
  for await (const event of events) {
    all.push(event);
    onEvent(event);
  }
  return all;
}

const kinds = (events: readonly TrainingEvent[]) => events.map(({ kind }) => kind);
const ofKind = <Kind extends TrainingEvent['kind']>(events: readonly TrainingEvent[], kind: Kind) =>
  events.filter((event): event is Extract<TrainingEvent, { kind: Kind }> => event.kind === kind);

describe('the training loop', () => {
  it('scores the reference, accumulates, steps, logs, evaluates, saves, in this order', async () => {
    const { trainer, method } = scene(
      { blockCount: 4, evaluationBatches: 2, referenceRows: 1 },
      { gradient_accumulation_steps: 2, eval_steps: 1, save_steps: 1 },
    );
    const events = await collect(trainer.run());
    const step = ['micro-batch', 'micro-batch', 'log', 'evaluating', 'evaluating', 'evaluation', 'checkpoint'];
    expect(kinds(events)).toEqual(['reference', 'references', ...step, ...step, 'finished']);
    const calls = [
      'references of 0, 1, 2, 3',
      'block 0',
      'block 1',
      'evaluate 0',
      'evaluate 1',
      'block 2',
      'block 3',
      'evaluate 0',
      'evaluate 1',
    ];
    expect(method.calls).toEqual(calls);
    expect(method.used).toEqual([REFERENCES]);
  });

  it('logs, evaluates and saves each in its rhythm, and evaluates and saves at the end', async () => {
    const { trainer } = scene({ blockCount: 5, evaluationBatches: 1 }, { logging_steps: 2, eval_steps: 3, save_steps: 4 });
    const events = await collect(trainer.run());
    const steps = (kind: 'log' | 'evaluation') => ofKind(events, kind).map(({ entry }) => entry['step']);
    expect(steps('log')).toEqual([2, 4]);
    expect(steps('evaluation')).toEqual([3, 5]);
    expect(ofKind(events, 'checkpoint').map(({ step }) => step)).toEqual([4, 5]);
  });

  it("divides by the number of micro-batches of the step itself, also in an epoch's short last step", async () => {
    // Losses 1, 2, 3; gradients by hand: Adam's first update is its sign, so the accumulated mean is read off the norm.
    const differentiate = (block: number) => ({ loss: 1 + block, gradient: [3 * (block + 1), 4 * (block + 1)] });
    const { trainer } = scene({ blockCount: 3, differentiate }, { gradient_accumulation_steps: 2 });
    const logs = ofKind(await collect(trainer.run()), 'log').map(({ entry }) => entry);
    expect(logs).toMatchObject([
      { loss: 1.5, grad_norm: 7.5, epoch: 2 / 3, step: 1, num_tokens: 20, block: 0.5 },
      { loss: 3, grad_norm: 15, epoch: 1, step: 2, num_tokens: 30, block: 2 },
    ]);
  });

  it('makes the update of AdamW on the accumulated gradient', async () => {
    const { trainer, w } = scene({ blockCount: 1, differentiate: () => ({ loss: 1, gradient: [0.25, -4] }) });
    await collect(trainer.run());
    // Its first update is the learning rate against the sign of the gradient.
    expect(w[0]).toBeCloseTo(1 - LEARNING_RATE, 6);
    expect(w[1]).toBeCloseTo(-2 + LEARNING_RATE, 6);
  });

  it('clips the accumulated gradient before the step and logs its norm before clipping', async () => {
    const differentiate = () => ({ loss: 1, gradient: [3, 4] });
    const clipped = scene({ blockCount: 2, differentiate }, { gradient_accumulation_steps: 2, max_grad_norm: 1 });
    const [log] = ofKind(await collect(clipped.trainer.run()), 'log');
    expect(log?.entry['grad_norm']).toBe(5);
    const moments = clipped.trainer.state().optimizer.firstMoments.get('w');
    expect(moments?.[0]).toBeCloseTo(0.1 * 0.6, 5);
    expect(moments?.[1]).toBeCloseTo(0.1 * 0.8, 5);
  });

  it('visits each block once an epoch, in an order that the seed and the epoch decide', async () => {
    const order = async (seed: number) => {
      const { trainer, method } = scene({ blockCount: 6 }, { shuffle: true, seed, num_train_epochs: 2 });
      await collect(trainer.run());
      return method.calls.slice(1);
    };
    const [first, again, other] = [await order(1), await order(1), await order(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first.slice(0, 6)).not.toEqual(first.slice(6));
    expect([first.slice(0, 6).toSorted(), first.slice(6).toSorted()]).toEqual(
      [0, 1].map(() => [0, 1, 2, 3, 4, 5].map((b) => `block ${b}`)),
    );
  });

  it('gives the loss of the whole run at the end', async () => {
    const { trainer } = scene({ blockCount: 3 }, { logging_steps: 2 });
    expect((await collect(trainer.run())).at(-1)).toEqual({ kind: 'finished', step: 3, trainLoss: 2 });
  });
});

describe('reference log-probabilities', () => {
  it('known from elsewhere are not computed again', async () => {
    const { trainer, method } = scene({ blockCount: 1 });
    trainer.useReferences(REFERENCES);
    expect(kinds(await collect(trainer.run()))).toEqual(['micro-batch', 'log', 'checkpoint', 'finished']);
    expect(method.calls).toEqual(['block 0']);
    expect(method.used).toEqual([REFERENCES]);
  });

  it('report the newest progress only, and their failure', async () => {
    const { trainer } = scene({ blockCount: 1, referenceRows: 1000 });
    const reports = ofKind(await collect(trainer.run()), 'reference');
    expect(reports.at(-1)).toEqual({ kind: 'reference', rowsDone: 1000, rowsTotal: 1000 });
    expect(reports.length).toBeLessThan(10);
    const failing = scene({ blockCount: 1, beforeReferences: () => Promise.reject(new Error('no device')) });
    await expect(collect(failing.trainer.run())).rejects.toThrow('no device');
  });
});

describe('a run that waits', () => {
  it('computes nothing until the next event is asked for', async () => {
    const { trainer, method, w } = scene({ blockCount: 3 });
    trainer.useReferences(REFERENCES);
    const run = trainer.run();
    await run.next(); // the micro-batch; the step follows when the next event is asked for
    const before = w.slice();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(method.calls).toEqual(['block 0']);
    expect(w).toEqual(before);
    await run.next();
    expect(w).not.toEqual(before);
  });
});

describe('a run that is cancelled', () => {
  it('stops between micro-batches and keeps the state of the step before', async () => {
    const full = scene({ blockCount: 4 }, { gradient_accumulation_steps: 2 });
    const states: TrainerState[] = [];
    await collect(full.trainer.run(), (event) => {
      if (event.kind === 'log') states.push(full.trainer.state());
    });

    const { trainer, method, stop } = scene({ blockCount: 4 }, { gradient_accumulation_steps: 2 });
    const run = collect(trainer.run(), (event) => {
      if (event.kind === 'micro-batch' && event.step === 2) stop.abort();
    });
    await expect(run).rejects.toThrow(CancelledError);
    expect(method.calls).toEqual(['references of 0, 1, 2, 3', 'block 0', 'block 1', 'block 2']);
    // The half step left no trace in parameters, optimizer or metrics.
    expect(trainer.state()).toEqual(states[0]);
  });

  it('stops between the batches of an evaluation', async () => {
    const { trainer, method, stop } = scene({ blockCount: 2, evaluationBatches: 3 }, { eval_steps: 1 });
    const run = collect(trainer.run(), (event) => {
      if (event.kind === 'evaluating') stop.abort();
    });
    await expect(run).rejects.toThrow(CancelledError);
    expect(method.calls).toEqual(['references of 0, 1', 'block 0', 'evaluate 0']);
    expect(trainer.state().step).toBe(1);
  });

  it('hands out its state as a copy', async () => {
    const { trainer, w } = scene({ blockCount: 1 });
    const before = trainer.state();
    await collect(trainer.run());
    expect(before.parameters.get('w')).toEqual(Float32Array.of(1, -2));
    expect(before.optimizer.firstMoments.get('w')).toEqual(new Float32Array(2));
    expect(w).not.toEqual(Float32Array.of(1, -2));
  });
});

describe('a run that is restored', () => {
  const options = { blockCount: 5, evaluationBatches: 1 };
  const settings = { gradient_accumulation_steps: 2, num_train_epochs: 3, shuffle: true, logging_steps: 2, eval_steps: 2 } as const;

  it.each([1, 2, 3, 4, 8])('after step %i goes on as if it had never stopped', async (steps) => {
    const full = scene(options, settings);
    let state: TrainerState | null = null;
    let stateAt = 0;
    const events: TrainingEvent[] = await collect(full.trainer.run(), (event) => {
      // The state after a step is seen with the first event that follows it.
      if (full.trainer.state().step === steps && state === null && event.kind !== 'log') {
        state = full.trainer.state();
        stateAt = steps;
      }
    });
    expect(stateAt).toBe(steps);

    const second = scene(options, settings, [9, 9]);
    second.trainer.restore(JSON.parse(JSON.stringify(state, replacer), reviver) as TrainerState);
    const rest = await collect(second.trainer.run());
    const entries = (all: readonly TrainingEvent[]) =>
      all.flatMap((event) => ('entry' in event && (event.entry['step'] ?? 0) > steps ? [event] : []));
    expect(entries(rest)).toEqual(entries(events));
    expect(rest.at(-1)).toEqual(events.at(-1));
    expect(second.w).toEqual(full.w);
    expect(second.trainer.state()).toEqual(full.trainer.state());
  });

  it('evaluates the step it was restored to first, if that was due and is asked for', async () => {
    const restoredTo = (step: number) => {
      const next = scene(options, settings);
      next.trainer.restore({ ...next.trainer.state(), step });
      next.trainer.useReferences(REFERENCES);
      return next.trainer;
    };
    const [first] = ofKind(await collect(restoredTo(4).run({ evaluateFirst: true })), 'evaluation');
    expect(first?.entry).toMatchObject({ eval_loss: 3, step: 4, epoch: 1.4 });
    const asked = ofKind(await collect(restoredTo(3).run({ evaluateFirst: true })), 'evaluation').map(({ entry }) => entry['step']);
    const notAsked = ofKind(await collect(restoredTo(4).run()), 'evaluation').map(({ entry }) => entry['step']);
    expect([asked, notAsked]).toEqual([
      [4, 6, 8, 9],
      [6, 8, 9],
    ]);
    expect(kinds(await collect(restoredTo(9).run({ evaluateFirst: true })))).toEqual(['evaluating', 'evaluation', 'finished']);
  });

  it('does nothing but finish where all steps are done', async () => {
    const { trainer, method } = scene(options, settings);
    trainer.useReferences(REFERENCES);
    trainer.restore({ ...trainer.state(), step: 9 });
    expect(await collect(trainer.run())).toMatchObject([{ kind: 'finished', step: 9 }]);
    expect(method.calls).toEqual([]);
  });
});

describe('a run that diverges', () => {
  it.each([
    ['loss', Number.NaN, 1],
    ['loss', Number.POSITIVE_INFINITY, 1],
    ['gradient norm', 1, Number.NaN],
    ['gradient norm', 1, Number.NEGATIVE_INFINITY],
  ])('by its %s (%d, %d) stops with the parameters of the step before', async (what, loss, gradient) => {
    const differentiate = (block: number) => (block === 3 ? { loss, gradient: [gradient, 1] } : { loss: 1, gradient: [1, 1] });
    const { trainer, w } = scene({ blockCount: 6, differentiate }, { gradient_accumulation_steps: 2, max_grad_norm: 1 });
    let before: TrainerState | null = null;
    const run = collect(trainer.run(), (event) => {
      if (event.kind === 'log') before = trainer.state();
    });
    await expect(run).rejects.toThrow(TrainingDivergedError);
    await expect(run).rejects.toThrow(new RegExp(`stopped at step 2 because the ${what} became`));
    expect(before).toMatchObject({ step: 1 });
    expect(trainer.state()).toEqual(before);
    expect(w).toEqual((before as unknown as TrainerState).parameters.get('w'));
  });
});

/** Through JSON and back, as a checkpoint goes, with arrays and maps kept. */
function replacer(_: string, value: unknown): unknown {
  if (value instanceof Map) return { entries: [...value] };
  return value instanceof Float32Array ? { floats: [...value] } : value;
}

function reviver(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('entries' in value && Array.isArray(value.entries)) return new Map(value.entries as [unknown, unknown][]);
  return 'floats' in value ? Float32Array.from(value.floats as number[]) : value;
}
