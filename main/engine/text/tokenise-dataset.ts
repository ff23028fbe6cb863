/**
 * @file Tokenises a dataset and tells what was lost on the way. Rows whose prompt alone fills `max_length` are dropped, as in
 * TRL, because truncation would leave nothing of their completion.
 */
import { CancelledError, ImportError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import type { TokenisedRow } from '#engine/data/tokenised.ts';
import type { DroppedRow, TokenisationReport, TruncatedRow } from './tokenisation-report.ts';
import { tokeniseRow } from './tokenise-row.ts';
import type { TokenisedOf, TokenisedRowResult, TokeniseRowContext } from './tokenise-row.ts';
import type { TruncationMode } from './truncate-sequence.ts';

export interface TokeniseDatasetOptions extends TokeniseRowContext {
  /** Tokens a sequence may have; `null` for no limit. */
  readonly maxLength: number | null;
  readonly truncationMode: TruncationMode;
  /** Called now and then with the number of rows done; awaited, so that a host can do other work in between. */
  readonly onProgress?: (doneRows: number) => void | Promise<void>;
  /** Told of a row that cannot be tokenised, which is then left out; without it the first such row ends the work. */
  readonly onBadRow?: (error: ImportError) => void;
  /** Looked at before every row; an `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean };
}

const ROWS_PER_PROGRESS = 100;

/**
 * Tokenises every row, in order.
 * @throws {ImportError} at the first row that cannot be tokenised, unless `onBadRow` takes it
 * @throws {FormatError} if the tokenizer lacks what the rows need
 * @throws {CancelledError} if `signal` is aborted
 */
export async function tokeniseDataset<R extends Row>(
  rows: Iterable<R> | AsyncIterable<R>,
  options: TokeniseDatasetOptions,
): Promise<{ rows: TokenisedOf<R>[]; report: TokenisationReport }> {
  const kept: TokenisedOf<R>[] = [];
  const tally = new Tally(options);
  let done = 0;
  for await (const row of rows) {
    if (options.signal?.aborted === true) throw new CancelledError('Tokenising was cancelled.');
    const result = tokeniseOrReport(row, options);
    if (result && tally.admit(result.tokenised, result.hasPrefixMismatch)) kept.push(result.tokenised);
    done++;
    if (done % ROWS_PER_PROGRESS === 0) await options.onProgress?.(done);
  }
  await options.onProgress?.(done);
  return { rows: kept, report: tally.report() };
}

function tokeniseOrReport<R extends Row>(row: R, options: TokeniseDatasetOptions): TokenisedRowResult<R> | null {
  try {
    return tokeniseRow(row, options);
  } catch (error) {
    if (!options.onBadRow || !(error instanceof ImportError)) throw error;
    options.onBadRow(error);
    return null;
  }
}

interface Answer {
  readonly side: TruncatedRow['side'];
  readonly tokens: number;
}

/** Counts what happens to the rows. */
class Tally {
  private readonly maxLength: number;
  private readonly truncationMode: TruncationMode;
  private readonly dropped: DroppedRow[] = [];
  private readonly truncated: TruncatedRow[] = [];
  private readonly prefixMismatches: number[] = [];
  private kept = 0;
  private longest = 0;
  private promptTokens = 0;
  private answers = 0;
  private answerTokens = 0;

  constructor({ maxLength, truncationMode }: TokeniseDatasetOptions) {
    this.maxLength = maxLength ?? Number.POSITIVE_INFINITY;
    this.truncationMode = truncationMode;
  }

  /** Whether the row is kept. */
  admit(row: TokenisedRow, hasPrefixMismatch: boolean): boolean {
    const prompt = row.promptIds.length;
    const answers = answersOf(row);
    const reason = this.reasonToDrop(prompt, answers);
    if (reason !== null) {
      this.dropped.push({ row: row.row, reason });
      return false;
    }
    if (hasPrefixMismatch) this.prefixMismatches.push(row.row);
    this.kept++;
    this.promptTokens += prompt;
    for (const answer of answers) this.count(row.row, prompt, answer);
    return true;
  }

  report(): TokenisationReport {
    return {
      kept: this.kept,
      dropped: this.dropped,
      truncated: this.truncated,
      prefixMismatches: this.prefixMismatches,
      longestTokens: this.longest,
      meanPromptTokens: this.kept === 0 ? 0 : this.promptTokens / this.kept,
      meanCompletionTokens: this.answers === 0 ? 0 : this.answerTokens / this.answers,
    };
  }

  /** `keep_end` keeps the completion's end whatever the prompt's length, so it drops nothing for that. */
  private reasonToDrop(prompt: number, answers: readonly Answer[]): string | null {
    if (this.truncationMode === 'keep_start' && prompt >= this.maxLength) {
      return `the prompt alone has ${prompt} tokens and max_length is ${this.maxLength}`;
    }
    const empty = answers.find((answer) => answer.tokens === 0);
    return empty === undefined ? null : `the ${empty.side} has no tokens of its own: they all merged into the prompt's`;
  }

  private count(row: number, promptTokens: number, { side, tokens }: Answer): void {
    const total = promptTokens + tokens;
    this.longest = Math.max(this.longest, total);
    this.answers++;
    this.answerTokens += tokens;
    if (total <= this.maxLength) return;
    const room = this.truncationMode === 'keep_start' ? this.maxLength - promptTokens : this.maxLength;
    this.truncated.push({ row, side, promptTokens, completionTokens: tokens, keptCompletionTokens: Math.min(tokens, room) });
  }
}

function answersOf(row: TokenisedRow): readonly Answer[] {
  if (!isTokenisedPair(row)) return [{ side: 'completion', tokens: row.completionIds.length }];
  return [
    { side: 'chosen', tokens: row.chosenIds.length },
    { side: 'rejected', tokens: row.rejectedIds.length },
  ];
}
