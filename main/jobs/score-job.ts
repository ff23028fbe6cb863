/** @file Log-probabilities of every row of a file under a model, with or without an adapter. */
import { basename } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import { chooseEngine } from '#engines/choose-engine.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import type { TokenisedRow } from '#engine/data/tokenised.ts';
import type { Row } from '#engine/data/row.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { tokeniseRow } from '#engine/text/tokenise-row.ts';
import type { TokeniseRowContext } from '#engine/text/tokenise-row.ts';
import { ChunkSize } from '#engine/train/chunk-size.ts';
import { collectRows, emptyRowSums } from '#engine/train/micro-batch.ts';
import { exampleGroup, pairGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { headGroupsFor } from '#engine/train/memory-plan.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { adapterFromFolder } from './initial-adapter.ts';
import { checkRowFits } from './check-row-fits.ts';
import { openModel } from './open-model.ts';
import { readRows } from './read-rows.ts';
import { tokenizerFor } from './tokenizer-for-rows.ts';
import type { RowScore, ScoreRequest } from './training-request.ts';

/** Rows scored together; enough to fill chunks, few enough that lines come out steadily. */
const BATCH_ROWS = 16;
/** Without a gradient little is kept, and matrix products are at full speed. */
const CHUNK_TOKENS = 1024;

/**
 * Rows come out in the order of the file; a row that `maxLength` leaves without an answer scores 0 over 0 tokens.
 * @throws {AppError} with one sentence for the person
 */
export async function* scoreJob(
  { modelDir, adapterDir, dataFile, maxLength, cacheDir, engine }: ScoreRequest,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<RowScore> {
  const { rows } = await readRows(dataFile, { badRows: 'stop', signal });
  const model = await openModel(modelDir, { cacheDir, signal });
  const adapter = adapterDir === null ? null : await adapterFromFolder(adapterDir, model);
  const context = {
    tokenizer: await tokenizerFor(rows, model.dir, new Date()),
    file: basename(dataFile),
    vocabSize: model.config.vocabSize,
  };
  const { backend } = await chooseEngine(engine ?? null, { cacheDir });
  const pass = await RowPass.compile(backend, model.weights, {
    config: model.config,
    modules: adapter?.modules ?? [],
    partner: false,
    measures: false,
    memory: { headGroups: headGroupsFor(model.config.vocabSize, CHUNK_TOKENS), recompute: false },
    objective: { kind: 'none' },
  });
  const chunks = new ChunkSize(CHUNK_TOKENS);
  try {
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      yield* scoreBatch(pass, rows.slice(start, start + BATCH_ROWS), {
        context,
        chunks,
        config: model.config,
        maxLength,
        firstRow: start,
        parameters: adapter?.parameters ?? new Map(),
        signal,
      });
    }
  } finally {
    await pass.release();
  }
}

interface BatchOptions {
  readonly context: TokeniseRowContext;
  readonly chunks: ChunkSize;
  readonly config: ModelConfig;
  readonly maxLength: number | null;
  readonly firstRow: number;
  readonly parameters: LoraParameters;
  readonly signal: AbortSignal;
}

async function* scoreBatch(
  pass: RowPass,
  rows: readonly Row[],
  { context, chunks, config, maxLength, firstRow, parameters, signal }: BatchOptions,
): AsyncGenerator<RowScore> {
  const tokenised = rows.map((row): TokenisedRow => tokeniseRow(row, context).tokenised);
  const groups = tokenised.map((row, i) =>
    isTokenisedPair(row) ? pairGroup(row, i, { maxLength, truncationMode: 'keep_start' }) : exampleGroup(row, null, i, maxLength),
  );
  const longest = longestRow(groups);
  checkRowFits(longest, config);
  const rowCount = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const sums = emptyRowSums(rowCount);
  const scoreChunks = async () => {
    for (const chunk of chunks.cut(groups)) {
      if (signal.aborted) throw new CancelledError('Scoring was stopped.');
      collectRows(sums, chunk, await pass.run(chunk, { parameters, longestRow: longest }));
    }
  };
  await chunks.fit(scoreChunks, { rowsTogether: Math.max(...groups.map((group) => group.rows.length)), free: () => Promise.resolve() });
  const score = (row: number) => ({ logp: sums.logps[row] as number, tokens: sums.completionTokens[row] as number });
  for (const [i, row] of tokenised.entries()) {
    const number = firstRow + i;
    yield isTokenisedPair(row) ? { row: number, chosen: score(2 * i), rejected: score(2 * i + 1) } : { row: number, ...score(i) };
  }
}
