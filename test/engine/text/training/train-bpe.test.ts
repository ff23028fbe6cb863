/** @file The vocabularies that Hugging Face's trainer learns (test/golden/generators/bpe_training.py), and tokenizers made from ours. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { chatMlTokenizerFiles, CHATML_TOKENS } from '#engine/text/training/chatml-tokenizer.ts';
import { trainBpe } from '#engine/text/training/train-bpe.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';

interface Golden {
  readonly special: string[];
  readonly texts: string[];
  readonly learnt: readonly { readonly vocab_size: number; readonly vocab: string[]; readonly merges: [string, string][] }[];
}
const golden = JSON.parse(readFileSync(new URL('../../../golden/bpe-training.json', import.meta.url), 'utf8')) as Golden;

function tokenizerOf(texts: readonly string[], vocabSize: number) {
  const files = chatMlTokenizerFiles(trainBpe(texts, { vocabSize, specialTokens: CHATML_TOKENS }), 512);
  const parsed = JSON.parse(JSON.stringify(files)) as typeof files;
  return createTokenizer(
    {
      folder: 'model',
      tokenizerJson: parsed['tokenizer.json'],
      tokenizerConfig: parsed['tokenizer_config.json'],
      specialTokensMap: null,
      chatTemplateFiles: {},
    },
    () => new Date(0),
  );
}

describe('a byte-level BPE', () => {
  it.each(golden.learnt)('of $vocab_size tokens is the one that Hugging Face learns', ({ vocab_size, vocab, merges }) => {
    const learnt = trainBpe(golden.texts, { vocabSize: vocab_size, specialTokens: golden.special });
    expect(learnt.merges).toEqual(merges);
    expect([...learnt.vocab.keys()]).toEqual(vocab);
    expect([...learnt.vocab.values()]).toEqual(vocab.map((_, id) => id));
  });

  it('is refused without room for the bytes', () => {
    expect(() => trainBpe([], { vocabSize: 258, specialTokens: golden.special })).toThrow(SettingsError);
    expect(() => trainBpe([], { vocabSize: 258, specialTokens: golden.special })).toThrow('from 259 (256 bytes and 3 special tokens)');
  });

  it('can be learnt from nothing', () => {
    expect(trainBpe([], { vocabSize: 1000, specialTokens: [] }).vocab.size).toBe(256);
  });
});

describe('a ChatML tokenizer', () => {
  const tokenizer = tokenizerOf(golden.texts, 400);

  it('gives back any text of Unicode', () => {
    // The library that decodes drops a byte-order mark, which shows nowhere.
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replaceAll('\ufeff', ''));
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.decode(tokenizer.encode(value))).toBe(value);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('writes conversations in ChatML, whose marks are single tokens', () => {
    const messages = [
      { role: 'user', content: 'a b' },
      { role: 'assistant', content: 'c' },
    ];
    const text = tokenizer.applyChatTemplate(messages, { addGenerationPrompt: false });
    expect(text).toBe('<|im_start|>user\na b<|im_end|>\n<|im_start|>assistant\nc<|im_end|>\n');
    expect(tokenizer.applyChatTemplate(messages.slice(0, 1), { addGenerationPrompt: true })).toBe(
      '<|im_start|>user\na b<|im_end|>\n<|im_start|>assistant\n',
    );
    const ids = tokenizer.encodeChat(messages, { addGenerationPrompt: false });
    expect(ids.filter((id) => id < 3)).toEqual(Int32Array.of(1, 2, 1, 2));
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('user\na b\nassistant\nc\n');
  });

  it('ends a turn with its end-of-sequence token and pads with another', () => {
    expect(tokenizer.eosToken).toBe('<|im_end|>');
    expect(tokenizer.padTokenId).toBe(0);
    expect(tokenizer.vocabSize).toBe(400);
  });
});
