/** @file From dataset files to tokenised training and evaluation rows of the method, with everything that was left out or cut. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { rowsForMethod, splitRows, tokenise } from '#engine/pipeline.ts';
import type { ExampleRow, PairRow, Row } from '#engine/data/row.ts';
import type { TokenisedExample, TokenisedPair, TokenisedRow } from '#engine/data/tokenised.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import type { TokenisationReport } from '#engine/text/tokenisation-report.ts';
import type { TokenisedOf } from '#engine/text/tokenise-row.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { tokenizerFor } from './tokenizer-for-rows.ts';

export interface TokenisedSet<R extends TokenisedRow> {
  readonly rows: readonly R[];
  readonly report: TokenisationReport;
  /** One sentence per row that could not be tokenised and was left out. */
  readonly skipped: readonly string[];
  /** sha256 over the tokens and labels, in order. */
  readonly hash: string;
}

export type PreparedData =
  | { readonly method: 'kto'; readonly train: TokenisedSet<TokenisedExample>; readonly evaluation: TokenisedSet<TokenisedExample> | null }
  | { readonly method: 'dpo'; readonly train: TokenisedSet<TokenisedPair>; readonly evaluation: TokenisedSet<TokenisedPair> | null };

export interface PrepareOptions {
  readonly settings: TrainingSettings;
  readonly modelDir: string;
  readonly vocabSize: number;
  /** Start of the run: a chat template may print the date, and a resumed run must see the same text. */
  readonly startedAt: Date;
  /** Rows that can't be tokenised: left out, or the end of the job. */
  readonly badRows: 'skip' | 'stop';
  readonly signal?: AbortSignal;
  readonly onProgress?: (rowsDone: number, rowsTotal: number) => void;
}

interface Source {
  readonly file: string;
  readonly rows: readonly Row[];
}

/**
 * @param evaluation - rows of an evaluation file, or null to hold out `eval_ratio` of the prompts
 * @throws {SettingsError} if DPO is asked for and the rows are not pairs
 * @throws {ImportError} if no row is left, or a row can't be tokenised and is not to be skipped
 */
export async function prepareData(train: Source, evaluation: Source | null, options: PrepareOptions): Promise<PreparedData> {
  const { settings, modelDir, startedAt } = options;
  const split = splitRows(train.rows, evaluation?.rows ?? null, settings);
  const tokenizer = await tokenizerFor([...split.train, ...split.evaluation], modelDir, startedAt);
  const evalFile = evaluation?.file ?? train.file;
  const source = <R extends ExampleRow | PairRow>(file: string, rows: readonly R[]) => tokeniseSource({ file, rows }, tokenizer, options);
  if (settings.method === 'kto') {
    const trainSet = await source(train.file, rowsForMethod(split.train, 'kto', basename(train.file)));
    const evalSet = await source(evalFile, rowsForMethod(split.evaluation, 'kto', basename(evalFile)));
    return { method: 'kto', train: required(trainSet, train.file), evaluation: evalSet };
  }
  const trainSet = await source(train.file, rowsForMethod(split.train, 'dpo', basename(train.file)));
  const evalSet = await source(evalFile, rowsForMethod(split.evaluation, 'dpo', basename(evalFile)));
  return { method: 'dpo', train: required(trainSet, train.file), evaluation: evalSet };
}

interface SourceOf<R extends Row> {
  readonly file: string;
  readonly rows: readonly R[];
}

async function tokeniseSource<R extends ExampleRow | PairRow>(
  { file, rows }: SourceOf<R>,
  tokenizer: TextTokenizer,
  { settings, vocabSize, badRows, signal, onProgress }: PrepareOptions,
): Promise<TokenisedSet<TokenisedOf<R>> | null> {
  if (rows.length === 0) return null;
  const skipped = new Set<string>(); // the two answers of a pair may say the same of their prompt
  const result = await tokenise(rows, {
    tokenizer,
    file: basename(file),
    vocabSize,
    maxLength: settings.max_length,
    truncationMode: settings.truncation_mode,
    ...(signal ? { signal } : {}),
    ...(badRows === 'skip' ? { onBadRow: ({ message }) => skipped.add(message) } : {}),
    onProgress: (done) => onProgress?.(done, rows.length),
  });
  return { ...result, skipped: [...skipped], hash: hashRows(result.rows) };
}

function required<S extends TokenisedSet<TokenisedRow>>(set: S | null, file: string): S {
  if (set && set.rows.length > 0) return set;
  const dropped = set?.report.dropped[0];
  const why = dropped ? `In row ${dropped.row} ${dropped.reason}. Raise max_length, or use other rows.` : (set?.skipped[0] ?? '');
  throw new ImportError(`No row of ${basename(file)} is left to train on. ${why}`, { file });
}

function hashRows(rows: readonly TokenisedRow[]): string {
  const hash = createHash('sha256');
  const add = (ids: Int32Array) => hash.update(`${ids.length}:`).update(ids);
  for (const row of rows) {
    add(row.promptIds);
    if (isTokenisedPair(row)) {
      add(row.chosenIds);
      add(row.rejectedIds);
    } else {
      add(row.completionIds).update(row.label ? '+' : '-');
    }
  }
  return hash.digest('hex');
}
