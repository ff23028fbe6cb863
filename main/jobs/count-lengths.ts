/** @file How long the rows of a file are in tokens of a model, with its own tokenizer and chat template. */
import { basename, join } from 'node:path';
import { CancelledError, ImportError } from '#contract/errors.ts';
import { LengthTally, type LengthSummary } from '#engine/data/quality/length-tally.ts';
import type { Row } from '#engine/data/row.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { tokeniseRow } from '#engine/text/tokenise-row.ts';
import type { TokeniseRowContext } from '#engine/text/tokenise-row.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { readRows } from './read-rows.ts';
import { tokenizerFor } from './tokenizer-for-rows.ts';

/** Rows between two looks at the clock. */
const ROWS_AT_ONCE = 200;

export interface LengthRequest {
  readonly modelDir: string;
  readonly dataFile: string;
}

/** Lengths in tokens; of a pair the longer answer counts. */
export interface LengthReport {
  readonly rows: number;
  /** Prompt and answer together. */
  readonly sequence: LengthSummary;
  readonly prompt: LengthSummary;
  readonly answer: LengthSummary;
  /** `[tokens, rows]`, the shortest first: what any `max_length` cuts and drops can be told from them. */
  readonly sequenceCounts: readonly (readonly [tokens: number, rows: number])[];
  readonly promptCounts: readonly (readonly [tokens: number, rows: number])[];
  /** Rows that can't be read or tokenised, and why the first of them can't. */
  readonly uncounted: number;
  readonly firstProblem: string | null;
}

export interface CountOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (rowsDone: number, rowsTotal: number) => void;
}

/** @throws {AppError} with one sentence for the person */
export async function countLengths({ modelDir, dataFile }: LengthRequest, { signal, onProgress }: CountOptions): Promise<LengthReport> {
  const folder = await openModelFolder(modelDir);
  const { vocabSize } = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  const { rows, skipped } = await readRows(dataFile, { badRows: 'skip', signal });
  const context = { tokenizer: await tokenizerFor(rows, folder.dir, new Date()), file: basename(dataFile), vocabSize };
  const tally = new Lengths(skipped);
  for (const [index, row] of rows.entries()) {
    if (signal.aborted) throw new CancelledError();
    tally.add(row, context);
    if (index % ROWS_AT_ONCE === 0) onProgress?.(index, rows.length);
  }
  onProgress?.(rows.length, rows.length);
  return tally.report(rows.length + skipped.length);
}

class Lengths {
  readonly #prompt = new LengthTally();
  readonly #answer = new LengthTally();
  readonly #sequence = new LengthTally();
  #uncounted: number;
  #firstProblem: string | null;

  /** @param skipped - why rows could not be read */
  constructor(skipped: readonly string[]) {
    this.#uncounted = skipped.length;
    this.#firstProblem = skipped[0] ?? null;
  }

  add(row: Row, context: TokeniseRowContext): void {
    try {
      const { tokenised } = tokeniseRow(row, context);
      const answers = isTokenisedPair(tokenised) ? [tokenised.chosenIds, tokenised.rejectedIds] : [tokenised.completionIds];
      const answer = Math.max(...answers.map(({ length }) => length));
      const prompt = tokenised.promptIds.length;
      this.#prompt.add(prompt);
      this.#answer.add(answer);
      this.#sequence.add(prompt + answer);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.#uncounted++;
      this.#firstProblem ??= error.message;
    }
  }

  report(rows: number): LengthReport {
    return {
      rows,
      sequence: this.#sequence.summary(),
      prompt: this.#prompt.summary(),
      answer: this.#answer.summary(),
      sequenceCounts: this.#sequence.counts(),
      promptCounts: this.#prompt.counts(),
      uncounted: this.#uncounted,
      firstProblem: this.#firstProblem,
    };
  }
}
