/** @file The Reviewer #2 files are what the grammar makes of the seed, and have the figures that they claim. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { reviewer2DataSet } from '#starter/reviewer2/data-set.ts';
import { reviewer2Figures } from '#starter/reviewer2/figures.ts';
import { reviewer2Files, REVIEWER2_TRAIN_FILE } from '#starter/reviewer2/files.ts';
import { writeReviewer2Files } from '#starter/reviewer2/write-files.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'resources', 'reviewer2');
const dataSet = reviewer2DataSet();
const figures = reviewer2Figures(dataSet);

describe('resources/reviewer2', () => {
  it('holds the files that the generator makes, byte for byte, and nothing else', async () => {
    const files = reviewer2Files();
    expect((await readdir(FOLDER)).sort()).toEqual([...files.keys()].sort());
    for (const [name, content] of files) expect(await readFile(join(FOLDER, name), 'utf8')).toBe(content);
  });

  it('has 1,000 pairs to train on and 100 held out, and twice as many examples', () => {
    expect([dataSet.trainPairs, dataSet.evalPairs, dataSet.trainExamples, dataSet.evalExamples].map(({ length }) => length)).toEqual([
      1000, 100, 2000, 200,
    ]);
    expect(dataSet.trainExamples.filter(({ label }) => label).length).toBe(1000);
  });

  it('holds out by prompt: no prompt and no answer is on both sides', () => {
    const trained = new Set(dataSet.trainPairs.flatMap((row) => [row.prompt, row.chosen, row.rejected].map((turns) => turns[0]?.content)));
    expect(trained.size).toBe(3000);
    const held = dataSet.evalPairs.flatMap((row) => [row.prompt, row.chosen, row.rejected].map((turns) => turns[0]?.content));
    expect(held.filter((text) => trained.has(text))).toEqual([]);
  });

  it('is read by the import as chat pairs and chat examples', () => {
    for (const [name, content] of reviewer2Files()) {
      if (!name.endsWith('.jsonl')) continue;
      const first = JSON.parse(content.slice(0, content.indexOf('\n'))) as Record<string, unknown>;
      expect(parseRow(first, { file: name, row: 1 })).toMatchObject({
        form: 'chat',
        kind: name.endsWith('-paired.jsonl') ? 'pair' : 'example',
      });
    }
    expect(reviewer2Files().has(REVIEWER2_TRAIN_FILE)).toBe(true);
  });

  it('is varied, and what is held out is new', () => {
    for (const { words, distinct, sentences, judgedRight, nearest } of [figures.chosen, figures.rejected]) {
      expect(words.least).toBeGreaterThanOrEqual(25);
      expect(words.most).toBeLessThanOrEqual(55);
      expect(distinct[1]).toBeGreaterThan(0.12);
      expect(distinct[2]).toBeGreaterThan(0.28);
      expect(sentences).toBeGreaterThan(2300);
      expect(judgedRight).toBe(1);
      expect(nearest.mean).toBeLessThan(0.25);
      expect(nearest.max).toBeLessThan(0.6);
    }
    expect(figures.promptNearest.mean).toBeLessThan(0.3);
    expect(figures.promptNearest.max).toBeLessThan(0.6);
  });

  it('stays small', () => {
    const bytes = [...reviewer2Files().values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
    expect(bytes).toBeLessThan(2_500_000);
  });
});

describe('writeReviewer2Files', () => {
  it('writes every file into a new folder, and names a file that it cannot write', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reviewer2-'));
    const paths = await writeReviewer2Files(join(folder, 'new'));
    expect((await readdir(join(folder, 'new'))).length).toBe(paths.length);
    await writeFile(join(folder, 'file'), '');
    await expect(writeReviewer2Files(join(folder, 'file'))).rejects.toThrow(StorageError);
    await rm(folder, { recursive: true });
  });
});
