/** @file Held-out pairs as what is scored, and their prompts. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import type { PairRow } from '#engine/data/row.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { tokeniseRow } from '#engine/text/tokenise-row.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';
import { checkModel } from '#jobs/open-model.ts';
import { readRows } from '#jobs/read-rows.ts';
import type { PromptAndCompletion } from '#jobs/score-sequences.ts';
import { tokenizerFor } from '#jobs/tokenizer-for-rows.ts';

export interface HeldOutPairs {
  readonly count: number;
  /** Chosen and rejected of each pair, one after the other. */
  readonly completions: readonly PromptAndCompletion[];
  /** Each once, in the order of the pairs. */
  readonly prompts: readonly Prompt[];
}

export interface HeldOutPairsRequest {
  readonly modelDir: string;
  readonly pairsFile: string;
  /** Prompt and answer together, tokens; null: as much as the model reads. */
  readonly maxLength: number | null;
  readonly signal: AbortSignal;
}

/**
 * @throws {ImportError} if the file does not hold pairs
 * @throws {AppError} with one sentence for the person
 */
export async function readHeldOutPairs(request: HeldOutPairsRequest): Promise<HeldOutPairs> {
  const rows = await readPairs(request.pairsFile, request.signal);
  return { count: rows.length, completions: await tokenisePairs(rows, request), prompts: distinctPrompts(rows) };
}

async function readPairs(file: string, signal: AbortSignal): Promise<PairRow[]> {
  const { rows } = await readRows(file, { badRows: 'stop', signal });
  const pairs = rows.filter((row) => row.kind === 'pair');
  if (pairs.length === rows.length) return pairs;
  throw new ImportError(
    `${basename(file)} holds single answers with a label; runs are compared on pairs of a chosen and a rejected answer. Choose a file of pairs.`,
    { file },
  );
}

/** Chosen and rejected of each pair, one after the other. */
async function tokenisePairs(
  rows: readonly PairRow[],
  { modelDir, pairsFile, maxLength }: HeldOutPairsRequest,
): Promise<PromptAndCompletion[]> {
  const { config } = await checkModel(modelDir);
  const context = { tokenizer: await tokenizerFor(rows, modelDir, new Date()), file: basename(pairsFile), vocabSize: config.vocabSize };
  const limit = Math.min(maxLength ?? Infinity, config.maxPositions);
  const cut = (promptIds: Int32Array, completionIds: Int32Array): PromptAndCompletion => {
    const { ids, completionStart } = truncateSequence({ promptIds, completionIds, maxLength: limit, truncationMode: 'keep_start' });
    return { promptIds: ids.subarray(0, completionStart), completionIds: ids.subarray(completionStart) };
  };
  return rows.flatMap((row) => {
    const { promptIds, chosenIds, rejectedIds } = tokeniseRow(row, context).tokenised;
    return [cut(promptIds, chosenIds), cut(promptIds, rejectedIds)];
  });
}

function distinctPrompts(rows: readonly PairRow[]): Prompt[] {
  const prompts = rows.map((row): Prompt => {
    if (row.form === 'text') return { form: 'text', text: row.prompt };
    return row.form === 'chat' ? { form: 'chat', messages: row.prompt, options: row.options } : { form: 'tokens', ids: row.promptIds };
  });
  return [...new Map(prompts.map((prompt) => [JSON.stringify(prompt), prompt])).values()];
}
