/** @file How fast a file of many rows is imported into a store, and how much memory that takes. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { hashFile } from '#io/hash-file.ts';
import { openStore } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';

export interface ImportBench {
  readonly rows: number;
  readonly repeats: number;
}

const WORDS =
  'the paper claims that its method is better but tables say otherwise and no reviewer would accept this without a second round'.split(' ');

/** Parses, validates and stores a JSON Lines file of labelled answers, the best of several times; memory is that beyond the start. */
export async function importBench({ rows, repeats }: ImportBench): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-bench-'));
  try {
    const path = join(folder, 'rows.jsonl');
    await pipeline(Readable.from(lines(rows)), createWriteStream(path));
    const { size } = await stat(path);
    const mapping = (await inspectSource([path])).mappings[0]?.mapping;
    if (mapping === undefined) throw new Error('No mapping was proposed.');
    const results: { seconds: number; cpuSeconds: number; extraMb: number; longestTurnMs: number }[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const store = openStore(join(folder, `data-${repeat}`));
      const { id: projectId } = createProject(store, { name: 'Bench' });
      const { done, peak } = watch();
      const startedAt = performance.now();
      const cpuBefore = process.cpuUsage();
      await importDataset(store, { paths: [path], mapping, into: { projectId, name: 'Rows' }, badRows: 'abort' });
      const seconds = (performance.now() - startedAt) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      done();
      results.push({ seconds, cpuSeconds: (user + system) / 1e6, ...peak() });
      store.close();
    }
    const hashedAt = performance.now();
    await hashFile(path);
    const hashSeconds = (performance.now() - hashedAt) / 1000;
    const best = results.reduce((fastest, one) => (one.seconds < fastest.seconds ? one : fastest));
    return {
      rows,
      fileMb: Math.round(size / 1e6),
      seconds: Number(best.seconds.toFixed(2)),
      cpuSeconds: Number(Math.min(...results.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)),
      ofThemHashing: Number(hashSeconds.toFixed(2)),
      rowsPerSecond: Math.round(rows / best.seconds),
      rowsPerSecondWithoutHash: Math.round(rows / (best.seconds - hashSeconds)),
      extraMb: Math.max(...results.map(({ extraMb }) => extraMb)),
      longestTurnMs: Math.round(best.longestTurnMs),
      allSeconds: results.map((one) => Number(one.seconds.toFixed(2))),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function* lines(rows: number): Generator<string> {
  let batch = '';
  for (let row = 0; row < rows; row++) {
    const text = Array.from({ length: 12 }, (_, at) => WORDS[(row * 7 + at * at) % WORDS.length]).join(' ');
    batch += `${JSON.stringify({ prompt: `Review number ${row}: ${text}?`, completion: `${text}, for the ${row % 100}th time.`, label: row % 3 !== 0 })}\n`;
    if (batch.length < 1e6) continue;
    yield batch;
    batch = '';
  }
  yield batch;
}

/** Looks at memory ten times a second, and at how long other work had to wait. */
function watch(): { readonly done: () => void; readonly peak: () => { readonly extraMb: number; readonly longestTurnMs: number } } {
  globalThis.gc?.();
  const start = process.memoryUsage().rss;
  let most = start;
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
    longest = Math.max(longest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  return { done: () => clearInterval(timer), peak: () => ({ extraMb: Math.round((most - start) / 1e6), longestTurnMs: longest }) };
}
