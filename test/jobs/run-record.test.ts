import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, StorageError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { readRunRecord, writeRunRecord } from '#jobs/run-record.ts';
import type { RunRecord } from '#jobs/run-record.ts';
import { fullDisk } from '#test/support/full-disk.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const record: RunRecord = {
  started_at: '2026-11-24T03:39:09.057Z',
  settings: resolveSettings({}).settings,
  model: { dir: '/models/m', architecture: 'llama', sha256: 'a' },
  data: { file: '/data/d.jsonl', rows: 10, droppedRows: 1, truncatedRows: 2, sha256: 'b' },
  eval_data: { file: null, rows: 2, sha256: 'c' },
  probe_prompts: null,
  adapter_init: { dir: '/adapters/a', sha256: 'd' },
  engine: 'onnx:cpu',
  backend: 'onnxruntime 1.30.0 (cpu)',
  dtype: 'float32',
  device: 'A processor, 2 threads',
  memory_plan: { chunk_tokens: 1024, head_groups: 1, recompute: false, row_gradients: true },
  smaller_chunk_tokens: 256,
  status: 'finished',
  steps: { done: 5, total: 5 },
  result: { train_loss: 0.4, train_runtime: 12.5 },
};

describe('run.json', () => {
  it('tells a resumed run what it needs', async () => {
    const dir = await temporaryFolder();
    await writeRunRecord(dir, record);
    expect(await readRunRecord(dir)).toMatchObject({
      started_at: record.started_at,
      settings: record.settings,
      memory_plan: { chunk_tokens: 1024, head_groups: 1, recompute: false, row_gradients: true },
      smaller_chunk_tokens: 256,
      eval_data: { file: null, sha256: 'c' },
      probe_prompts: null,
      adapter_init: record.adapter_init,
      result: record.result,
    });
  });

  it('is readable text with the versions that made it', async () => {
    const dir = await temporaryFolder();
    await writeRunRecord(dir, record);
    const text = await readFile(join(dir, 'run.json'), 'utf8');
    expect(text).toMatch(/^\{\n {2}"started_at"[^]*\}\n$/);
    expect(JSON.parse(text)).toEqual({
      ...record,
      versions: { prospect: expect.stringMatching(/^\d/) as string, node: process.versions.node },
    });
  });

  it.each([
    [{ ...record, started_at: 'yesterday' }, 'started_at'],
    [{ ...record, memory_plan: { ...record.memory_plan, chunk_tokens: 0 } }, 'memory_plan.chunk_tokens'],
    [{ ...record, eval_data: { file: 3 } }, 'eval_data.file'],
    [{ settings: {} }, 'started_at'],
    [[], 'the whole file'],
  ])('that is not one of ours is refused: %#', async (content, field) => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'run.json'), JSON.stringify(content));
    await expect(readRunRecord(dir)).rejects.toThrow(FormatError);
    await expect(readRunRecord(dir)).rejects.toThrow(
      `${join(dir, 'run.json')} is not the record of a run: ${field} is missing or wrong. Start a new run in another folder.`,
    );
  });

  it('keeps its old content where the disk is full', async () => {
    const dir = await temporaryFolder();
    await writeRunRecord(dir, record);
    const writing = writeRunRecord(dir, { ...record, status: 'failed' }, { writeChunk: fullDisk(0) });
    await expect(writing).rejects.toThrow(StorageError);
    expect(await readFile(join(dir, 'run.json'), 'utf8')).toContain('"finished"');
    expect(await readdir(dir)).toEqual(['run.json']);
  });
});
