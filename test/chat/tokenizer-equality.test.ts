/** @file llama.cpp's own tokenizer, fed with the vocabulary Prospect writes, against Prospect's (which gives Hugging Face's ids). */
import { join } from 'node:path';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { Llama } from 'node-llama-cpp';
import { beforeAll, expect, it } from 'vitest';
import { ggufVocabulary } from '#engine/export/gguf/gguf-vocabulary.ts';
import { float32, string, uint32 } from '#engine/export/gguf/gguf-value.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { Random } from '#engine/train/random.ts';
import { writeGguf } from '#io/gguf/write-gguf.ts';
import { goldenTokenizerSource, readGoldenTokenizerFile } from '#test/support/golden-tokenizer.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GIVEN = readGoldenTokenizerFile('texts.json') as readonly string[];
/** What is put together into more strings. */
const PIECES =
  "the|The|ing| a|  |\n|\n\n|\r\n|\t|0|12|345|6789|1,000.50|\u0000|\u0007|\u001b[0m|\u00a0|\u2003|é|ß|İ|ſ|Привет|你好|日本語|ภาษา|한국어|العربية|😀|👩‍👩‍👧|🇫🇷|💩|'s|'LL|don't|\"|…|—|()|{}|<|>|/|\\|_|__|==|->|#|@|http://a.b/c?d=e|e\u0301|\u200b|\ufeff|\ufffd|ﬁ|Ⅷ|½|x²".split(
    '|',
  );
const STRINGS = [...GIVEN, ...madeUp(900)];

let llama: Llama;

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.disabled });
});

interface Case {
  readonly style: string;
  /** llama.cpp does not normalise, so this one is compared on text that is normalised already. */
  readonly normalised?: boolean;
  /** Where llama.cpp is known to cut otherwise; each of these has a note in the converted file's report. */
  readonly except?: RegExp;
}

it.each<Case>([
  // An added token that is looked for in normalised text, and so swallows no space before it.
  { style: 'llama2', except: /<norm>/ },
  // Added tokens that take the spaces around them along; llama.cpp knows such flags by the names of a few models only.
  { style: 'phi3', except: /<\/s>|<\|im_end\|>|<\|im_start\|>|<mask>/ },
  { style: 'llama3' },
  { style: 'qwen2', normalised: true },
  { style: 'smollm' },
  { style: 'gpt2' },
  // llama.cpp's words have no accents written as characters of their own.
  { style: 'o200k', except: /\p{M}/u },
])('$style', async ({ style, normalised = false, except }) => {
  const source = goldenTokenizerSource(style);
  const tokenizer = createTokenizer(source, () => new Date(0));
  const { metadata, notes } = ggufVocabulary(source, { vocabSize: tokenizer.vocabSize, stopIds: new Set() });
  const file = join(await temporaryFolder(), 'vocabulary.gguf');
  await writeGguf(file, new Map([['general.architecture', string('llama')], ...SHAPE, ...metadata]), []);
  const model = await llama.loadModel({ modelPath: file, vocabOnly: true });
  const strings = (normalised ? STRINGS.map((text) => text.normalize('NFC')) : STRINGS).filter((text) => except?.test(text) !== true);
  const different = strings.filter((text) => !isSame([...model.tokenize(text, true)], tokenizer.encodeBare(text)));
  expect(strings.length).toBeGreaterThanOrEqual(500);
  expect(different).toEqual([]);
  expect(notes.length > 0).toBe(normalised || except !== undefined);
  await model.dispose();
});

/** What llama.cpp asks of a file before it looks at the vocabulary. */
const SHAPE = [
  ['llama.context_length', uint32(64)],
  ['llama.embedding_length', uint32(8)],
  ['llama.block_count', uint32(1)],
  ['llama.feed_forward_length', uint32(8)],
  ['llama.attention.head_count', uint32(1)],
  ['llama.attention.layer_norm_rms_epsilon', float32(1e-6)],
] as const;

function isSame(a: readonly number[], b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function madeUp(count: number): string[] {
  const random = Random.fromSeed(11, 0);
  const below = (n: number) => Math.floor(random.uniform() * n);
  return Array.from({ length: count }, () => Array.from({ length: 1 + below(9) }, () => PIECES[below(PIECES.length)] as string).join(''));
}
