import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImportError } from '#contract/errors.ts';
import { columnMappingSchema } from '#engine/data/shapes/column-mapping.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { createRecordReader } from '#engine/data/shapes/create-record-reader.ts';
import type { RecordReader } from '#engine/data/shapes/create-record-reader.ts';
import { describeMapping } from '#engine/data/shapes/describe-mapping.ts';
import { previewMapping } from '#engine/data/shapes/preview-mapping.ts';
import { proposeMapping } from '#engine/data/shapes/propose-mapping.ts';
import { SAMPLE_FILES } from './sample-files.ts';

const FILES = Object.values(SAMPLE_FILES);
const SURE = 0.9;
const rowsOf = (mapping: ColumnMapping, values: readonly unknown[]) =>
  previewMapping(
    mapping,
    values.map((value, index) => ({ row: index + 1, line: null, value })),
    'x',
  ).rows;
const bestOf = (values: readonly unknown[]) => proposeMapping(values).proposals[0];

/** The records with their columns in another order and under other names. */
function rename(values: readonly Record<string, unknown>[], order: readonly string[], names: Readonly<Record<string, string>>) {
  return values.map((record) => Object.fromEntries(order.filter((key) => key in record).map((key) => [names[key] ?? key, record[key]])));
}

const file = fc.constantFrom(...FILES);
const shuffled = file.chain((sample) => {
  const keys = [...new Set(sample.values.flatMap((value) => Object.keys(value)))];
  return fc.record({ sample: fc.constant(sample), order: fc.shuffledSubarray(keys, { minLength: keys.length }) });
});

describe('a proposal', () => {
  it('does not depend on the order of the columns', () => {
    fc.assert(
      fc.property(shuffled, ({ sample, order }) => {
        const proposal = bestOf(rename(sample.values, order, {}));
        expect(proposal && rowsOf(proposal.mapping, sample.values)).toEqual(
          rowsOf(bestOf(sample.values)?.mapping as ColumnMapping, sample.values),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on how names are written', () => {
    const styles = [
      (name: string) => name.toUpperCase(),
      (name: string) => name.replaceAll('_', ' '),
      (name: string) => name.replaceAll('_', '-'),
      (name: string) => name.replace(/_(\w)/gu, (_all, letter: string) => letter.toUpperCase()),
      (name: string) => ` ${name}`,
    ];
    fc.assert(
      fc.property(file, fc.constantFrom(...styles), ({ values, columns }, style) => {
        const names = Object.fromEntries(columns.map((column) => [column, style(column)]));
        const renamed = rename(values, Object.keys(values[0] ?? {}), names);
        const proposal = bestOf(renamed);
        expect(proposal && rowsOf(proposal.mapping, renamed)).toEqual(rowsOf(bestOf(values)?.mapping as ColumnMapping, values));
      }),
      { numRuns: 200 },
    );
  });

  it('is never sure and wrong when columns have names that say nothing', () => {
    const run = shuffled.chain((shuffle) =>
      fc.record({ shuffle: fc.constant(shuffle), hidden: fc.subarray([...shuffle.sample.columns], { minLength: 0 }) }),
    );
    let sure = 0;
    fc.assert(
      fc.property(run, ({ shuffle: { sample, order }, hidden }) => {
        const names = Object.fromEntries(hidden.map((column, index) => [column, `col_${'xyz'[index]}`]));
        const renamed = rename(sample.values, order, names);
        const proposal = bestOf(renamed);
        if (proposal === undefined || proposal.confidence < SURE) return;
        sure += 1;
        expect(rowsOf(proposal.mapping, renamed)).toEqual(rowsOf(bestOf(sample.values)?.mapping as ColumnMapping, sample.values));
      }),
      { numRuns: 500 },
    );
    expect(sure).toBeGreaterThan(20);
  });

  it('is never misled by further columns', () => {
    const distractors: Readonly<Record<string, (i: number) => unknown>> = {
      id: (i) => `x${i}`,
      row_number: (i) => i,
      model: (i) => (i % 2 === 0 ? 'first-model' : 'second-model'),
      comment: (i) => `A remark about row ${i}.`,
      timestamp: (i) => 1_700_000_000 + i,
      created_at: (i) => `2026-01-0${i + 1} 10:00`,
      language: () => 'en',
      is_english: (i) => i % 4 === 0,
      temperature: (i) => i / 10,
      topic: (i) => ['sums', 'names', 'dates'][i % 3],
      tags: () => ['a', 'b'],
      meta: (i) => ({ user: `u${i}`, ok: true }),
      flagged: (i) => i === 3,
    };
    const run = fc.record({ sample: file, extra: fc.subarray(Object.keys(distractors), { minLength: 1 }), first: fc.boolean() });
    fc.assert(
      fc.property(run, ({ sample: { values, shape }, extra, first }) => {
        const more = (i: number) => Object.fromEntries(extra.map((name) => [name, distractors[name]?.(i)]));
        const wider = values.map((value, i) => (first ? { ...more(i), ...value } : { ...value, ...more(i), ...value }));
        const proposal = bestOf(wider);
        expect(proposal?.mapping.shape).toBe(shape);
        expect(proposal && rowsOf(proposal.mapping, wider)).toEqual(rowsOf(bestOf(values)?.mapping as ColumnMapping, values));
      }),
      { numRuns: 300 },
    );
  });

  it('is never sure when names are given to columns of another kind', () => {
    const mixed = file
      .filter(({ columns }) => columns.length === 3)
      .chain((sample) => fc.record({ sample: fc.constant(sample), names: fc.shuffledSubarray([...sample.columns], { minLength: 3 }) }));
    fc.assert(
      fc.property(mixed, ({ sample: { values, columns, shape }, names }) => {
        // The last one is the label, the winner or an answer: where it is in its place, the others may be as well.
        fc.pre(shape === 'example' && names[2] !== columns[2]);
        const renamed = rename(
          values,
          Object.keys(values[0] ?? {}),
          Object.fromEntries(columns.map((column, i) => [column, names[i] as string])),
        );
        expect(bestOf(renamed)?.confidence ?? 0).toBeLessThan(SURE);
      }),
      { numRuns: 200 },
    );
  });

  it('can be stored as JSON and read again', () => {
    for (const { values } of FILES) {
      for (const { mapping } of proposeMapping(values).proposals) {
        expect(columnMappingSchema.parse(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
      }
    }
  });
});

/** A copy in which one value, counted from the outside in, is another one. */
function replaceOne(root: unknown, where: number, value: unknown): unknown {
  const copy = structuredClone({ root });
  const places: (() => void)[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      const fields = node as Record<string, unknown>;
      places.push(() => (fields[key] = value));
      visit(fields[key]);
    }
  };
  visit(copy);
  places[where % places.length]?.();
  return copy.root;
}

const OUTCOMES = ['row', 'left out', 'refused'];

function outcomeOf(read: RecordReader, value: unknown): string {
  try {
    return read({ row: 1, line: null, value }).rows.length > 0 ? 'row' : 'left out';
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return /^Row 1 of fuzz\.json .+\.$/su.test(error.message) ? 'refused' : error.message;
  }
}

describe('any JSON', () => {
  const KEYS = [
    'prompt',
    'completion',
    'label',
    'chosen',
    'rejected',
    'messages',
    'role',
    'content',
    'from',
    'value',
    'score',
    'rank',
    'winner',
    'a',
    'b',
  ];
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('', 'user', 'assistant', '\ud800', '[{"role":"user"}]', '[1', '{"a":1}', '👍', '1', '-1', 'true', '__proto__'),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  );
  const { value: anything } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: false },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 })), tie('value'), { maxKeys: 5 }),
    ),
  }));
  const record = fc.dictionary(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string({ maxLength: 4 }) }),
    anything,
    { maxKeys: 8 },
  );

  const label = {
    column: 'label',
    reading: { kind: 'values', desirable: ['1'], undesirable: ['-1'] },
    unrated: 'leave-out',
    several: 'majority',
  };
  const promptSide = {
    prompt: 'prompt',
    input: 'a',
    system: 'b',
    history: 'messages',
    texts: 'chat',
    tools: 'value',
    templateKwargs: 'score',
  };
  const score = { from: 'answer', path: 'score' };
  const MAPPINGS = [
    { shape: 'standard' },
    { shape: 'example', ...promptSide, completion: 'completion', label },
    {
      shape: 'example',
      prompt: 'prompt',
      completion: 'completion',
      texts: 'json',
      label: { ...label, reading: { kind: 'rating', desirableFrom: 1, undesirableTo: 0 } },
    },
    { shape: 'pair', ...promptSide, chosen: 'chosen', rejected: 'rejected' },
    { shape: 'pair', chosen: 'chosen', rejected: 'rejected.content' },
    { shape: 'transcript-pair', chosen: 'chosen', rejected: 'rejected' },
    { shape: 'messages-example', messages: 'messages', system: 'a', afterAnswer: 'drop', label },
    { shape: 'rated-messages', messages: 'messages', label: { ...label, column: 'score' } },
    {
      shape: 'choice',
      ...promptSide,
      first: 'a',
      second: 'b',
      choice: { column: 'winner', first: ['1'], second: ['-1'], several: 'majority' },
    },
    { shape: 'rated-answers', prompt: 'prompt', answers: 'messages', answer: 'content', score, give: { as: 'pair' } },
    {
      shape: 'rated-answers',
      answers: 'messages',
      score: { from: 'column', column: 'score' },
      give: { as: 'examples', desirableFrom: 1, undesirableTo: 0 },
    },
    { shape: 'token-example', prompt: 'prompt', completion: 'completion', label },
    { shape: 'token-pair', chosen: 'chosen', rejected: 'rejected' },
    { shape: 'open-webui', label },
  ].map((mapping) => columnMappingSchema.parse(mapping));

  it('is a row, left out or refused with an ImportError by every mapping', () => {
    const readers = MAPPINGS.map((mapping) => createRecordReader(mapping, 'fuzz.json'));
    const input = fc.oneof({ weight: 9, arbitrary: record }, { weight: 1, arbitrary: anything });
    fc.assert(
      fc.property(input, (value) => {
        for (const read of readers) expect(OUTCOMES).toContain(outcomeOf(read, value));
      }),
      { numRuns: 5000 },
    );
  }, 30_000);

  it('in one place of a good record is a row, left out or refused with an ImportError', () => {
    const cases = FILES.map(({ values }) => ({
      record: values[1],
      read: createRecordReader(bestOf(values)?.mapping as ColumnMapping, 'fuzz.json'),
    }));
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), anything, ({ record: good, read }, where, value) => {
        const outcome = outcomeOf(read, replaceOne(good, where, value));
        expect(OUTCOMES).toContain(outcome);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 5000 },
    );
    for (const outcome of OUTCOMES) expect(seen.get(outcome)).toBeGreaterThan(10);
  }, 30_000);

  it('can be proposed for and described without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(record, anything), { maxLength: 4 }), (values) => {
        for (const { mapping, confidence } of proposeMapping(values).proposals) {
          expect(describeMapping(mapping)).not.toBe('');
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
