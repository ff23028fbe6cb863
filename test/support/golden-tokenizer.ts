/** @file The tokenizers in test/golden/tokenizers, put together from their pipeline and the vocabulary they share. */
import { readFileSync } from 'node:fs';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import type { TokenizerSource } from '#engine/text/tokenizer-source.ts';

const FOLDER = new URL('../golden/tokenizers/', import.meta.url);

export function readGoldenTokenizerFile(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}

/** @param config - stands for tokenizer_config.json */
export function goldenTokenizerSource(style: string, config: Readonly<Record<string, unknown>> = {}): TokenizerSource {
  const { tokenizer } = readGoldenTokenizerFile(`${style}.json`) as { tokenizer: { model: { shared: string } } };
  const { shared, ...options } = tokenizer.model;
  const model = { ...options, ...(readGoldenTokenizerFile(`${shared}.model.json`) as object) };
  return { folder: style, tokenizerJson: { ...tokenizer, model }, tokenizerConfig: config, specialTokensMap: null, chatTemplateFiles: {} };
}

export function goldenTokenizer(style: string, config: Readonly<Record<string, unknown>> = {}): TextTokenizer {
  return createTokenizer(goldenTokenizerSource(style, config), () => new Date(2024, 2, 5, 14, 7, 9));
}
