/**
 * @file The whole way from text to ids without the special tokens around it: added tokens, normalizer, pre-tokenizer, BPE.
 */
import { buildAddedTokenSplitter } from './added-tokens.ts';
import { buildBpe } from './bpe.ts';
import { buildNormaliser } from './normalise.ts';
import { buildPreTokeniser } from './pre-tokenise.ts';
import type { AddedTokenJson, TokenizerJson } from './tokenizer-json.ts';

/**
 * Builds the encoder.
 * @param addedTokens - those of tokenizer.json and what the config adds to them
 * @throws {FormatError} if the file contradicts itself
 */
export function buildEncoder(json: TokenizerJson, addedTokens: readonly AddedTokenJson[], file: string): (text: string) => number[] {
  const splitAddedTokens = buildAddedTokenSplitter(addedTokens, buildNormaliser(json.normalizer));
  const preTokenise = buildPreTokeniser(json.pre_tokenizer);
  const bpe = buildBpe(json.model, file);
  return (text) => {
    const ids: number[] = [];
    for (const segment of splitAddedTokens(text)) {
      if ('id' in segment) {
        ids.push(segment.id);
      } else {
        for (const piece of preTokenise(segment.text, segment.isTextStart)) for (const id of bpe(piece)) ids.push(id);
      }
    }
    return ids;
  };
}
