/**
 * @file Generates answers to prompts, several at a time. An answer that ends leaves the batch, and waiting prompts take the free rows.
 */
import { CancelledError } from '#contract/errors.ts';
import type { GenerationAdapter } from './adapter-inputs.ts';
import { contextLimit } from './context-limit.ts';
import { GeneratedSequence } from './generated-sequence.ts';
import type { FinishReason } from './generated-sequence.ts';
import { PROMPT_TOKENS } from './generation-session.ts';
import type { DecodingBatch, GenerationSession } from './generation-session.ts';
import { cacheBytesPerToken, cacheRoom } from './key-value-cache.ts';
import { LogitsWarper } from './logits-warper.ts';
import type { Sampling } from './sampling.ts';
import { TokenChooser } from './token-chooser.ts';

/** Sequences at once: with more of them matrix products get no faster. */
const MAX_ROWS = 32;
/** What the cache of a batch may take. */
export const DEFAULT_CACHE_BYTES = 2 ** 29;
/** New prompts are computed together once so many rows are free: alone they would cost as much as a step of all. */
const FREE_SHARE = 0.25;

export interface GenerationPrompt {
  readonly ids: Int32Array;
  /** The answer's text continues the prompt's instead of beginning by itself: its first token may keep its space. */
  readonly isContinued: boolean;
}

export interface GenerateOptions {
  readonly sampling: Sampling;
  /** Null for the base model. */
  readonly adapter: GenerationAdapter | null;
  readonly stopIds: ReadonlySet<number>;
  /** Strings that end an answer and are not part of it; they need `decode`. */
  readonly stopStrings?: readonly string[];
  /** Text of ids, special tokens left out; null where only tokens are wanted. */
  readonly decode: ((ids: readonly number[]) => string) | null;
  /** Uniform numbers in [0, 1) for a prompt's answer, by the prompt's index; the answer then does not depend on the other prompts. */
  readonly random: (index: number) => () => number;
  readonly cacheBytes?: number;
  readonly signal?: { readonly aborted: boolean };
}

/** `index` is that of the prompt. */
export type GenerationEvent =
  /** `text` is what became certain by this token, perhaps nothing: never half a character. */
  | { readonly kind: 'token'; readonly index: number; readonly token: number; readonly text: string }
  | {
      readonly kind: 'finished';
      readonly index: number;
      /** The answer, without end token, stop string and special tokens; empty without `decode`. */
      readonly text: string;
      /** The end token is the last of them, where there was one. */
      readonly ids: readonly number[];
      readonly reason: FinishReason;
    };

/**
 * Events of all prompts, as their tokens come. Logits depend on the other sequences only by the order in which numbers are added up, which may differ with
 * the size of a batch; with the same prompts in the same order, results are the same to the last bit.
 *
 * Memory: the cache (`cacheBytesPerToken` for each token of up to {@link MAX_ROWS} sequences, at most `cacheBytes` unless one sequence alone needs
 * more) and what a graph keeps while it runs. Time: for each token one pass over the weights, shared by the batch.
 * @param prompts - each shorter than the context; see `checkPromptFits`
 * @throws {CancelledError} between two tokens, when the signal is aborted
 */
export async function* generate(
  session: GenerationSession,
  prompts: readonly GenerationPrompt[],
  options: GenerateOptions,
): AsyncGenerator<GenerationEvent, void, undefined> {
  const waiting = startSequences(session, prompts, options);
  const rows = batchRows(session, waiting, options);
  const batch = session.startBatch(rows, options.adapter);
  const active: GeneratedSequence[] = [];
  while (waiting.length > 0 || active.length > 0) {
    if (active.length === 0 || rows - active.length >= rows * FREE_SHARE) yield* admit(batch, { waiting, active }, options);
    if (active.length === 0) continue;
    throwIfAborted(options);
    const logits = await batch.step(active.map(({ ids }) => ids.at(-1) as number));
    yield* advance(batch, active, { logits, firstRow: 0 });
  }
}

interface Sequences {
  readonly waiting: GeneratedSequence[];
  readonly active: GeneratedSequence[];
}

/** Computes waiting prompts until all rows are taken. */
async function* admit(
  batch: DecodingBatch,
  { waiting, active }: Sequences,
  options: GenerateOptions,
): AsyncGenerator<GenerationEvent, void, undefined> {
  while (waiting.length > 0 && active.length < batch.rows) {
    throwIfAborted(options);
    const group = nextPrompts(waiting, batch.rows - active.length);
    const logits = await batch.admit(
      group.map(({ promptIds }) => promptIds),
      options.signal,
    );
    active.push(...group);
    yield* advance(batch, active, { logits, firstRow: active.length - group.length });
  }
}

function startSequences(session: GenerationSession, prompts: readonly GenerationPrompt[], options: GenerateOptions): GeneratedSequence[] {
  const { sampling, stopIds, stopStrings = [], decode, random } = options;
  const warper = new LogitsWarper(sampling, session.config.vocabSize);
  return prompts.map(
    ({ ids, isContinued }, index) =>
      new GeneratedSequence({
        index,
        promptIds: ids,
        chooser: new TokenChooser(ids, { sampling, warper, random: random(index) }),
        stopIds,
        stopStrings,
        maxNewTokens: Math.min(sampling.maxNewTokens, contextLimit(session.config) - ids.length),
        text: decode && { decode, context: isContinued ? ids : [] },
      }),
  );
}

/** As many as fit the cache, were all as long as the longest can become. */
function batchRows({ config }: GenerationSession, sequences: readonly GeneratedSequence[], options: GenerateOptions): number {
  const { sampling, cacheBytes = DEFAULT_CACHE_BYTES } = options;
  const longestPrompt = sequences.reduce((longest, { promptIds }) => Math.max(longest, promptIds.length), 1);
  const longest = Math.min(longestPrompt + sampling.maxNewTokens, contextLimit(config));
  const fitting = Math.floor(cacheBytes / (cacheRoom(longest) * cacheBytesPerToken(config)));
  return Math.max(1, Math.min(MAX_ROWS, sequences.length, fitting));
}

/** Takes prompts to compute together: with padding no more than {@link PROMPT_TOKENS}, or a single longer one. */
function nextPrompts(waiting: GeneratedSequence[], free: number): GeneratedSequence[] {
  let [count, longest] = [0, 0];
  for (const { promptIds } of waiting.slice(0, free)) {
    longest = Math.max(longest, promptIds.length);
    if (count > 0 && (count + 1) * longest > PROMPT_TOKENS) break;
    count++;
  }
  return waiting.splice(0, count);
}

/** Lets the sequences from `firstRow` on choose their next token; the rows of those that end are free afterwards. */
function* advance(
  batch: DecodingBatch,
  active: GeneratedSequence[],
  { logits, firstRow }: { readonly logits: readonly Float32Array[]; readonly firstRow: number },
): Generator<GenerationEvent, void, undefined> {
  const chosen = active.slice(firstRow).map((sequence, i) => ({ sequence, text: sequence.advance(logits[i] as Float32Array) }));
  for (let row = active.length - 1; row >= firstRow; row--) {
    if (active[row]?.reason === null) continue;
    batch.leave(row);
    const moved = active.pop() as GeneratedSequence; // the last row is put in its place
    if (row < active.length) active[row] = moved;
  }
  for (const { sequence, text } of chosen) {
    const { index, ids, reason } = sequence;
    yield { kind: 'token', index, token: ids.at(-1) as number, text };
    if (reason !== null) yield { kind: 'finished', index, text: sequence.text, ids, reason };
  }
}

function throwIfAborted({ signal }: GenerateOptions): void {
  if (signal?.aborted) throw new CancelledError('Generating was stopped.');
}
