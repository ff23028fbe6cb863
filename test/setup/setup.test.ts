/** @file Models, lengths, settings and previews, as a window asks for them, on a real store and real processes. */
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDataset } from '#store/datasets.ts';
import { createSplit } from '#store/splits.ts';
import { hubAccess } from '#setup/surroundings.ts';
import { resourcesDirOf } from '#host/resources-dir.ts';
import { ask } from '#test/support/ask.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';
import { saveAdapter } from '#store/adapters.ts';
import { importRows } from '#test/store/sample-store.ts';
import type { NewRow } from '#store/row-columns.ts';

let services: FakeServices;
let projectId = 0;
beforeEach(async () => {
  services = await fakeServices();
  projectId = (await ask(services, 'projects.create', { name: 'Reviews' })).id;
});

const ROW = { form: 'text', options: null, promptKey: 0n, sourceFile: null, sourceRow: null, sourceRowId: null } as const;
const example = (index: number, label: boolean): NewRow => ({
  ...ROW,
  prompt: `question ${index}`,
  completion: 'answer'.repeat(1 + (index % 3)),
  rejected: null,
  label,
});
const pair = (index: number): NewRow => ({ ...ROW, prompt: `question ${index}`, completion: 'good', rejected: 'worse', label: null });

/** @returns the version */
function addExamples(labels: readonly boolean[]): number {
  const { id } = createDataset(services.store, { projectId, name: 'Answers', kind: 'example' });
  return importRows(
    services.store,
    id,
    labels.map((label, index) => example(index, label)),
  ).id;
}
function addPairs(count: number): number {
  const { id } = createDataset(services.store, { projectId, name: 'Pairs', kind: 'pair' });
  return importRows(
    services.store,
    id,
    Array.from({ length: count }, (_, index) => pair(index)),
  ).id;
}

/** As if it had been chosen, without looking at it. */
const useModel = () => ask(services, 'choices.set', { projectId, changes: { modelFolder: BASE_MODEL } });

describe('models', () => {
  test('one that is chosen is remembered, used by the project, and told to every window', async () => {
    const report = await ask(services, 'models.choose', { projectId, folder: BASE_MODEL });
    expect(report).toMatchObject({ problem: null, architecture: 'LlamaForCausalLM', licence: null, shape: { layers: 2 } });
    expect(await ask(services, 'choices.get', { projectId })).toMatchObject({ modelFolder: BASE_MODEL });
    expect(await ask(services, 'models.list')).toMatchObject([{ folder: BASE_MODEL, name: 'base', isThere: true, isSample: false }]);
    expect(services.told.map(({ name }) => name)).toEqual(expect.arrayContaining(['choices.changed', 'models.changed']));
  });

  test('one that can not be trained says why, and nothing is chosen', async () => {
    const folder = await temporaryFolder();
    await cp(BASE_MODEL, folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), '{"architectures":["MambaForCausalLM"],"model_type":"mamba"}');
    expect((await ask(services, 'models.choose', { projectId, folder })).problem).toMatch(/mamba.*not supported/);
    expect(await ask(services, 'choices.get', { projectId })).toMatchObject({ modelFolder: null });
    expect(await ask(services, 'models.list')).toEqual([]);
  });

  test.each([
    ['a folder that is no model', async () => temporaryFolder(), /is empty/],
    ['a folder that is not there', async () => join(await temporaryFolder(), 'gone'), /gone/],
    ['a path that is not whole', async () => '../../etc', /not a whole path/],
  ])('%s is refused in a sentence', async (_what, folder, message) => {
    await expect(ask(services, 'models.choose', { projectId, folder: await folder() })).rejects.toThrow(message);
  });

  test('a path with a zero character is no path', async () => {
    await expect(ask(services, 'models.inspect', { folder: '/models/a\0b' })).rejects.toMatchObject({ code: 'settings' });
  });

  test('one whose folder is gone is still listed, and can be forgotten', async () => {
    const folder = join(await temporaryFolder(), 'model');
    await cp(BASE_MODEL, folder, { recursive: true });
    await ask(services, 'models.choose', { projectId, folder });
    await rm(folder, { recursive: true });
    expect(await ask(services, 'models.list')).toMatchObject([{ isThere: false, architecture: 'LlamaForCausalLM' }]);
    await ask(services, 'models.forget', { folder });
    expect(await ask(services, 'models.list')).toEqual([]);
    await ask(services, 'models.forget', { folder });
  });
});

describe('lengths', () => {
  test('there are none before there is data and a model', async () => {
    expect(await ask(services, 'models.measureLengths', { projectId })).toBeNull();
    addExamples([true, false]);
    expect(await ask(services, 'models.measureLengths', { projectId })).toBeNull();
  });

  test('those of the rows that are trained on are counted once', async () => {
    const versionId = addExamples([true, false, true, false]);
    const split = createSplit(services.store, { versionId, name: 'split', settings: {}, heldOut: new Uint8Array([1]) });
    await useModel();
    await ask(services, 'choices.set', { projectId, changes: { data: { versionId, splitId: split.id } } });
    const [first, second] = await Promise.all([
      ask(services, 'models.measureLengths', { projectId }),
      ask(services, 'models.measureLengths', { projectId }),
    ]);
    expect(first).toMatchObject({ rows: 3, uncounted: 0 });
    expect(second).toEqual(first);
    expect(services.told.filter(({ name }) => name === 'models.measuring').at(-1)?.payload).toEqual({
      projectId,
      rowsDone: 3,
      rowsTotal: 3,
    });
    services.told.length = 0;
    await ask(services, 'models.measureLengths', { projectId });
    expect(services.told).toEqual([]);
  });

  test('counting is cancelled at once', async () => {
    addExamples(Array.from({ length: 50 }, (_, index) => index % 2 === 0));
    await useModel();
    const counting = ask(services, 'models.measureLengths', { projectId });
    await ask(services, 'models.stopMeasuring', { projectId });
    await expect(counting).rejects.toMatchObject({ code: 'cancelled' });
    expect(await ask(services, 'models.measureLengths', { projectId })).toMatchObject({ rows: 50 });
  });
});

describe('settings', () => {
  test('every one is described, with presets that pass the check', async () => {
    const { fields, presets } = await ask(services, 'settings.describe');
    expect(fields.find(({ key }) => key === 'beta')).toMatchObject({ allowed: 'a number above 0', isSimple: true, group: 'loss' });
    expect(fields.filter(({ isSimple }) => isSimple)).toHaveLength(5);
    expect(presets.map(({ label }) => label)).toEqual(['Blog (Reviewer #2)', 'TRL defaults', 'Careful', 'Quick look']);
    for (const { settings } of presets) {
      expect((await ask(services, 'settings.check', { projectId, methods: ['kto', 'dpo'], settings })).problem).toBeNull();
    }
  });

  const check = (settings: Record<string, number | string | null>, methods: ('kto' | 'dpo')[] = ['kto']) =>
    ask(services, 'settings.check', { projectId, methods, settings });

  test('an impossible value is explained beside its field, with a way out', async () => {
    const { problem } = await check({ max_length: 128, max_prompt_length: 256 });
    expect(problem).toMatchObject({ field: 'max_prompt_length', fix: { changes: { max_prompt_length: null } } });
    expect((await check({ betta: 1 })).problem).toMatchObject({ text: /nearest is beta/, fix: null });
  });

  test('weights are judged by the labels of the rows that are trained on', async () => {
    const versionId = addExamples([true, false, false, false, false, false]);
    expect((await check({})).warnings.map(({ field }) => field)).toContain('desirable_weight');
    const split = createSplit(services.store, { versionId, name: 'split', settings: {}, heldOut: new Uint8Array([0b111100]) });
    await ask(services, 'choices.set', { projectId, changes: { data: { versionId, splitId: split.id } } });
    expect((await check({})).warnings.map(({ field }) => field)).not.toContain('desirable_weight');
  });

  test('with both methods, what one of them ignores is no warning, and each is said once', async () => {
    addPairs(4);
    const settings = { desirable_weight: 1.2, learning_rate: 1e-6 };
    expect((await check(settings, ['dpo'])).warnings.map(({ text }) => text)).toContain('desirable_weight has no effect with dpo.');
    const { warnings, problem } = await check(settings, ['kto', 'dpo']);
    expect(problem).toBeNull();
    expect(warnings.filter(({ field }) => field === 'learning_rate')).toHaveLength(1);
    expect(warnings.map(({ text }) => text)).not.toContain('desirable_weight has no effect with dpo.');
  });

  test('DPO needs pairs', async () => {
    addExamples([true, false]);
    expect((await check({}, ['kto', 'dpo'])).problem).toMatchObject({ field: 'method', text: /DPO needs pairs/ });
    expect((await check({})).problem).toBeNull();
  });
});

describe('the preview of a run', () => {
  beforeEach(() =>
    ask(services, 'choices.set', { projectId, changes: { settings: { per_device_train_batch_size: 4, num_train_epochs: 2 } } }),
  );

  test('there is none before there is data and a model', async () => {
    expect(await ask(services, 'settings.preview', { projectId, method: 'kto' })).toBeNull();
  });

  test('tells steps, memory, disk and time, for each method on the same rows', async () => {
    addPairs(6);
    await useModel();
    const [kto, dpo] = await Promise.all([
      ask(services, 'settings.preview', { projectId, method: 'kto' }),
      ask(services, 'settings.preview', { projectId, method: 'dpo' }),
    ]);
    expect(kto).toMatchObject({ method: 'kto', trainRows: 12, steps: 6, epochs: 2, batchSize: 4, fits: true });
    expect(dpo).toMatchObject({ method: 'dpo', trainRows: 6, steps: 4, epochs: 2 });
    expect(kto?.seconds?.total).toBeGreaterThan(0);
    expect(kto?.memory.total).toBeGreaterThan(1e8);
    expect(kto?.diskBytes).toBeGreaterThan(1000);
    expect(services.told.findLast(({ name }) => name === 'settings.previewing')?.payload).toEqual({ projectId, busy: false });
  });

  test('beside a run there is no dry run', async () => {
    addPairs(6);
    await useModel();
    const end = services.activity.begin('Run 1');
    expect(await ask(services, 'settings.preview', { projectId, method: 'kto' })).toMatchObject({ steps: 6, seconds: null });
    end();
  });

  test('asking again ends what was asked before', async () => {
    addPairs(6);
    await useModel();
    const first = ask(services, 'settings.preview', { projectId, method: 'kto' });
    const second = ask(services, 'settings.preview', { projectId, method: 'kto' });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(await second).toMatchObject({ steps: 6 });
  });

  test('a run that can not be says why', async () => {
    addExamples([true, false]);
    await useModel();
    await expect(ask(services, 'settings.preview', { projectId, method: 'dpo' })).rejects.toThrow(/DPO needs pairs/);
  });

  test('a version that is gone is as if it had not been chosen', async () => {
    await ask(services, 'choices.set', { projectId, changes: { data: { versionId: 99, splitId: 7 } } });
    addPairs(6);
    await useModel();
    expect(await ask(services, 'settings.preview', { projectId, method: 'kto' })).toMatchObject({ steps: 6 });
  });
});

describe('the surroundings', () => {
  test.each([
    [{}, { url: 'https://huggingface.co', forbidden: null }],
    [{ HF_ENDPOINT: 'https://hf-mirror.com/' }, { url: 'https://hf-mirror.com', forbidden: null }],
    [{ HF_ENDPOINT: 'file:///etc' }, { url: 'https://huggingface.co', forbidden: null }],
    [{ HF_HUB_OFFLINE: '1' }, { url: 'https://huggingface.co', forbidden: 'HF_HUB_OFFLINE is set, so Prospect does not use the network.' }],
    [{ PROSPECT_OFFLINE: 'true', HF_HUB_OFFLINE: '0' }, { forbidden: expect.stringContaining('PROSPECT_OFFLINE') as string }],
  ])('%j decides about the Hub', (env, access) => {
    expect(hubAccess(env)).toMatchObject(access);
  });

  test('what comes with a package lies beside its archive', () => {
    expect(resourcesDirOf('/opt/Prospect/resources/app.asar/dist')).toBe('/opt/Prospect/resources/app.asar.unpacked/resources');
    expect(resourcesDirOf('/home/me/prospect/dist')).toBe('/home/me/prospect/resources');
  });
});

describe('an adapter to begin with', () => {
  const GOLDEN = join(import.meta.dirname, '../golden');
  const adapter = (path: string): number =>
    saveAdapter(services.store, { projectId, runId: null, modelId: null, name: 'KTO 1', path, sha256: 'ab', facts: {}, files: [] }).id;
  const settings = { max_steps: 2, lora_r: 2 };

  test('is what the preview plans with, whatever the settings say of a fresh one', async () => {
    addExamples([true, false, true, false]);
    await useModel();
    await ask(services, 'choices.set', { projectId, changes: { settings } });
    const fresh = await ask(services, 'settings.preview', { projectId, method: 'kto' });
    const adapterId = adapter(join(GOLDEN, 'trl/kto_default/adapter_final'));
    await ask(services, 'choices.set', { projectId, changes: { adapterId } });
    const further = await ask(services, 'settings.preview', { projectId, method: 'kto' });
    expect(further?.trainableParameters).not.toBe(fresh?.trainableParameters);
    expect(await ask(services, 'adapters.list', { projectId })).toMatchObject([
      { id: adapterId, name: 'KTO 1', modelFolder: null, isThere: true },
    ]);
  });

  test('that is gone, or of another model, is a problem before anything starts', async () => {
    addExamples([true, false]);
    await useModel();
    const checked = () => ask(services, 'settings.check', { projectId, methods: ['kto'], settings: {} });
    await ask(services, 'choices.set', { projectId, changes: { adapterId: 99 } });
    expect((await checked()).problem).toMatchObject({ field: 'adapter', text: expect.stringContaining('was deleted') as string });
    await ask(services, 'choices.set', { projectId, changes: { adapterId: adapter(join(GOLDEN, 'peft/from-peft-qwen3-plain')) } });
    await expect(ask(services, 'settings.preview', { projectId, method: 'kto' })).rejects.toThrow(/made for another model/);
  });
});
