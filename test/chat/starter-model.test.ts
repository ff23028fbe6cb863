/** @file llama.cpp and the engine on the starter model: the same log-probabilities in F32, and F16 within its rounding. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkSequences } from '#exports/check-texts.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { openChat } from '#test/support/chat.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const STARTER = join(import.meta.dirname, '../../resources/starter-model');

it.each([
  ['F32', 1e-4],
  ['F16', 5e-3],
  ['Q8_0', 0.1],
] as const)('%s', { timeout: 60_000 }, async (dtype, allowed) => {
  const sequences = await checkSequences(STARTER);
  const expected = await scoreSequences(
    { modelDir: STARTER, adapterDir: null, cacheDir: await temporaryFolder(), signal: new AbortController().signal },
    sequences,
  );
  const chat = await openChat('', { modelDir: STARTER, dtype });
  for (const [i, ids] of sequences.entries()) {
    const { logps } = await chat.score({ adapter: null, ids: [...ids], from: 1 });
    const gap = Math.abs(logps.reduce((sum, logp) => sum + logp, 0) - (expected[i] as number)) / logps.length;
    expect(gap).toBeLessThanOrEqual(allowed);
  }
});
