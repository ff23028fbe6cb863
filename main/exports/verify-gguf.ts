/** @file Compares a model that is open in llama.cpp with the engine, on fixed texts. */
import type { OpenChat, ScoreTokens, TokenScores } from '#chat/chat-messages.ts';
import { scoreSequences } from '#jobs/score-sequences.ts';
import { checkSequences } from './check-texts.ts';
import type { ExportProgress } from './export-request.ts';
import { verify } from './verification.ts';
import type { StoredDtype, Verification } from './verification.ts';

/** A GGUF file in llama.cpp, in this process or in one of its own. */
export interface GgufScorer {
  score(request: ScoreTokens): Promise<TokenScores>;
  close(): void;
}

/** @throws {AppError} with one sentence for the person */
export type OpenGguf = (request: OpenChat, options: { readonly signal: AbortSignal }) => Promise<GgufScorer>;

export interface GgufCheck {
  /** With the GGUF file open, in this process or another. */
  readonly chat: Pick<GgufScorer, 'score'>;
  /** GGUF LoRA or PEFT folder that llama.cpp applies; null where there is none, or it is merged into the file. */
  readonly ggufAdapter: string | null;
  readonly modelDir: string;
  /** PEFT folder that the engine applies; null for the base model. */
  readonly adapterDir: string | null;
  readonly dtype: StoredDtype;
  readonly contextTokens: number;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ExportProgress) => void) | undefined;
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
  onProgress,
}: GgufCheck): Promise<Verification> {
  const sequences = (await checkSequences(modelDir)).map((ids) => ids.subarray(0, contextTokens));
  const reporting = (label: string) => (done: number) => onProgress?.({ label, done, total: sequences.length, unit: 'texts' });
  const computing = reporting('Computing with what was trained');
  computing(0);
  const expected = await scoreSequences({ modelDir, adapterDir, cacheDir, signal }, sequences, computing);
  const comparing = reporting('Asking llama.cpp for the same');
  const got: number[] = [];
  for (const ids of sequences) {
    comparing(got.length);
    const { logps } = await chat.score({ adapter: ggufAdapter, ids: [...ids], from: 1 });
    got.push(logps.reduce((sum, logp) => sum + logp, 0));
  }
  return verify({ loadedBy: 'llama.cpp', sequences, expected, got, dtype });
}
