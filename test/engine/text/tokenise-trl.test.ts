/**
 * @file Rows of every form, from their raw values to token ids and truncated sequences, against TRL's own dataset preparation
 * and data collators (test/golden/generators/tokenisation.py).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRowParser } from '#engine/data/row-parser.ts';
import type { ExampleRow, PairRow } from '#engine/data/row.ts';
import { isTokenisedPair } from '#engine/data/tokenised.ts';
import type { TokenisedRow } from '#engine/data/tokenised.ts';
import { unpair } from '#engine/data/unpair.ts';
import { tokeniseDataset } from '#engine/text/tokenise-dataset.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';
import type { TruncationMode } from '#engine/text/truncate-sequence.ts';
import { goldenTokenizer } from '#test/support/golden-tokenizer.ts';

interface GoldenRow {
  row: number;
  prompt_ids: number[];
  completion_ids?: number[];
  label?: boolean;
  chosen_ids?: number[];
  rejected_ids?: number[];
}
interface Case {
  name: string;
  method: 'kto' | 'dpo';
  tokenizer: string;
  rows: unknown[];
  maxLength: number | null;
  truncationMode: TruncationMode;
  out: GoldenRow[];
  mismatches: number;
  collated?: { ids: number[]; start: number }[];
}
const golden = JSON.parse(readFileSync(new URL('../../golden/tokenisation.json', import.meta.url), 'utf8')) as {
  templates: Record<string, string>;
  special: Record<string, Record<string, string>>;
  cases: Case[];
};

async function run(test: Case) {
  const tokenizer = goldenTokenizer(test.tokenizer, { ...golden.special[test.tokenizer], chat_template: golden.templates[test.tokenizer] });
  const parse = createRowParser('rows.jsonl');
  const rows = test.rows.map((value, index) => parse(value, index + 1));
  const isUnpaired = test.method === 'kto' && rows[0]?.kind === 'pair';
  const options = { ...test, tokenizer, file: 'rows.jsonl', vocabSize: tokenizer.vocabSize };
  return tokeniseDataset<ExampleRow | PairRow>(isUnpaired ? unpair(rows as PairRow[]) : rows, options);
}

function toGolden(row: TokenisedRow): GoldenRow {
  const base = { row: row.row, prompt_ids: [...row.promptIds] };
  return isTokenisedPair(row)
    ? { ...base, chosen_ids: [...row.chosenIds], rejected_ids: [...row.rejectedIds] }
    : { ...base, completion_ids: [...row.completionIds], label: row.label };
}

describe.each(golden.cases)('TRL, $method, $tokenizer tokenizer: $name ($maxLength $truncationMode)', (test) => {
  it('keeps the same rows in the same order with the same ids', async () => {
    const { rows } = await run(test);
    expect(rows.map(toGolden)).toEqual(test.out);
  });
});

// TRL warns for each side of a pair, so only examples can be counted against it; and it warns before it drops rows.
it.each(golden.cases.filter((test) => test.method === 'kto'))(
  'TRL, $tokenizer tokenizer: $name, rows whose tokens merge across the end of the prompt',
  async (test) => {
    const { report } = await run({ ...test, maxLength: null });
    expect(report.prefixMismatches.length).toBe(test.mismatches);
  },
);

const truncated = golden.cases.filter((test) => test.collated !== undefined);

it.each(truncated)('TRL, $method, $tokenizer tokenizer: $name, truncated to $maxLength tokens ($truncationMode)', async (test) => {
  const { rows } = await run(test);
  const { maxLength, truncationMode } = test;
  const truncate = (promptIds: Int32Array, completionIds: Int32Array) => {
    const { ids, completionStart } = truncateSequence({ promptIds, completionIds, maxLength, truncationMode });
    return { ids: [...ids], start: completionStart };
  };
  // TRL puts all chosen sequences of a batch before all rejected ones.
  const first = rows.map((row) => truncate(row.promptIds, isTokenisedPair(row) ? row.chosenIds : row.completionIds));
  const second = rows.filter(isTokenisedPair).map((row) => truncate(row.promptIds, row.rejectedIds));
  expect([...first, ...second]).toEqual(test.collated);
});

it('covers every form that TRL reads', () => {
  expect(new Set(golden.cases.map((test) => test.name.replace(/,.*/u, ''))).size).toBe(6);
  expect(golden.cases.some((test) => test.mismatches > 0)).toBe(true);
});
