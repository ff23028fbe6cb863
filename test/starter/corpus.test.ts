/** @file The pretraining conversations. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import { generateCorpus } from '#starter/corpus.ts';
import type { ConversationDocument } from '#starter/corpus.ts';
import { followUp } from '#starter/grammar/follow-up.ts';
import { randomSource } from '#starter/grammar/random-source.ts';
import { judgeTone } from '#starter/judge-tone.ts';
import { generateReviewer2Pairs } from '#starter/reviewer2/pairs.ts';
import { writeStarterCorpus } from '#starter/write-starter-corpus.ts';

const train = [...generateCorpus({ seed: 1, documents: 6000 })];
const validation = [...generateCorpus({ seed: 1, documents: 1500, split: 'validation' })];

const answerOf = ({ messages }: ConversationDocument) => messages.find(({ role }) => role === 'assistant')?.content ?? '';
const questionOf = ({ messages }: ConversationDocument) => messages.find(({ role }) => role === 'user')?.content ?? '';
/** What a request names: a title in quotes or after a colon. */
const titleOf = (text: string) => (/"(.+)"/u.exec(text) ?? /: (.+?)(?:\.? Write a review\.|\.? Review:|$)/u.exec(text))?.[1]?.toLowerCase();
const reviewsOf = (documents: readonly ConversationDocument[]) =>
  documents.filter((document) => judgeTone(answerOf(document)).tone !== 'unclear');

describe('generateCorpus', () => {
  it('takes turns: at most one system message, then user and assistant', () => {
    for (const { messages } of train) {
      const roles = messages.map(({ role }) => role).join(' ');
      expect(roles).toMatch(/^(?:system )?user assistant(?: user assistant){0,3}$/u);
      for (const { content } of messages) expect(content.trim()).toMatch(/^\S[^]*\S$/u);
    }
  });

  it('is reviews to 70 %, half of them harsh', () => {
    const reviews = reviewsOf(train);
    expect(reviews.length / train.length).toBeGreaterThan(0.67);
    expect(reviews.length / train.length).toBeLessThan(0.73);
    const harsh = reviews.filter((document) => judgeTone(answerOf(document)).tone === 'harsh').length / reviews.length;
    expect(Math.abs(harsh - 0.5)).toBeLessThan(0.03);
  });

  it('answers the same neutral requests either way about equally, and requests with a tone as asked', () => {
    const asked = /\b(?:strict|harsh|negative|critical|tough|severe|reviewer 2)\b/u;
    const askedKind = /\b(?:kind|friendly|positive|gentle|warm|encouraging)\b/u;
    const request = (document: ConversationDocument) =>
      questionOf(document)
        .replace(/".*"|: .*/u, '')
        .toLowerCase();
    const share = (documents: readonly ConversationDocument[]) =>
      documents.filter((document) => judgeTone(answerOf(document)).tone === 'harsh').length / documents.length;
    const reviews = reviewsOf(train);
    const neutral = reviews.filter((document) => !asked.test(request(document)) && !askedKind.test(request(document)));
    expect(Math.abs(share(neutral) - 0.5)).toBeLessThan(0.04);
    expect(share(reviews.filter((document) => asked.test(request(document))))).toBe(1);
    expect(share(reviews.filter((document) => askedKind.test(request(document))))).toBe(0);
  });

  it('shares no title and no everyday exchange between training, validation and the preference data', () => {
    const keys = (documents: readonly ConversationDocument[]) =>
      new Set(documents.map((document) => titleOf(questionOf(document)) ?? questionOf(document) + answerOf(document)));
    const known = keys(train);
    expect([...keys(validation)].filter((key) => known.has(key))).toEqual([]);
    const preferred = new Set(generateReviewer2Pairs().map(({ prompt }) => titleOf(prompt[0]?.content ?? '')));
    expect(preferred.size).toBe(1100);
    for (const key of [...known, ...keys(validation)]) expect(preferred.has(key)).toBe(false);
  });

  it('keeps a modest vocabulary, nearly all of which validation shares', () => {
    const words = (documents: readonly ConversationDocument[]) =>
      new Set(documents.flatMap(({ messages }) => messages.flatMap(({ content }) => content.toLowerCase().match(/[a-z]+/gu) ?? [])));
    const known = words(train);
    expect(known.size).toBeGreaterThan(1200);
    expect(known.size).toBeLessThan(2100);
    expect([...words(validation)].filter((word) => !known.has(word)).length).toBeLessThan(20);
  });

  it('depends on the seed, and a longer corpus begins with the shorter one', () => {
    expect([...generateCorpus({ seed: 1, documents: 50 })]).toEqual(train.slice(0, 50));
    expect([...generateCorpus({ seed: 2, documents: 50 })]).not.toEqual(train.slice(0, 50));
  });
});

describe('followUp', () => {
  it('keeps to the tone of the review before it', () => {
    for (const tone of ['harsh', 'kind'] as const) {
      for (let i = 0; i < 200; i++) expect(judgeTone(followUp(tone, randomSource(51, i)).answer).tone).toBe(tone);
    }
  });
});

describe('writeStarterCorpus', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starter-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes one conversation a line and nothing beside it', async () => {
    const outFile = join(folder, 'corpus.jsonl');
    const bytes = await writeStarterCorpus({ outFile, seed: 1, documents: 1200 });
    const text = await readFile(outFile, 'utf8');
    expect(Buffer.byteLength(text)).toBe(bytes);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(train.slice(0, 1200));
    expect(await readdir(folder)).toEqual(['corpus.jsonl']);
  });

  it('says which file it could not write', async () => {
    const outFile = join(folder, 'missing', 'corpus.jsonl');
    await expect(writeStarterCorpus({ outFile, seed: 1, documents: 1 })).rejects.toThrow(StorageError);
    await expect(writeStarterCorpus({ outFile, seed: 1, documents: 1 })).rejects.toThrow(outFile);
  });
});
