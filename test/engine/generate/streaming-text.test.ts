import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StreamingText } from '#engine/generate/streaming-text.ts';
import { goldenTokenizer } from '#test/support/golden-tokenizer.ts';

const STYLES = readdirSync(join(import.meta.dirname, '../../golden/tokenizers'))
  .filter((name) => name.endsWith('.json') && !name.endsWith('.model.json') && name !== 'texts.json')
  .map((name) => name.slice(0, -'.json'.length));

const TEXTS = ['Hello, world! It is  two spaces.', 'naïve café — 你好，世界 👩‍👩‍👧‍👦 done', ' leading space\nand\ttab', '👍🏽👍🏽', 'ﬁn … “quoted”'];

/** Half of a character that is written as two code units. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

describe.each(STYLES)('the text of a %s tokenizer', (style) => {
  const tokenizer = goldenTokenizer(style);
  const decode = (ids: Iterable<number>) => tokenizer.decode(ids, { skipSpecialTokens: true });

  it.each(TEXTS)('comes in whole characters and adds up to what is decoded at once: %s', (text) => {
    const ids = [...tokenizer.encodeBare(text)];
    const streaming = new StreamingText({ decode, context: [] });
    const pieces = ids.map((id) => streaming.add(id));
    for (const piece of pieces) expect(piece).not.toMatch(LONE_SURROGATE);
    const expected = decode(ids);
    const halves = pieces.filter((piece) => piece.includes('\uFFFD'));
    expect(expected.includes('\uFFFD') ? [] : halves).toEqual([]);
    expect(pieces.join('') + streaming.end()).toBe(expected);
  });

  it('goes on after a prompt as if both had been decoded together', () => {
    const ids = [...tokenizer.encodeBare('The cat sat on the mat and purred')];
    const prompt = ids.slice(0, Math.ceil(ids.length / 2));
    const streaming = new StreamingText({ decode, context: prompt });
    const added = ids.slice(prompt.length).map((id) => streaming.add(id));
    expect(decode(prompt) + added.join('') + streaming.end()).toBe(decode(ids));
  });
});

describe('bytes that are spread over tokens', () => {
  const bytes = new TextEncoder().encode('a€😀b');
  const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids));

  it('become a character when the last of them is there', () => {
    const streaming = new StreamingText({ decode, context: [] });
    expect([...bytes].map((byte) => streaming.add(byte))).toEqual(['a', '', '', '€', '', '', '', '😀', 'b']);
    expect(streaming.end()).toBe('');
  });

  it('come out as they are decoded when no more follows, or no character comes of them', () => {
    const streaming = new StreamingText({ decode, context: [] });
    const given = [0xe2, 0x82, 0x41, 0xff, 0xff].map((byte) => streaming.add(byte));
    expect(given).toEqual(['', '', '\uFFFDA', '', '']);
    expect(streaming.end()).toBe('\uFFFD\uFFFD');
  });
});
