/** @file The files of a tokenizer for chats in the ChatML format, as Transformers reads them. */
import { BYTE_LEVEL } from './train-bpe.ts';
import type { BpeVocabulary } from './train-bpe.ts';

/** Their ids are 0, 1, 2 in this order. */
export const CHATML_TOKENS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

const TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export interface TokenizerFiles {
  readonly 'tokenizer.json': object;
  readonly 'tokenizer_config.json': object;
}

/**
 * @param vocabulary - learnt with {@link CHATML_TOKENS} as its special tokens
 * @param maxLength - the model's longest sequence, tokens
 */
export function chatMlTokenizerFiles({ vocab, merges }: BpeVocabulary, maxLength: number): TokenizerFiles {
  const [endOfText, , endOfTurn] = CHATML_TOKENS;
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: CHATML_TOKENS.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: BYTE_LEVEL,
      post_processor: null,
      decoder: BYTE_LEVEL,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(vocab),
        merges,
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: null,
      eos_token: endOfTurn,
      pad_token: endOfText,
      unk_token: null,
      additional_special_tokens: [CHATML_TOKENS[1]],
      clean_up_tokenization_spaces: false,
      model_max_length: maxLength,
      chat_template: TEMPLATE,
    },
  };
}
