import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FormatError, StorageError } from '#contract/errors.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prospect-tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));
const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);

it('reads tokenizer.json alone', async () => {
  await put('tokenizer.json', '{"model":{}}');
  expect(await readTokenizerFiles(folder)).toEqual({
    folder,
    tokenizerJson: { model: {} },
    tokenizerConfig: null,
    specialTokensMap: null,
    chatTemplateFiles: {},
  });
});

it('reads the config, the special tokens and every template beside it', async () => {
  await put('tokenizer.json', '{}');
  await put('tokenizer_config.json', '\ufeff{"eos_token":"</s>"}');
  await put('special_tokens_map.json', '{"pad_token":"x"}');
  await put('chat_template.jinja', 'default é');
  await mkdir(join(folder, 'additional_chat_templates'));
  await put('additional_chat_templates/tool_use.jinja', 'tools');
  await put('additional_chat_templates/README.md', 'no template');
  expect(await readTokenizerFiles(folder)).toMatchObject({
    tokenizerConfig: { eos_token: '</s>' },
    specialTokensMap: { pad_token: 'x' },
    chatTemplateFiles: { default: 'default é', tool_use: 'tools' },
  });
});

it('says that tokenizer.json is missing', async () => {
  await put('config.json', '{}');
  await expect(readTokenizerFiles(folder)).rejects.toThrow(FormatError);
  await expect(readTokenizerFiles(folder)).rejects.toThrow('has no tokenizer.json. Choose the folder of a model');
});

it.each([
  ['tokenizer.model', 'a SentencePiece file (tokenizer.model)'],
  ['vocab.json', 'vocab.json but no tokenizer.json'],
])('says how to make tokenizer.json from %s', async (name, reason) => {
  await put(name, 'x');
  const error = await readTokenizerFiles(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain(reason);
  expect((error as FormatError).message).toContain("save_pretrained('.')");
});

it.each(['tokenizer.json', 'tokenizer_config.json'])('refuses a %s that is not JSON', async (name) => {
  await put('tokenizer.json', '{}');
  await put(name, '{"cut": ');
  await expect(readTokenizerFiles(folder)).rejects.toThrow(new RegExp(`${name} is not JSON`, 'u'));
});

it('refuses a template that is not UTF-8', async () => {
  await put('tokenizer.json', '{}');
  await put('chat_template.jinja', Buffer.from([0xe9, 0x20]));
  await expect(readTokenizerFiles(folder)).rejects.toThrow('chat_template.jinja is not UTF-8 text');
});

it('says that the folder does not exist', async () => {
  await expect(readTokenizerFiles(join(folder, 'none'))).rejects.toThrow(StorageError);
});

it('gives a tokenizer with the ids that TRL trained the golden runs on', async () => {
  const trl = new URL('../golden/trl/', import.meta.url);
  const tokenizer = createTokenizer(await readTokenizerFiles(fileURLToPath(new URL('base', trl))), () => new Date(0));
  const readRows = async (name: string) =>
    (JSON.parse(await readFile(new URL(name, trl), 'utf8')) as { dataset: Record<string, unknown>[] }).dataset;
  const encoded = (row: Record<string, unknown>, side: string) => [...tokenizer.encode((row['prompt'] as string) + (row[side] as string))];
  const ids = (row: Record<string, unknown>, side: string) => (row['prompt_ids'] as number[]).concat(row[`${side}_ids`] as number[]);
  for (const row of await readRows('kto_default/trace.json')) {
    expect(encoded(row, 'completion')).toEqual(ids(row, 'completion'));
  }
  for (const row of await readRows('dpo_trace.json')) {
    expect(encoded(row, 'chosen')).toEqual(ids(row, 'chosen'));
  }
  expect(tokenizer).toMatchObject({ eosToken: '</s>', bosToken: '<s>', padTokenId: 0, vocabSize: 259, hasChatTemplate: false });
});
