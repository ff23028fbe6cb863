import { expect, it } from 'vitest';
import { stopTokens } from '#engine/generate/stop-tokens.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';

const CHATML =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';

function tokenizer(config: Readonly<Record<string, unknown>>): TextTokenizer {
  const special = (id: number, content: string) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const vocab = Object.fromEntries(Array.from('abcdefghijklmnopqrstuvwxyzAĠ.?Ċ').map((letter, id) => [letter, id]));
  return createTokenizer(
    {
      folder: 'model',
      tokenizerJson: {
        added_tokens: [special(40, '</s>'), special(41, '<|im_start|>'), special(42, '<|im_end|>')],
        normalizer: null,
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
        post_processor: null,
        decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
        model: { type: 'BPE', vocab, merges: [] },
      },
      tokenizerConfig: config,
      specialTokensMap: null,
      chatTemplateFiles: {},
    },
    () => new Date(0),
  );
}

const NOTHING = { generationConfig: null, modelConfig: {}, tokenizer: null };

it('the ids of generation_config.json go before those of config.json', () => {
  expect([...stopTokens({ ...NOTHING, generationConfig: { eos_token_id: [5, 6] }, modelConfig: { eos_token_id: 7 } })]).toEqual([5, 6]);
  expect([...stopTokens({ ...NOTHING, generationConfig: { eos_token_id: null }, modelConfig: { eos_token_id: 7 } })]).toEqual([7]);
  expect([...stopTokens({ ...NOTHING, modelConfig: { eos_token_id: 'x' } })]).toEqual([]);
});

it('the end-of-sequence token of the tokenizer ends an answer too', () => {
  expect([...stopTokens({ ...NOTHING, tokenizer: tokenizer({ eos_token: '</s>' }) })]).toEqual([40]);
});

it('so does the special token that the chat template puts behind an answer', () => {
  const chat = tokenizer({ eos_token: '</s>', chat_template: CHATML });
  expect([...stopTokens({ ...NOTHING, modelConfig: { eos_token_id: 40 }, tokenizer: chat })]).toEqual([40, 42]);
});

it('a template that ends an answer with plain text, or refuses the question, adds nothing', () => {
  const plain = tokenizer({ eos_token: '</s>', chat_template: '{% for m in messages %}{{ m.content }}.{% endfor %}' });
  expect([...stopTokens({ ...NOTHING, tokenizer: plain })]).toEqual([40]);
  const strict = tokenizer({ eos_token: '</s>', chat_template: "{{ raise_exception('no') }}" });
  expect([...stopTokens({ ...NOTHING, tokenizer: strict })]).toEqual([40]);
});
