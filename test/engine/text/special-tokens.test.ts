import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { parseTokenizerJson } from '#engine/text/pipeline/tokenizer-json.ts';
import { resolveSpecialTokens } from '#engine/text/special-tokens.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { goldenTokenizer, goldenTokenizerSource } from '#test/support/golden-tokenizer.ts';

const json = parseTokenizerJson(
  {
    added_tokens: [{ id: 2, content: '</s>', special: true, normalized: false }],
    model: { type: 'BPE', vocab: { a: 0, b: 1, '</s>': 2, '<s>': 3 }, merges: [] },
  },
  'tokenizer.json',
);
const resolve = (config: unknown, specialTokensMap: unknown = null) =>
  resolveSpecialTokens(json, { config, specialTokensMap, folder: 'model' });
const flags = { lstrip: false, rstrip: false, single_word: false };

describe('special tokens', () => {
  it('get the id of the vocabulary, or the next free one, in the order of transformers', () => {
    const config = {
      eos_token: '</s>',
      bos_token: '<s>',
      pad_token: '<pad>',
      image_token: '<img>',
      additional_special_tokens: ['<x>', 'b'],
    };
    const { named, addedTokens } = resolve(config);
    expect(named).toEqual({ bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>', image_token: '<img>' });
    expect(addedTokens.map(({ id, content }) => [id, content])).toEqual([
      [2, '</s>'],
      [3, '<s>'],
      [4, '<pad>'],
      [5, '<img>'],
      [6, '<x>'],
      [1, 'b'],
    ]);
    expect(addedTokens.at(-1)).toEqual({ id: 1, content: 'b', ...flags, normalized: false, special: true });
  });

  it('take their flags from the added_tokens_decoder of the config', () => {
    const decoder = { 2: { content: '</s>', lstrip: false, rstrip: true, normalized: false, single_word: false, special: true } };
    expect(resolve({ added_tokens_decoder: decoder }).addedTokens).toEqual([
      { id: 2, content: '</s>', ...flags, rstrip: true, normalized: false, special: true },
    ]);
  });

  it('come from special_tokens_map.json only where the config lists no decoder', () => {
    const map = { eos_token: { content: 'a', lstrip: false } };
    expect(resolve({ eos_token: '</s>' }, map).named['eos_token']).toBe('a');
    expect(resolve({ eos_token: '</s>', added_tokens_decoder: {} }, map).named['eos_token']).toBe('</s>');
  });

  it('may be given as objects, and null means none', () => {
    expect(resolve({ eos_token: { __type: 'AddedToken', content: '</s>' }, bos_token: null }).named).toEqual({ eos_token: '</s>' });
    expect(resolve(null).named).toEqual({});
  });

  it('default to those of well-known classes', () => {
    expect(resolve({ tokenizer_class: 'GPT2TokenizerFast' }).named['eos_token']).toBe('<|endoftext|>');
    expect(resolve({ tokenizer_class: 'LlamaTokenizer', eos_token: 'b' }).named).toMatchObject({ bos_token: '<s>', eos_token: 'b' });
  });

  it('of the wrong type are refused with their place', () => {
    expect(() => resolve({ added_tokens_decoder: [1] })).toThrow(FormatError);
    expect(() => resolve({ added_tokens_decoder: { 2: { id: 3 } } })).toThrow(
      'model/tokenizer_config.json is not usable: added_tokens_decoder.2.content',
    );
  });
});

describe('a tokenizer', () => {
  it('pads with its padding token, or with the end-of-sequence token as TRL does', () => {
    expect(goldenTokenizer('llama2', { eos_token: '</s>' }).padTokenId).toBe(2);
    expect(goldenTokenizer('llama2', { eos_token: '</s>', pad_token: '<unk>' }).padTokenId).toBe(0);
    expect(goldenTokenizer('llama2').padTokenId).toBeNull();
  });

  it('knows one id more than its largest', () => {
    const plain = goldenTokenizer('llama2');
    const padded = goldenTokenizer('llama2', { pad_token: '<pad>' });
    expect(padded.vocabSize).toBe(plain.vocabSize + 1);
    expect(padded.padTokenId).toBe(plain.vocabSize);
    expect([...padded.encodeBare('<pad>')]).toEqual([plain.vocabSize]);
  });
});

describe('a tokenizer.json is refused', () => {
  const golden = goldenTokenizerSource('llama2').tokenizerJson as Record<string, Record<string, unknown>>;
  const build = (change: Record<string, unknown>) => () =>
    createTokenizer({ ...goldenTokenizerSource('llama2'), tokenizerJson: { ...golden, ...change } }, () => new Date(0));

  it.each([
    ['another model', { model: { type: 'Unigram', vocab: [] } }, 'holds a Unigram tokenizer'],
    ['an unknown normalizer', { normalizer: { type: 'Precompiled' } }, 'uses the normalizer "Precompiled"'],
    [
      'an unknown normalizer in a sequence',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Nmt' }] } },
      'uses the normalizer "Nmt"',
    ],
    ['an unknown pre-tokenizer', { pre_tokenizer: { type: 'BertPreTokenizer' } }, 'uses the pre_tokenizer "BertPreTokenizer"'],
    ['an unknown post-processor', { post_processor: { type: 'Odd' } }, 'uses the post_processor "Odd"'],
    ['a bad vocabulary', { model: { ...golden['model'], vocab: { a: 'b' } } }, 'is not a usable tokenizer.json: model.vocab.a'],
    ['a merge of unknown tokens', { model: { ...golden['model'], merges: [['qq', 'zz']] } }, 'merge 1 ("qq" + "zz") names a token'],
    [
      'a missing unknown token',
      { model: { ...golden['model'], unk_token: '<none>' } },
      'the unknown token "<none>" is not in the vocabulary',
    ],
    ['random merges', { model: { ...golden['model'], dropout: 0.1 } }, 'model.dropout'],
    [
      'a template without the text',
      { post_processor: { type: 'TemplateProcessing', single: [], special_tokens: {} } },
      'must hold the text exactly once',
    ],
    [
      'a template with an unlisted token',
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'x' } }, { Sequence: { id: 'A' } }],
          special_tokens: {},
        },
      },
      'lists no ids for it',
    ],
  ])('for %s', (_, change, problem) => {
    expect(build(change)).toThrow(FormatError);
    expect(build(change)).toThrow(problem);
  });

  it('when it is not an object at all', () => {
    expect(() => parseTokenizerJson([], 'x/tokenizer.json')).toThrow(FormatError);
    expect(() => parseTokenizerJson(null, 'x/tokenizer.json')).toThrow('x/tokenizer.json is not a usable tokenizer.json');
  });
});
