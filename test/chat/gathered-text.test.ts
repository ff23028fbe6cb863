/** @file Pieces of an answer on their way between processes. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatheredText } from '#chat/gathered-text.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the first words at once, then what came in a while, and the rest at the end', () => {
  const told: string[] = [];
  const { add, flush } = gatheredText((text) => told.push(text));
  add('a');
  expect(told).toEqual(['a']);
  add('b');
  add('c');
  expect(told).toEqual(['a']);
  vi.advanceTimersByTime(25);
  add('d');
  flush();
  flush();
  vi.runAllTimers();
  expect(told).toEqual(['a', 'bc', 'd']);
});
