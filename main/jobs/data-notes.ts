/** @file What was left out of the rows, or cut, in sentences for the person. */
import { basename } from 'node:path';
import type { TokenisedRow } from '#engine/data/tokenised.ts';
import type { TokenisedSet } from './prepare-data.ts';

/** Rows named before "and n more". */
const LISTED = 5;

/** @param skipped - one sentence per row */
export function skippedNote(file: string, skipped: readonly string[]): string {
  return `${count(skipped, 'row')} of ${basename(file)} ${wasOrWere(skipped)} skipped: ${listed(skipped)}`;
}

/**
 * What tokenising skipped, dropped or cut; nothing is lost in silence.
 * @param where - after "rows", with a space before it; empty for the training set
 */
export function dataNotes({ report, skipped }: TokenisedSet<TokenisedRow>, where: string): string[] {
  const { dropped, truncated, prefixMismatches } = report;
  const notes: string[] = [];
  if (skipped.length > 0) notes.push(`${count(skipped, 'row')}${where} ${wasOrWere(skipped)} skipped: ${listed(skipped)}`);
  if (dropped.length > 0) {
    const each = dropped.map(({ row, reason }) => `row ${row} (${reason})`);
    notes.push(`${count(dropped, 'row')}${where} ${wasOrWere(dropped)} dropped: ${listed(each)}`);
  }
  if (truncated.length > 0) {
    const each = truncated.map(
      ({ row, side, completionTokens, keptCompletionTokens }) =>
        `row ${row} (${keptCompletionTokens} of ${completionTokens} ${side} tokens kept)`,
    );
    notes.push(`${count(truncated, 'answer')}${where} ${wasOrWere(truncated)} cut to max_length: ${listed(each)}`);
  }
  if (prefixMismatches.length > 0) {
    const rows = listed(prefixMismatches.map((row) => `row ${row}`));
    const merges = "the tokenizer merges the end of the prompt with the answer, which shifts the answer's tokens as it does in TRL";
    notes.push(`In ${count(prefixMismatches, 'row')}${where} ${merges}: ${rows}`);
  }
  return notes;
}

function count({ length }: readonly unknown[], noun: string): string {
  return length === 1 ? `1 ${noun}` : `${length} ${noun}s`;
}

function wasOrWere({ length }: readonly unknown[]): string {
  return length === 1 ? 'was' : 'were';
}

function listed(items: readonly string[]): string {
  const more = items.length - LISTED;
  const shown = items.slice(0, LISTED).map((item) => item.replace(/\.$/, ''));
  return shown.join('; ') + (more > 0 ? `; and ${more} more.` : '.');
}
