import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import { generate } from '#engine/generate/generate.ts';
import type { GenerateOptions, GenerationEvent } from '#engine/generate/generate.ts';
import type { GenerationSession } from '#engine/generate/generation-session.ts';
import { cacheBytesPerToken } from '#engine/generate/key-value-cache.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { generateAll, GREEDY, openGeneration } from '#test/support/generation.ts';
import { loadModel } from '#test/support/load-model.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const PROMPTS = Array.from({ length: 9 }, (_, i) => Array.from({ length: 2 + ((3 * i) % 8) }, (__, k) => 3 + ((17 * i + 5 * k) % 250)));
/** Byte tokens: id − 3 is the byte's place in the alphabet, so every id has a text of one letter here. */
const decode = (ids: readonly number[]) => ids.map((id) => String.fromCodePoint(0x4e00 + id)).join('');

let session: GenerationSession;
beforeAll(async () => {
  session = await openGeneration(await loadModel(BASE_MODEL));
});
afterAll(() => session.release());

describe('sampled answers', () => {
  const sampling = { ...DEFAULT_SAMPLING, temperature: 1.5, topP: 1, maxNewTokens: 12 };

  it('do not depend on the other prompts, nor on how many are in a batch', async () => {
    const together = await generateAll(session, PROMPTS, { sampling, random: randomOf });
    for (const [i, prompt] of PROMPTS.entries()) {
      const [alone] = await generateAll(session, [prompt], { sampling, random: () => randomOf(i) });
      expect(alone?.ids).toEqual(together[i]?.ids);
    }
    const rows = 64 * cacheBytesPerToken(session.config);
    const inTwos = await generateAll(session, PROMPTS, { sampling, random: randomOf, cacheBytes: 2 * rows });
    expect(inTwos).toEqual(together);
    expect(new Set(together.map(({ ids }) => ids.join())).size).toBe(PROMPTS.length);
  });
});

describe('events', () => {
  it('tell each token of a prompt in order, and its end once', async () => {
    const events = await collect({ sampling: { ...GREEDY, maxNewTokens: 5 }, decode });
    for (const index of PROMPTS.keys()) {
      const own = events.filter((event) => event.index === index);
      expect(own.map(({ kind }) => kind)).toEqual(['token', 'token', 'token', 'token', 'token', 'finished']);
      const tokens = own.flatMap((event) => (event.kind === 'token' ? [event] : []));
      expect(own.at(-1)).toEqual({
        kind: 'finished',
        index,
        reason: 'length',
        ids: tokens.map(({ token }) => token),
        text: tokens.map(({ text }) => text).join(''),
      });
    }
  });

  it('end with the context of the model, whatever max_new_tokens is', async () => {
    const { config } = session;
    const long = Array.from({ length: config.maxPositions - 3 }, (_, i) => 3 + (i % 200));
    const [answer] = await generateAll(session, [long], { sampling: { ...GREEDY, maxNewTokens: 50 } });
    expect(answer).toMatchObject({ reason: 'length' });
    expect(answer?.ids).toHaveLength(3);
  });

  it('stop at an end token, which is one of the tokens but no text', async () => {
    const [free] = await generateAll(session, [PROMPTS[4] as number[]], { sampling: { ...GREEDY, maxNewTokens: 12 }, decode });
    const ids = free?.ids ?? [];
    const end = ids[6] as number;
    const cut = ids.indexOf(end);
    const [stopped] = await generateAll(session, [PROMPTS[4] as number[]], {
      sampling: { ...GREEDY, maxNewTokens: 12 },
      decode,
      stopIds: new Set([end]),
    });
    expect(stopped).toEqual({ kind: 'finished', index: 0, reason: 'stop', ids: ids.slice(0, cut + 1), text: decode(ids.slice(0, cut)) });
  });

  it('stop at a stop string, of which nothing is shown', async () => {
    const [free] = await generateAll(session, [PROMPTS[4] as number[]], { sampling: { ...GREEDY, maxNewTokens: 12 }, decode });
    const stop = (free?.text ?? '').slice(5, 8);
    const events = await collect({ sampling: { ...GREEDY, maxNewTokens: 12 }, decode, stopStrings: [stop] }, [PROMPTS[4] as number[]]);
    const shown = events.map((event) => (event.kind === 'token' ? event.text : '')).join('');
    expect(shown).toBe((free?.text ?? '').split(stop)[0]);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', reason: 'stop', text: shown });
  });
});

it('generating stops between two tokens when it is cancelled', async () => {
  const stop = new AbortController();
  let seen = 0;
  const run = async () => {
    for await (const event of start({ signal: stop.signal, sampling: { ...GREEDY, maxNewTokens: 100 } })) {
      seen++;
      if (event.kind === 'token' && seen === 3 * PROMPTS.length) stop.abort();
    }
  };
  await expect(run()).rejects.toThrow(CancelledError);
  expect(seen).toBe(3 * PROMPTS.length);
});

function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function start(options: Partial<GenerateOptions>, prompts: readonly (readonly number[])[] = PROMPTS): AsyncGenerator<GenerationEvent> {
  const all = { sampling: GREEDY, adapter: null, stopIds: new Set<number>(), decode: null, random: randomOf, ...options };
  return generate(
    session,
    prompts.map((ids) => ({ ids: Int32Array.from(ids), isContinued: false })),
    all,
  );
}

async function collect(options: Partial<GenerateOptions>, prompts?: readonly (readonly number[])[]): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const event of start(options, prompts)) events.push(event);
  return events;
}
