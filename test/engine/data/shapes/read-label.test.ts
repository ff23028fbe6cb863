import { describe, expect, it } from 'vitest';
import { labelMappingSchema } from '#engine/data/shapes/label-mapping.ts';
import { read, readFailure } from './read.ts';

const mappingWith = (label: object) => ({ shape: 'example', prompt: 'q', completion: 'a', label: { column: 'thumb', ...label } });
const label = (mapping: object, thumb: unknown, more: object = {}) => {
  const { rows, leftOut } = read(mappingWith(mapping), { q: 'Hi', a: 'Yo', thumb, ...more });
  const [row] = rows;
  return row?.kind === 'example' ? row.label : leftOut;
};
const failure = (mapping: object, thumb: unknown) => readFailure(mappingWith(mapping), { q: 'Hi', a: 'Yo', thumb });

const BOOLEAN = { reading: { kind: 'boolean' } };
const THUMBS = { reading: { kind: 'values', desirable: ['👍', 'up', '1'], undesirable: ['👎', 'down', '-1'], ignored: ['neutral'] } };
const STARS = { reading: { kind: 'rating', desirableFrom: 4, undesirableTo: 2 } };

describe('a label is read', () => {
  it.each([
    [BOOLEAN, true, true],
    [BOOLEAN, 'False', false],
    [BOOLEAN, 0n, false],
    [THUMBS, '👍', true],
    [THUMBS, '👍🏽', true],
    [THUMBS, ' UP ', true],
    [THUMBS, 1, true],
    [THUMBS, '1.0', true],
    [THUMBS, 1n, true],
    [THUMBS, -1, false],
    [THUMBS, '-1.0', false],
    [THUMBS, 'Down', false],
    [THUMBS, 'neutral', ['ignored-value']],
    [STARS, 5, true],
    [STARS, '4', true],
    [STARS, ' 4.0 ', true],
    [STARS, 4n, true],
    [STARS, 3, ['between-thresholds']],
    [STARS, '2.5', ['between-thresholds']],
    [STARS, 2, false],
    [STARS, '-1e2', false],
  ])('by %j: %s is %j', (mapping, value, expected) => {
    expect(label(mapping, value)).toEqual(expected);
  });

  it.each([null, undefined, '', '  ', Number.NaN])('%j as no rating, which is refused or left out', (value) => {
    expect(label({ ...STARS, unrated: 'leave-out' }, value)).toEqual(['unrated']);
    const error = failure(STARS, value);
    expect(error.message).toBe('Row 214 of log.csv has no `thumb`. Repair the rating or skip the row.');
    expect(error.details).toEqual({ file: 'log.csv', row: 214, column: 'thumb' });
  });

  it('the same way the second time', () => {
    for (const value of ['up', 'up', 'down', 'down', 'neutral', 'neutral']) {
      expect(label(THUMBS, value)).toEqual(value === 'up' ? true : value === 'down' ? false : ['ignored-value']);
    }
  });

  it('by the majority of several votes, of which drafts and discarded ones do not count', () => {
    const mapping = { ...THUMBS, several: 'majority' };
    const votes = (...values: unknown[]) => values.map((value) => ({ value, user_id: 'u' }));
    expect(label(mapping, votes('up', 'up', 'down'))).toBe(true);
    expect(label(mapping, ['down', 'down', 'up', null])).toBe(false);
    expect(label(mapping, votes('up', 'down'))).toEqual(['disagreement']);
    expect(label(mapping, votes('neutral'))).toEqual(['ignored-value']);
    expect(
      label(mapping, [
        { value: 'up', status: 'submitted' },
        { value: 'down', status: 'discarded' },
      ]),
    ).toBe(true);
    expect(label(mapping, ['up', 'down'], { 'thumb.status': ['draft', 'submitted'] })).toBe(false);
    expect(label({ ...mapping, unrated: 'leave-out' }, [])).toEqual(['unrated']);
    expect(label(mapping, 'up')).toBe(true);
  });

  it('by the mean of several ratings', () => {
    const mapping = { ...STARS, several: 'majority' };
    expect(label(mapping, [3, '5', 4])).toBe(true);
    expect(label(mapping, [{ value: 5 }, { value: 1 }])).toEqual(['between-thresholds']);
    expect(failure(mapping, [3, 'great']).message).toContain('where a number is expected');
  });

  it('before the texts, so that an unrated row may be empty', () => {
    expect(read(mappingWith({ ...STARS, unrated: 'leave-out' }), { q: null, a: '', thumb: null }).leftOut).toEqual(['unrated']);
  });
});

describe('a label is refused', () => {
  it.each([
    [BOOLEAN, 'yes'],
    [BOOLEAN, [true]],
    [THUMBS, 'sideways'],
    [THUMBS, 0],
    [THUMBS, ['up']],
    [THUMBS, { value: 'up' }],
    [STARS, 'great'],
    [STARS, '4/5'],
    [STARS, Infinity],
    [STARS, true],
    [STARS, [5]],
  ])('by %j: %j', (mapping, value) => {
    const error = failure(mapping, value);
    expect(error.details).toEqual({ file: 'log.csv', row: 214, column: 'thumb' });
    expect(error.message).toMatch(/^Row 214 of log\.csv has .+\. .+\.$/u);
  });

  it('with what was expected and found', () => {
    expect(failure(THUMBS, 'sideways').message).toBe(
      'Row 214 of log.csv has "sideways" as `thumb` where one of "👍", "up", "1", "👎", "down", "-1", … is expected.' +
        ' Say in the mapping what this value means, or skip the row.',
    );
  });
});

describe('a label mapping', () => {
  it.each([
    { kind: 'values', desirable: [], undesirable: [] },
    { kind: 'values', desirable: ['up'], undesirable: ['UP '] },
    { kind: 'values', desirable: ['1'], undesirable: ['0'], ignored: ['1.0'] },
    { kind: 'rating', desirableFrom: 2, undesirableTo: 2 },
    { kind: 'rating', desirableFrom: 1, undesirableTo: 5 },
    { kind: 'stars' },
  ])('is refused if it contradicts itself: %j', (reading) => {
    expect(labelMappingSchema.safeParse({ column: 'x', reading }).success).toBe(false);
  });
});
