/**
 * @file The ids of every style of tokenizer, against those of Hugging Face's own `tokenizers` library
 * (test/golden/generators/make_tokenizers.py).
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldenTokenizer, readGoldenTokenizerFile } from '#test/support/golden-tokenizer.ts';

const texts = readGoldenTokenizerFile('texts.json') as string[];
const styles = readdirSync(new URL('../../golden/tokenizers/', import.meta.url))
  .filter((name) => name.endsWith('.json') && !name.endsWith('.model.json') && name !== 'texts.json')
  .map((name) => name.replace('.json', ''));

describe.each(styles)('the %s tokenizer', (style) => {
  const golden = readGoldenTokenizerFile(`${style}.json`) as { ids: string[]; decoded: string[] };
  const tokenizer = goldenTokenizer(style);

  it('gives the ids of Hugging Face for every text', () => {
    const ours = texts.map((text) => ({ text, ids: tokenizer.encode(text).join(' ') }));
    expect(ours).toEqual(texts.map((text, index) => ({ text, ids: golden.ids[index] })));
  });

  it('gives the same ids when it is asked again', () => {
    expect(tokenizer.encode(texts[20] as string)).toEqual(tokenizer.encode(texts[20] as string));
  });

  it('decodes ids to the text of Hugging Face', () => {
    // The library that decodes drops a byte-order mark written as bytes, which shows nowhere.
    const ours = golden.ids
      .slice(0, 40)
      .map((ids) => tokenizer.decode(ids.split(' ').filter(Boolean).map(Number)).replaceAll('\ufeff', ''));
    expect(ours).toEqual(golden.decoded.map((text) => text.replaceAll('\ufeff', '')));
  });
});

describe('a tokenizer', () => {
  it('covers at least the styles of the supported models', () => {
    expect(styles).toEqual(expect.arrayContaining(['gpt2', 'llama2', 'llama3', 'mistral', 'qwen2', 'smollm']));
    expect(texts.length).toBeGreaterThan(150);
  });

  it('leaves special tokens out of the decoded text when asked', () => {
    const tokenizer = goldenTokenizer('qwen2');
    expect(tokenizer.decode(tokenizer.encode('<|im_start|>hi<|im_end|>'), { skipSpecialTokens: true })).toBe('hi');
  });

  it('encodes bare text without the ids that the post-processor adds', () => {
    const tokenizer = goldenTokenizer('mistral');
    expect([...tokenizer.encode('hi')].slice(1, -1)).toEqual([...tokenizer.encodeBare('hi')]);
  });

  it('decodes no ids to no text', () => {
    expect(goldenTokenizer('gpt2').decode([])).toBe('');
  });

  it('stays fast on a long text in one piece', () => {
    const tokenizer = goldenTokenizer('llama2');
    const started = performance.now();
    expect(tokenizer.encode('the quick brown fox '.repeat(10_000)).length).toBeGreaterThan(10_000);
    expect(performance.now() - started).toBeLessThan(3000); // about 100 ms here; a quadratic merge would take minutes
  });
});
