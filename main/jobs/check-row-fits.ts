/** @file Refuses a row that no machine of this size can compute, before the memory is asked for. */
import { freemem, totalmem } from 'node:os';
import { OutOfMemoryError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';

const BYTES_PER_FLOAT = 4;

/**
 * Only what is certain: attention holds a score for each head and pair of tokens, and a mask for each pair. Rows that pass may still be
 * too long.
 * @param tokens - of the longest row, after truncation
 * @throws {OutOfMemoryError} if these alone do not fit into the machine's memory
 */
export function checkRowFits(tokens: number, { queryHeads }: Pick<ModelConfig, 'queryHeads'>, totalBytes: number = totalmem()): void {
  const neededBytes = (queryHeads + 1) * tokens ** 2 * BYTES_PER_FLOAT;
  if (neededBytes <= totalBytes) return;
  const message =
    `The longest row has ${tokens} tokens, and attention between them needs at least ${gibibytes(neededBytes)} GiB of memory; ` +
    `this machine has ${gibibytes(totalBytes)} GiB. Set max_length, or leave the row out.`;
  throw new OutOfMemoryError(message, { neededBytes, availableBytes: Math.min(totalBytes, freemem()) });
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(bytes < 2 ** 40 ? 1 : 0);
}
