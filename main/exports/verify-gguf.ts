/** @file Compares a model that is open in llama.cpp with the engine, on fixed texts. */
import type { ScoreTokens, TokenScores } from '#chat/chat-messages.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { checkSequences } from './check-texts.ts';
import { verify } from './verification.ts';
import type { StoredDtype, Verification } from './verification.ts';

export interface GgufCheck {
  /** With the GGUF file open, in this process or another. */
  readonly chat: { score(request: ScoreTokens): Promise<TokenScores> };
  /** GGUF LoRA or PEFT folder that llama.cpp applies; null where there is none, or it is merged into the file. */
  readonly ggufAdapter: string | null;
  readonly modelDir: string;
  /** PEFT folder that the engine applies; null for the base model. */
  readonly adapterDir: string | null;
  readonly dtype: StoredDtype;
  readonly contextTokens: number;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

export async function verifyGguf({
  chat,
  ggufAdapter,
  modelDir,
  adapterDir,
  dtype,
  contextTokens,
  cacheDir,
  signal,
}: GgufCheck): Promise<Verification> {
  const sequences = (await checkSequences(modelDir)).map((ids) => ids.subarray(0, contextTokens));
  const expected = await scoreSequences({ modelDir, adapterDir, cacheDir, signal }, sequences);
  const got: number[] = [];
  for (const ids of sequences) {
    const { logps } = await chat.score({ adapter: ggufAdapter, ids: [...ids], from: 1 });
    got.push(logps.reduce((sum, logp) => sum + logp, 0));
  }
  return verify({ loadedBy: 'llama.cpp', sequences, expected, got, dtype });
}
