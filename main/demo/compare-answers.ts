/** @file What the base model and both adapters answer to the held-out prompts, and how much of it is harsh. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { fromStoredRow } from '#datasets/row-texts.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { parsePrompt } from '#engine/generate/parse-prompt.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { Answerer } from '#jobs/generate/answerer.ts';
import { adapterFromFolder } from '#jobs/initial-adapter.ts';
import { openModel } from '#jobs/open-model.ts';
import { harshShare } from '#starter/judge-tone.ts';
import { iterateSplitRows } from '#store/splits.ts';
import type { Store } from '#store/store.ts';

/** The product's own sampling; an answer of the starter model has some 60 tokens. */
const SAMPLING = { ...DEFAULT_SAMPLING, maxNewTokens: 150 };

export interface HeldOutPrompt {
  readonly text: string;
  readonly prompt: Prompt;
}

export interface Answers {
  readonly texts: readonly string[];
  /** Judged by the generator's own list of words. */
  readonly harshShare: number;
}

export interface CompareOptions {
  readonly modelDir: string;
  readonly cacheDir: string;
  readonly prompts: readonly HeldOutPrompt[];
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onAnswer: (name: string, done: number) => void;
}

/** The first `count` prompts that training never saw. */
export function heldOutPrompts(store: Store, splitId: number, count: number): HeldOutPrompt[] {
  const prompts: HeldOutPrompt[] = [];
  for (const stored of iterateSplitRows(store, splitId, 'held-out')) {
    if (prompts.length === count) break;
    const number = prompts.length + 1;
    const row = fromStoredRow(stored, number);
    if (row.form !== 'chat') continue;
    const text = row.prompt.findLast(({ content }) => typeof content === 'string')?.content ?? '';
    prompts.push({ text, prompt: parsePrompt({ prompt: row.prompt }, { file: 'the held-out rows', row: number }) });
  }
  return prompts;
}

/**
 * @param adapters - by name; null for the base model
 * @returns answers by the same names; the same seed for all, so that only the weights differ
 */
export async function compareAnswers<Name extends string>(
  adapters: Readonly<Record<Name, string | null>>,
  { modelDir, cacheDir, prompts, seed, signal, onAnswer }: CompareOptions,
): Promise<Readonly<Record<Name, Answers>>> {
  const model = await openModel(modelDir, { cacheDir, signal });
  const result: Partial<Record<Name, Answers>> = {};
  for (const [name, dir] of Object.entries(adapters) as [Name, string | null][]) {
    const adapter = dir === null ? null : await adapterFromFolder(dir, model);
    const answerer = await Answerer.open(onnxRuntimeBackend(), model, adapter?.modules ?? []);
    try {
      const texts: string[] = [];
      let done = 0;
      const asked = prompts.map(({ prompt }) => prompt);
      for await (const event of answerer.events(asked, { adapter, sampling: SAMPLING, seed, source: 'the held-out rows', signal })) {
        if (event.kind !== 'finished') continue;
        texts[event.index] = event.text;
        onAnswer(name, ++done);
      }
      result[name] = { texts, harshShare: harshShare(texts) };
    } finally {
      await answerer.release();
    }
  }
  return result as Record<Name, Answers>;
}
