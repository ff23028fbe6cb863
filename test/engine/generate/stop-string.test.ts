import { expect, it } from 'vitest';
import { StopStrings } from '#engine/generate/stop-string.ts';

function run(stops: readonly string[], pieces: readonly string[]): { texts: string[]; stopped: boolean; end: string } {
  const own = new StopStrings(stops);
  const results = pieces.map((piece) => own.add(piece));
  return { texts: results.map(({ text }) => text), stopped: results.at(-1)?.stopped ?? false, end: own.end() };
}

it('a stop string ends the text before it, even when it comes in pieces', () => {
  expect(run(['###'], ['one #', '#', '# two'])).toEqual({ texts: ['one ', '', ''], stopped: true, end: '' });
  expect(run(['b', 'aab'], ['xaab'])).toEqual({ texts: ['x'], stopped: true, end: '' });
});

it('what only looked like one is given out as soon as that is known, or at the end', () => {
  expect(run(['###'], ['one #', '# two', '##'])).toEqual({ texts: ['one ', '## two', ''], stopped: false, end: '##' });
  expect(run([], ['as', ' it is'])).toEqual({ texts: ['as', ' it is'], stopped: false, end: '' });
});
