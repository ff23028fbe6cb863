import { describe, expect, it } from 'vitest';
import { columnMappingSchema } from '#engine/data/shapes/column-mapping.ts';
import { describeMapping } from '#engine/data/shapes/describe-mapping.ts';
import { mappedKind } from '#engine/data/shapes/mapping-facts.ts';
import { previewMapping } from '#engine/data/shapes/preview-mapping.ts';
import { proposeMapping } from '#engine/data/shapes/propose-mapping.ts';
import type { MappingProposal } from '#engine/data/shapes/propose-mapping.ts';
import { LEFT_OUT_REASONS } from '#engine/data/shapes/record-reading.ts';
import { SAMPLE_FILES } from './sample-files.ts';

const records = (values: readonly unknown[]) => values.map((value, index) => ({ row: index + 1, line: null, value }));

function best(values: readonly unknown[]): MappingProposal {
  const [first] = proposeMapping(values).proposals;
  if (first === undefined) throw new Error('nothing was proposed');
  return first;
}

describe('the columns of a file are recognised', () => {
  it.each(Object.entries(SAMPLE_FILES))('%s', (_name, { values, shape }) => {
    const proposal = best(values);
    expect(proposal.mapping.shape).toBe(shape);
    const { rows, faults } = previewMapping(proposal.mapping, records(values), 'x');
    expect(faults).toEqual([]);
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set([mappedKind(proposal.mapping)]));
    expect(proposal.reason).toMatch(/^[^.].+\.$/u);
    expect(describeMapping(proposal.mapping)).toMatch(/^[`A-Z].+\.$/u);
    expect(proposal.name).not.toBe('');
  });

  it.each(['KTO in TRL', 'DPO in TRL', 'hh-rlhf', 'Open WebUI', 'UltraFeedback, binarized', 'a spreadsheet with thumbs'])(
    'surely: %s',
    (name) => {
      expect(best(SAMPLE_FILES[name]?.values ?? []).confidence).toBeGreaterThanOrEqual(0.9);
    },
  );

  it.each(['a chat log with stars', 'Argilla, flattened', 'UltraFeedback', 'distilabel'])(
    'for the person to confirm the thresholds: %s',
    (name) => {
      const { confidence, warnings } = best(SAMPLE_FILES[name]?.values ?? []);
      expect(confidence).toBeLessThan(0.9);
      expect(confidence).toBeGreaterThan(0.5);
      expect(warnings).not.toEqual([]);
    },
  );
});

describe('a label is proposed', () => {
  const rows = (label: (i: number) => unknown, name = 'label') =>
    Array.from({ length: 9 }, (_, i) => ({ prompt: `What is ${i}?`, completion: `It is ${i}.`, [name]: label(i) }));
  const proposed = (values: readonly unknown[]) => {
    const { mapping, confidence, warnings } = best(values);
    if (mapping.shape !== 'example') throw new Error(mapping.shape);
    return { ...mapping.label, confidence, warnings: warnings.join(' ') };
  };

  it.each([
    [['👍', '👎'], { kind: 'values', desirable: ['👍'], undesirable: ['👎'], ignored: [] }],
    [['thumbs_up', 'Thumbs Down'], { kind: 'values', desirable: ['thumbs_up'], undesirable: ['Thumbs Down'], ignored: [] }],
    [['Yes', 'no'], { kind: 'values', desirable: ['Yes'], undesirable: ['no'], ignored: [] }],
    [['TRUE', 'FALSE'], { kind: 'values', desirable: ['TRUE'], undesirable: ['FALSE'], ignored: [] }],
    [['chosen', 'rejected'], { kind: 'values', desirable: ['chosen'], undesirable: ['rejected'], ignored: [] }],
    [[true, false], { kind: 'boolean' }],
    [['True', 'False'], { kind: 'boolean' }],
    [[1, 0], { kind: 'boolean' }],
    [['1', '0'], { kind: 'values', desirable: ['1'], undesirable: ['0'], ignored: [] }],
    [[1, -1], { kind: 'values', desirable: ['1'], undesirable: ['-1'], ignored: [] }],
  ])('surely for %j', (values, reading) => {
    const label = proposed(rows((i) => values[i % values.length]));
    expect(label.reading).toEqual(reading);
    expect(label.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it.each([
    [[1, 2, 3, 4, 5], 4, 2],
    [['1', '5', '9'], 7, 4],
    [[10, 50, 90], 70, 40],
    [[0.1, 0.5, 0.9], 0.66, 0.34],
    [[-3, 0, 3], 1.2, -1.2],
    [[1, 2], 2, 1],
  ])('with thresholds to be confirmed for %j', (values, desirableFrom, undesirableTo) => {
    const label = proposed(rows((i) => values[i % values.length], 'rating'));
    expect(label.reading).toEqual({ kind: 'rating', desirableFrom, undesirableTo });
    expect(label.confidence).toBeLessThan(0.8);
    expect(label.warnings).toMatch(/set both as you see fit|is the higher one the better one/u);
  });

  it.each([
    [['A', 'B', 'C'], '`label` has 3 values ("A", "B", "C")'],
    [['A', 'B'], '`label` has 2 values ("A", "B")'],
    [['good', 'bad', 'funny'], 'Is "funny" in `label` good or bad?'],
    [['good', 'bad', 'neutral'], 'Rows with "neutral" as `label` are left out.'],
    [['good', 'good'], 'Only "good" was seen in `label`.'],
    [[1, 1], 'Only the value 1 of `label` was seen.'],
    [[1, 0, -1], 'Rows with 0 as `label` are left out.'],
  ])('with a warning for %j', (values, warning) => {
    const label = proposed(rows((i) => values[i % values.length]));
    expect(label.warnings).toContain(warning);
    expect(label.confidence).toBeLessThan(0.9);
  });

  it('the other way round if the column marks bad answers', () => {
    const label = proposed(rows((i) => i % 2 === 0, 'is_toxic'));
    expect(label.reading).toMatchObject({ desirable: ['false', '0'], undesirable: ['true', '1'] });
    expect(label.confidence).toBeLessThan(0.9);
    expect(label.warnings).toContain('check which way round');
  });

  it('that leaves unrated rows out, and says how many', () => {
    const label = proposed(rows((i) => (i < 6 ? null : i % 2 === 0)));
    expect(label.unrated).toBe('leave-out');
    expect(label.warnings).toContain('6 of those looked at');
  });

  it('from the column with two values rather than from one with many', () => {
    const values = rows((i) => `remark ${i}`, 'feedback').map((row, i) => ({ ...row, feedback_thumb: i % 2 === 0 ? 'up' : 'down' }));
    expect(proposed(values).column).toBe('feedback_thumb');
  });
});

describe('a preview', () => {
  it('shows rows, faults with their columns, and what is left out and why', () => {
    const label = { column: 'stars', reading: { kind: 'rating', desirableFrom: 4, undesirableTo: 2 } };
    const mapping = columnMappingSchema.parse({ shape: 'example', prompt: 'q', completion: 'a', label });
    const values = [{ q: 'Hi', a: 'Yo', stars: '5' }, { q: 'Hi', a: 'Hm', stars: '3' }, { q: 'Hi', a: '', stars: '1' }, 'Hi'];
    const preview = previewMapping(mapping, records(values), 'log.csv');
    expect(preview.rows).toMatchObject([{ row: 1, completion: 'Yo', label: true }]);
    expect(preview.leftOut).toEqual([{ row: 2, reason: 'between-thresholds' }]);
    expect(preview.faults).toEqual([
      { row: 3, column: 'a', message: 'Row 3 of log.csv has no `a` text. Fill it in or skip the row.' },
      { row: 4, column: '', message: expect.stringContaining('where an object with named fields is expected') as string },
    ]);
    expect(preview.leftOut.map(({ reason }) => LEFT_OUT_REASONS[reason])).toEqual(['its rating lies between the two thresholds']);
  });
});

describe('a mapping is described', () => {
  it('with columns and values', () => {
    const reading = { kind: 'values', desirable: ['up'], undesirable: ['down'], ignored: ['?'] };
    const label = { column: 'thumb', reading, unrated: 'leave-out', several: 'majority' };
    const mapping = columnMappingSchema.parse({
      shape: 'example',
      prompt: 'q',
      input: 'more',
      texts: 'chat',
      system: 's',
      completion: 'a',
      label,
    });
    expect(describeMapping(mapping)).toBe(
      '`q` and `more` are the prompt behind `s` as chat messages, `a` is the answer, and `thumb` says whether it is desirable: "up" is,' +
        ' "down" is not, "?" is left out; of several votes the majority counts; rows without it are left out.',
    );
  });
});

describe('a mapping is refused', () => {
  it.each([
    { shape: 'example', prompt: 'q', completion: 'a', system: 's', label: { column: 'l', reading: { kind: 'boolean' } } },
    { shape: 'example', completion: 'a', texts: 'chat', label: { column: 'l', reading: { kind: 'boolean' } } },
    { shape: 'pair', chosen: 'a' },
    { shape: 'pair', chosen: 'a', rejected: '' },
    { shape: 'pair', chosen: 'a', rejected: 'b', colour: 'red' },
    { shape: 'triple', chosen: 'a', rejected: 'b' },
  ])('if it can not work: %j', (mapping) => {
    expect(columnMappingSchema.safeParse(mapping).success).toBe(false);
  });
});

describe('a proposal is careful', () => {
  it('about a text that may belong to the prompt', () => {
    const values = (SAMPLE_FILES['a spreadsheet with thumbs']?.values ?? []).map((row) => ({
      ...row,
      Context: 'Numbers follow each other.',
    }));
    const { confidence, warnings } = best(values);
    expect(confidence).toBeLessThan(0.9);
    expect(warnings.join(' ')).toContain('`Context` is not used');
  });

  it('about two columns with names for the same role', () => {
    const values = (SAMPLE_FILES['a chat log with votes, most rows without']?.values ?? []).map((row) => ({
      ...row,
      answer: 'Another answer.',
    }));
    expect(best(values).confidence).toBeLessThan(0.9);
  });

  it("about a user's name, which is not what the user said", () => {
    const values = Array.from({ length: 9 }, (_, i) => ({
      user: `u${i}`,
      message: `What is ${i}?`,
      response: `It is ${i}.`,
      thumbs: i % 2 === 0 ? 'up' : 'down',
    }));
    expect(best(values).mapping).toMatchObject({ prompt: 'message', completion: 'response', label: { column: 'thumbs' } });
  });

  it('about records that it can not read, and names the first', () => {
    const values = [...(SAMPLE_FILES['KTO in TRL']?.values ?? []), { prompt: 'Hi', completion: '', label: true }];
    const { confidence, warnings } = best(values);
    expect(confidence).toBeLessThan(0.9);
    expect(warnings.join(' ')).toContain("1 of 9 records can't be read so. Row 9 of the file has no `completion` text.");
  });

  it('about texts and labels that could be anything', () => {
    const values = Array.from({ length: 9 }, (_, i) => ({ x1: `some text ${i}`, x2: `other text ${i}`, x3: i % 2 === 0 }));
    const { mapping, confidence } = best(values);
    expect(mapping).toMatchObject({ shape: 'example', prompt: 'x1', completion: 'x2', label: { column: 'x3' } });
    expect(confidence).toBeLessThan(0.5);
  });

  it('and says nothing of columns that fit nothing, but which there are', () => {
    const { proposals, found } = proposeMapping([
      { lat: 1.5, lon: 2.25, city: 'Paris', at: '2026-01-01' },
      { lat: 3.5, lon: 1.75, city: 'Rome', at: '2026-01-02' },
    ]);
    expect(proposals).toEqual([]);
    expect(found).toBe('The columns are `lat` (numbers), `lon` (numbers), `city` (text), `at` (text).');
  });

  it.each([
    [[], 'There are no records.'],
    [[1, 'x', null, [2]], 'The records have no named columns.'],
    [[{ a: 1 }], 'The column is `a` (numbers).'],
  ])('with a sentence for %j', (values, sentence) => {
    expect(proposeMapping(values)).toEqual({ proposals: [], found: sentence });
  });
});
