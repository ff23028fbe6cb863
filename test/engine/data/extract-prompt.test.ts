import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractIdsPrompt, extractMessagesPrompt, extractTextPrompt } from '#engine/data/extract-prompt.ts';
import { jsonEqual } from '#engine/data/json-equal.ts';

describe('extractTextPrompt', () => {
  it.each([
    ['The sky is blue.', 'The sky is green.', 'The sky is', ' blue.', ' green.'],
    ['The sky is blue', 'The sky is black', 'The sky is bl', 'ue', 'ack'],
    ['a  b', 'a  c', 'a ', ' b', ' c'], // one space only goes to the completions
    ['abc', 'xyz', '', 'abc', 'xyz'],
    ['abc ', 'xyz', '', 'abc ', 'xyz'], // TRL looks at index -1 here
    ['abc', 'abcdef', 'ab', 'c', 'cdef'],
    ['same', 'same', 'sam', 'e', 'e'],
    ['x', 'x', '', 'x', 'x'],
    ['q 😀!', 'q 😁!', 'q', ' 😀!', ' 😁!'],
    ['q😀', 'q😀', 'q', '😀', '😀'],
    ['q😀', 'q😀!', 'q', '😀', '😀!'],
  ])('splits %j and %j', (chosen, rejected, prompt, chosenRest, rejectedRest) => {
    expect(extractTextPrompt(chosen, rejected)).toEqual({ prompt, chosen: chosenRest, rejected: rejectedRest });
  });

  it('never loses a character, leaves neither completion empty and cuts no character in two', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '😀', '😁', 'é'), minLength: 1 });
    fc.assert(
      fc.property(text, text, (chosen, rejected) => {
        const split = extractTextPrompt(chosen, rejected);
        expect(split.prompt + split.chosen).toBe(chosen);
        expect(split.prompt + split.rejected).toBe(rejected);
        expect(split.chosen.length * split.rejected.length).toBeGreaterThan(0);
        expect([split.prompt, split.chosen, split.rejected].every((part) => part.isWellFormed())).toBe(true);
      }),
    );
  });
});

describe('extractMessagesPrompt', () => {
  const user = { role: 'user', content: 'Hi' };

  it('splits at the first message that differs', () => {
    const chosen = [user, { role: 'assistant', content: 'a' }];
    const rejected = [user, { role: 'assistant', content: 'b' }, user];
    expect(extractMessagesPrompt(chosen, rejected)).toEqual({ prompt: [user], chosen: chosen.slice(1), rejected: rejected.slice(1) });
  });

  it('takes the order of fields and absent nulls for no difference', () => {
    const other = { content: 'Hi', role: 'user', tool_calls: null };
    expect(extractMessagesPrompt([user, { role: 'assistant', content: 'a' }], [other, { role: 'assistant', content: 'b' }]).prompt).toEqual(
      [user],
    );
  });

  it('keeps the last message of identical conversations', () => {
    expect(extractMessagesPrompt([user, user], [user, user])).toEqual({ prompt: [user], chosen: [user], rejected: [user] });
  });
});

describe('extractIdsPrompt', () => {
  it('splits at the first id that differs, and keeps one id of identical sequences', () => {
    expect(extractIdsPrompt(Int32Array.of(1, 2, 3), Int32Array.of(1, 2, 4, 5)).prompt).toEqual(Int32Array.of(1, 2));
    expect(extractIdsPrompt(Int32Array.of(1, 2), Int32Array.of(1, 2)).chosen).toEqual(Int32Array.of(2));
  });
});

describe('jsonEqual', () => {
  it('compares deeply', () => {
    expect(jsonEqual({ a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] })).toBe(true);
    expect(jsonEqual({ a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] })).toBe(false);
    expect(jsonEqual([1], [1, 2])).toBe(false);
    expect(jsonEqual([], {})).toBe(false);
    expect(jsonEqual(null, 'null')).toBe(false);
    expect(jsonEqual('1', 1)).toBe(false);
  });
});
