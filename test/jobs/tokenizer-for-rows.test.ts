import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, InternalError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { tokenizerFor } from '#jobs/tokenizer-for-rows.ts';
import { alteredModel } from '#test/support/altered-model.ts';
import { BASE_MODEL, tokenExamples } from '#test/support/training-runs.ts';

const row = (value: unknown) => parseRow(value, { file: 'rows.jsonl', row: 1 });
const text = row({ prompt: 'a', completion: 'b', label: true });
const tokens = row(tokenExamples(1)[0]);

describe('tokenizerFor', () => {
  it("reads the model's tokenizer where one row needs it", async () => {
    const tokenizer = await tokenizerFor([tokens, text], BASE_MODEL, new Date(0));
    expect([...tokenizer.encode('a')]).toEqual([1, 67]);
  });

  it('needs none for token ids', async () => {
    const dir = await alteredModel((folder) => rm(join(folder, 'tokenizer.json')));
    const tokenizer = await tokenizerFor([tokens], dir, new Date(0));
    expect(() => tokenizer.encode('a')).toThrow(InternalError);
    await expect(tokenizerFor([tokens, text], dir, new Date(0))).rejects.toThrow(FormatError);
  });
});
