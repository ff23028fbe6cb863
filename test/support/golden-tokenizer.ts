/** @file The tokenizers in test/golden/tokenizers, put together from their pipeline and the vocabulary they share. */
import { readFileSync } from 'node:fs';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import type { TokenizerSource } from '#engine/text/tokenizer-source.ts';

const FOLDER = new URL('../golden/tokenizers/', import.meta.url);

export function readGoldenTokenizerFile<Value>(name: string): Value {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Value;
}

/** @param config - stands for tokenizer_config.json */
export function goldenTokenizerSource(style: string, config: Readonly<Record<string, unknown>> = {}): TokenizerSource {
  const { tokenizer } = readGoldenTokenizerFile<{ tokenizer: { model: { shared: string } } }>(`${style}.json`);
  const { shared, ...options } = tokenizer.model;
  const model = { ...options, ...readGoldenTokenizerFile<object>(`${shared}.model.json`) };
  return { folder: style, tokenizerJson: { ...tokenizer, model }, tokenizerConfig: config, specialTokensMap: null, chatTemplateFiles: {} };
}

export function goldenTokenizer(style: string, config: Readonly<Record<string, unknown>> = {}): TextTokenizer {
  return createTokenizer(goldenTokenizerSource(style, config), () => new Date(2024, 2, 5, 14, 7, 9));
}
