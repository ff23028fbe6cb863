import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, ImportError, StorageError } from '#contract/errors.ts';
import { readRows } from '#jobs/read-rows.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { tokenExamples, tokenPairs, writeRows } from '#test/support/training-runs.ts';

const good = { prompt: 'p', completion: 'c', label: true };

describe('readRows', () => {
  it('reads rows with the number of their line', async () => {
    const file = join(await temporaryFolder(), 'rows.jsonl');
    await writeFile(file, `${JSON.stringify(good)}\n\n${JSON.stringify(good)}\n`);
    const { rows, skipped } = await readRows(file, { badRows: 'stop' });
    expect(rows.map(({ row }) => row)).toEqual([1, 3]);
    expect(skipped).toEqual([]);
  });

  it('stops at the first row that cannot be used, or leaves it out and says why', async () => {
    const file = await writeRows(await temporaryFolder(), [good, { ...good, label: 'x' }, good, tokenPairs(1)[0]]);
    await expect(readRows(file, { badRows: 'stop' })).rejects.toThrow(/^Row 2 of rows\.jsonl has the `label` "x"/);
    const { rows, skipped } = await readRows(file, { badRows: 'skip' });
    expect(rows.map(({ row }) => row)).toEqual([1, 3]);
    expect(skipped).toEqual([expect.stringMatching(/^Row 2 /), expect.stringMatching(/^Row 4 .* is a pair/)]);
  });

  it('has nothing to give where every row is left out', async () => {
    const file = await writeRows(await temporaryFolder(), [{}, {}]);
    await expect(readRows(file, { badRows: 'skip' })).rejects.toThrow(ImportError);
    await expect(readRows(file, { badRows: 'skip' })).rejects.toThrow(/all 2 were skipped\. The first: Row 1 of rows\.jsonl/);
  });

  it('reports progress every thousand rows, and stops when asked', async () => {
    const file = await writeRows(await temporaryFolder(), tokenExamples(2500));
    const progress: number[] = [];
    await readRows(file, { badRows: 'stop', onProgress: (rows) => progress.push(rows) });
    expect(progress).toEqual([1000, 2000]);
    await expect(readRows(file, { badRows: 'stop', signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });

  it('says that a file is not there', async () => {
    await expect(readRows('/nowhere/rows.jsonl', { badRows: 'skip' })).rejects.toThrow(StorageError);
  });
});
