/** @file Bringing adapters and runs into a project: what is kept, and that nothing is when it can't be used. */
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunSource } from '#exports/run-source.ts';
import { importAdapter } from '#projects/import-adapter.ts';
import { importRun } from '#projects/import-run.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { readSeries } from '#store/metrics.ts';
import { openStore } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';
import { listQueue, listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { EXPORT_BASE, trainForExport } from '#test/support/export-runs.ts';
import { GOLDEN } from '#test/support/chat.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const KTO = join(GOLDEN, 'trl/kto_default/adapter_final');

let store: Store;
let projectId = 0;

beforeEach(async () => {
  store = openStore(await temporaryFolder());
  projectId = createProject(store, { name: 'Test' }).id;
});

afterEach(() => store.close());

describe('an adapter', () => {
  it('is copied into the data folder, with what its files are', async () => {
    const { adapter, notes } = await importAdapter(store, { projectId, adapterDir: KTO, modelDir: EXPORT_BASE, name: null });
    expect(adapter).toMatchObject({ name: 'adapter_final', runId: null, facts: { r: 4, lora_alpha: 8 } });
    expect(listAdapters(store, projectId)).toEqual([adapter]);
    const copied = await readAdapterFolder(fromStoredPath(store.folder, adapter.path));
    expect(copied.tensors).toEqual((await readAdapterFolder(KTO)).tensors);
    expect(copied.config.baseModelNameOrPath).toBe(EXPORT_BASE);
    expect(notes).toEqual([]);
  });

  it('for another model is refused, and nothing is kept', async () => {
    const request = { projectId, adapterDir: join(GOLDEN, 'peft/from-peft-qwen3-plain'), modelDir: EXPORT_BASE, name: null };
    await expect(importAdapter(store, request)).rejects.toThrow(/made for another model/);
    expect(listAdapters(store, projectId)).toEqual([]);
    expect(await readdir(store.folder.adapters).catch(() => [])).toEqual([]);
  });

  it('that changes nothing, or names another model, is brought in with a word about it', async () => {
    const fresh = join(await temporaryFolder(), 'fresh');
    const { ignoredKeys: _, ...adapter } = await readAdapterFolder(join(GOLDEN, 'trl/dpo_adapter_init'));
    await writeAdapterFolder(fresh, { ...adapter, config: { ...adapter.config, baseModelNameOrPath: 'org/Other-1B' } });
    const { notes } = await importAdapter(store, { projectId, adapterDir: fresh, modelDir: EXPORT_BASE, name: 'Fresh' });
    expect(notes).toEqual([
      'This adapter changes nothing: all values of one of its factors are 0.',
      'It was made for org/Other-1B; its shapes fit base, too. Make sure that it is the same model.',
    ]);
  });
});

describe('a run', () => {
  it('comes with its settings, its whole curve and its adapter, and is completed', { timeout: 30_000 }, async () => {
    const runDir = await trainForExport('kto', await temporaryFolder());
    const source = await openRunSource(runDir, null);
    const run = await importRun(store, { projectId, source, name: 'Mine' });
    expect(run).toMatchObject({ name: 'Mine', method: 'kto', status: 'completed', lastStep: 6, totalSteps: 6, queuePosition: null });
    expect(run.settings).toMatchObject({ learning_rate: 5e-3 });
    expect(listQueue(store)).toEqual([]);
    expect(readSeries(store, { runId: run.id, key: 'loss' }).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readSeries(store, { runId: run.id, key: 'eval_loss' }).map(({ step }) => step)).toEqual([3, 6]);
    const [adapter] = listAdapters(store, projectId);
    expect(adapter).toMatchObject({ runId: run.id, facts: { method: 'kto', r: 4 } });
    expect((await readdir(fromStoredPath(store.folder, run.folder))).sort()).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
      'metrics.jsonl',
      'run.json',
    ]);
  });

  it('that has not finished, or is none, is refused, and nothing is kept', async () => {
    const runDir = await temporaryFolder();
    await cp(KTO, runDir, { recursive: true });
    await expect(importRun(store, { projectId, source: await openRunSource(runDir, EXPORT_BASE), name: null })).rejects.toThrow(
      /holds no run\.json/,
    );
    const golden = JSON.parse(await readFile(join(import.meta.dirname, '../fixtures/stopped-run.json'), 'utf8')) as object;
    await writeFile(join(runDir, 'run.json'), JSON.stringify(golden));
    await expect(importRun(store, { projectId, source: await openRunSource(runDir, EXPORT_BASE), name: null })).rejects.toThrow(
      /is stopped after 2 of 6 steps\. Finish it first/,
    );
    expect(listRuns(store, projectId)).toEqual([]);
    expect(await readdir(store.folder.runs).catch(() => [])).toEqual([]);
  });
});
