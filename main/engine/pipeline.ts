/**
 * @file The spine: how rows of a file become an adapter, as four steps that the jobs put files around.
 *
 *   splitRows      Row[] ─────────▶ training rows, evaluation rows    by prompt
 *   rowsForMethod  pairs ─────────▶ examples for KTO; pairs stay for DPO
 *   tokenise       Row[] ─────────▶ token ids, and what was dropped or cut
 *   startTraining  token ids ─────▶ a trainer: ask it for events, then take its parameters
 */
import { SettingsError } from '#contract/errors.ts';
import { holdOut } from './data/hold-out.ts';
import type { HoldOut } from './data/hold-out.ts';
import type { ExampleRow, PairRow, Row } from './data/row.ts';
import type { TokenisedExample, TokenisedPair } from './data/tokenised.ts';
import { unpair } from './data/unpair.ts';
import { tokeniseDataset } from './text/tokenise-dataset.ts';
import { DpoMethod } from './train/dpo-method.ts';
import { KtoMethod } from './train/kto-method.ts';
import type { Method, MethodOptions } from './train/method.ts';
import type { LoraParameters } from './train/row-pass.ts';
import type { TrainingSettings } from './train/settings.ts';
import { Trainer } from './train/trainer.ts';

/** @param evaluation - rows of an evaluation file, or null to hold out `eval_ratio` of the prompts */
export function splitRows(rows: readonly Row[], evaluation: readonly Row[] | null, settings: TrainingSettings): HoldOut<Row> {
  return evaluation ? { train: rows, evaluation } : holdOut(rows, settings.eval_ratio, settings.seed);
}

/**
 * Only KTO takes pairs apart. All rows of a file are of one kind.
 * @throws {SettingsError} if DPO is asked to learn from single answers
 */
export function rowsForMethod(rows: readonly Row[], method: 'kto', file: string): readonly ExampleRow[];
export function rowsForMethod(rows: readonly Row[], method: 'dpo', file: string): readonly PairRow[];
export function rowsForMethod(rows: readonly Row[], method: 'kto' | 'dpo', file: string): readonly Row[] {
  const arePairs = rows[0]?.kind === 'pair';
  if (method === 'kto') return arePairs ? unpair(rows as readonly PairRow[]) : rows;
  if (arePairs || rows.length === 0) return rows;
  throw new SettingsError(
    `DPO needs pairs of a chosen and a rejected answer, but the rows of ${file} are single answers with a label. Use --method kto.`,
    { field: 'method' },
  );
}

export const tokenise = tokeniseDataset;

/** Tokenised rows of the method; `evaluation` is null where there is nothing to evaluate on. */
export type MethodData =
  | { readonly method: 'kto'; readonly train: readonly TokenisedExample[]; readonly evaluation: readonly TokenisedExample[] | null }
  | { readonly method: 'dpo'; readonly train: readonly TokenisedPair[]; readonly evaluation: readonly TokenisedPair[] | null };

/** @param parameters - A and B of every adapted module; the trainer changes them in place */
export async function startTraining(
  options: MethodOptions,
  data: MethodData,
  parameters: LoraParameters,
): Promise<{ readonly method: Method; readonly trainer: Trainer }> {
  const method =
    data.method === 'kto'
      ? await KtoMethod.open(options, data.train, data.evaluation)
      : await DpoMethod.open(options, data.train, data.evaluation);
  return { method, trainer: new Trainer({ method, settings: options.settings, parameters, signal: options.signal }) };
}
