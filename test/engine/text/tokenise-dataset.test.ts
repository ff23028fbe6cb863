import { describe, expect, it } from 'vitest';
import { CancelledError, FormatError, ImportError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import type { ExampleRow, PairRow, Row } from '#engine/data/row.ts';
import { tokeniseDataset } from '#engine/text/tokenise-dataset.ts';
import type { TokeniseDatasetOptions } from '#engine/text/tokenise-dataset.ts';
import { goldenTokenizer } from '#test/support/golden-tokenizer.ts';

const CONFIG = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' };
const TEMPLATE =
  "{% for m in messages %}{% if m.role == 'bad' %}{{ raise_exception('no such role') }}{% endif %}[{{ m.content }}]{% endfor %}";
const tokenizer = goldenTokenizer('llama2', { ...CONFIG, chat_template: TEMPLATE });
const OPTIONS = { tokenizer, file: 'rows.jsonl', vocabSize: tokenizer.vocabSize, maxLength: null, truncationMode: 'keep_start' } as const;

const rows = <R extends Row>(...values: unknown[]): R[] =>
  values.map((value, index) => parseRow(value, { file: 'rows.jsonl', row: index + 1 }) as R);
const tokenise = (examples: readonly Row[], options: Partial<TokeniseDatasetOptions> = {}) =>
  tokeniseDataset(examples, { ...OPTIONS, ...options });
const example = (prompt: string, completion: string) => ({ prompt, completion, label: true });
const message = (role: string, content: string) => [{ role, content }];

describe('tokeniseDataset', () => {
  it('appends the end-of-sequence token unless it is there, and keeps the order', async () => {
    const { rows: tokenised } = await tokeniseDataset(rows<ExampleRow>(example('a', ' b'), example('a', ' b</s>')), OPTIONS);
    expect(tokenised[0]?.completionIds).toEqual(tokenised[1]?.completionIds);
    expect(tokenised[0]?.completionIds.at(-1)).toBe(2);
    expect(tokenised.map((row) => row.row)).toEqual([1, 2]);
  });

  it('begins an empty prompt with the BOS that the tokenizer adds', async () => {
    const { rows: tokenised } = await tokeniseDataset(rows<ExampleRow>(example('', 'b')), OPTIONS);
    expect([...(tokenised[0]?.promptIds ?? [])]).toEqual([1]);
  });

  it('passes token ids on as they are', async () => {
    const value = { prompt_ids: [5], chosen_ids: [6, 7], rejected_ids: [8] };
    const { rows: tokenised } = await tokeniseDataset(rows<PairRow>(value), OPTIONS);
    expect(tokenised).toEqual([{ row: 1, promptIds: Int32Array.of(5), chosenIds: Int32Array.of(6, 7), rejectedIds: Int32Array.of(8) }]);
  });

  it('reads rows that arrive one after another', async () => {
    async function* arriving() {
      yield* rows<ExampleRow>(example('a', 'b'), example('c', 'd'));
    }
    expect((await tokeniseDataset(arriving(), OPTIONS)).rows.length).toBe(2);
  });
});

describe('the report', () => {
  const ids = (prompt: number, completion: number) => ({
    prompt_ids: Array(prompt).fill(5),
    completion_ids: Array(completion).fill(6),
    label: true,
  });

  it('lists rows whose prompt fills max_length as dropped, and those beyond it as truncated', async () => {
    const { rows: kept, report } = await tokenise(rows(ids(3, 1), ids(10, 2), ids(11, 2), ids(4, 20), ids(9, 1)), { maxLength: 10 });
    expect(kept.map((row) => row.row)).toEqual([1, 4, 5]);
    expect(report).toEqual({
      kept: 3,
      dropped: [
        { row: 2, reason: 'the prompt alone has 10 tokens and max_length is 10' },
        { row: 3, reason: 'the prompt alone has 11 tokens and max_length is 10' },
      ],
      truncated: [{ row: 4, side: 'completion', promptTokens: 4, completionTokens: 20, keptCompletionTokens: 6 }],
      prefixMismatches: [],
      longestTokens: 24,
      meanPromptTokens: 16 / 3,
      meanCompletionTokens: 22 / 3,
    });
  });

  it('drops nothing for its prompt under keep_end', async () => {
    const { report } = await tokenise(rows(ids(11, 2), ids(4, 20)), { maxLength: 10, truncationMode: 'keep_end' });
    expect(report.kept).toBe(2);
    expect(report.truncated.map((row) => row.keptCompletionTokens)).toEqual([2, 10]);
  });

  it('names both sides of a pair', async () => {
    const { report } = await tokenise(rows({ prompt_ids: [1], chosen_ids: Array(9).fill(2), rejected_ids: Array(12).fill(3) }), {
      maxLength: 8,
    });
    expect(report.truncated.map(({ side, keptCompletionTokens }) => [side, keptCompletionTokens])).toEqual([
      ['chosen', 7],
      ['rejected', 7],
    ]);
    expect(report.meanCompletionTokens).toBe(10.5);
  });

  it('lists rows whose tokens merge across the end of the prompt', async () => {
    const { report } = await tokenise(rows(example('The quick bro', 'wn fox'), example('The quick', ' brown fox')));
    expect(report.prefixMismatches).toEqual([1]);
  });

  it('drops a row whose completion merges into its prompt entirely', async () => {
    const swallowing = { ...tokenizer, encode: () => Int32Array.of(1, 2, 3) };
    const { report } = await tokenise(rows(example('a', 'b')), { tokenizer: swallowing });
    expect(report).toMatchObject({ kept: 0, dropped: [{ row: 1 }], meanPromptTokens: 0, meanCompletionTokens: 0, longestTokens: 0 });
  });

  it('is all zeros for no rows', async () => {
    expect((await tokenise([])).report).toMatchObject({ kept: 0, longestTokens: 0, meanPromptTokens: 0 });
  });
});

describe('tokenising stops', () => {
  it('at a token id that the model does not know', async () => {
    const attempt = tokenise(rows({ prompt_ids: [0], completion_ids: [1, 1000], label: true }), { vocabSize: 1000 });
    await expect(attempt).rejects.toThrow(
      'Row 1 of rows.jsonl has the token id 1000 in `completion_ids`, but the model knows ids from 0 to 999.',
    );
  });

  it('at a conversation that the template refuses, with its reason', async () => {
    const bad = { prompt: message('bad', 'x'), completion: message('assistant', 'y'), label: true };
    const error = await tokenise(rows(bad)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImportError);
    expect((error as ImportError).message).toMatch(
      /^Row 1 of rows\.jsonl cannot be written as a chat: .+: no such role\. Fix it or skip the row\.$/u,
    );
  });

  it('at a conversation when the model has no chat template, which is no fault of the row', async () => {
    const chat = { prompt: message('user', 'x'), completion: message('assistant', 'y'), label: true };
    const attempt = tokenise(rows(chat), { tokenizer: goldenTokenizer('llama2', CONFIG) });
    await expect(attempt).rejects.toThrow(FormatError);
    await expect(attempt).rejects.toThrow('add a chat_template.jinja, or use plain text');
  });

  it('at plain text when the model has no end-of-sequence token', async () => {
    await expect(tokenise(rows(example('a', 'b')), { tokenizer: goldenTokenizer('llama2') })).rejects.toThrow('names no eos_token');
  });

  it('when it is cancelled, and tells its progress until then', async () => {
    const progress: number[] = [];
    const signal = { aborted: false };
    const many = rows(...Array.from({ length: 250 }, () => example('a', 'b')));
    const onProgress = async (done: number) => {
      progress.push(done);
      signal.aborted = done === 200;
    };
    await expect(tokenise(many, { onProgress, signal })).rejects.toThrow(CancelledError);
    expect(progress).toEqual([100, 200]);
  });

  it('with a last word on progress', async () => {
    const progress: number[] = [];
    await tokenise(rows(example('a', 'b'), example('c', 'd')), { onProgress: (done) => void progress.push(done) });
    expect(progress).toEqual([2]);
  });
});
