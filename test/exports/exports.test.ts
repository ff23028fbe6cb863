/** @file Exports of one small run: what is in them, that they are checked, and what is refused. */
import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ChatProcess } from '#chat/chat-process.ts';
import type { ToChat } from '#chat/chat-messages.ts';
import { forkChild } from '#processes/fork-child.ts';
import { exportAdapter } from '#exports/export-adapter.ts';
import { exportGguf } from '#exports/export-gguf.ts';
import { exportMerged } from '#exports/export-merged.ts';
import { exportTrlJob } from '#exports/export-trl-job.ts';
import { portableModelName } from '#exports/portable-model-name.ts';
import { openRunSource } from '#exports/run-source.ts';
import { verificationText, verify } from '#exports/verification.ts';
import type { OpenGguf } from '#exports/verify-gguf.ts';
import { writeMergedModel } from '#io/merged-model.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { EXPORT_BASE, exportOptions, trainForExport } from '#test/support/export-runs.ts';
import { readPng } from '#test/support/read-png.ts';
import { GOLDEN } from '#test/support/chat.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const WORKER = join(import.meta.dirname, '../../main/chat/worker.ts');

let folder = '';
let runDir = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  runDir = await trainForExport('kto', folder);
}, 60_000);

describe('a PEFT folder', () => {
  it('has a card that says what was done, and names the model without a path of this machine', async () => {
    const out = join(folder, 'peft');
    const { files, verification } = await exportAdapter(await exportOptions(runDir, out));
    expect(files).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors', 'curves.png']);
    expect(verification).toMatchObject({ loadedBy: 'Prospect', largestGap: 0, isSame: true });
    expect(JSON.parse(await readFile(join(out, 'adapter_config.json'), 'utf8'))).toMatchObject({ base_model_name_or_path: 'base' });
    const card = await readFile(join(out, 'README.md'), 'utf8');
    expect(card).toMatch(/^---\nbase_model: "base"\nlibrary_name: peft\n/);
    expect(card).toContain('PeftModel.from_pretrained');
    expect(card).toContain('| `learning_rate` | 0.005 |');
    expect(card).toMatch(/Training: 20 rows of pairs\.jsonl; 0 dropped/);
    expect(card).toMatch(/\| `eval_rewards\/margins` \| 0\.\d+ \|/);
    expect(card).toContain('![Training curves](curves.png)');
    expect(card).toMatch(/Verified: loaded again by Prospect/);
    expect(card).not.toContain(folder);
    expect(readPng(await readFile(join(out, 'curves.png')))).toMatchObject({ width: 1280, height: 600 });
  });

  it('is never written over something else', async () => {
    const out = join(folder, 'full');
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), 'keep');
    await expect(exportAdapter(await exportOptions(runDir, out))).rejects.toThrow(/is not an empty folder/);
    await expect(exportMerged(await exportOptions(runDir, out))).rejects.toThrow(/is not an empty folder/);
    expect(await readdir(out)).toEqual(['mine.txt']);
  });
});

describe('a merged model', () => {
  it('is cut into shards above the limit, and is the same model', async () => {
    const model = await openModelFolder(EXPORT_BASE);
    const out = join(folder, 'shards');
    await writeMergedModel(model, out, { deltas: new Map(), maxShardBytes: 50_000 });
    const shards = (await readdir(out)).filter((name) => name.endsWith('.safetensors'));
    expect(shards.length).toBeGreaterThan(1);
    expect(shards[0]).toBe(`model-00001-of-0000${shards.length}.safetensors`);
    const merged = await openModelFolder(out);
    expect([...merged.tensors.keys()].sort()).toEqual([...model.tensors.keys()].sort());
    for (const [name, tensor] of merged.tensors) {
      const header = await readSafetensorsHeader(tensor.file);
      const original = await readSafetensorsHeader(model.tensors.get(name)?.file ?? '');
      expect(await readTensorAsFloat32(header, name)).toEqual(await readTensorAsFloat32(original, name));
    }
  });

  it('keeps bfloat16 and float16 as they are', async () => {
    for (const name of ['qwen2_tied_bias', 'llama_linear_rope_bias']) {
      const model = await openModelFolder(join(GOLDEN, 'logits', name));
      const out = join(folder, name);
      const module = 'model.layers.0.self_attn.q_proj';
      const [rows = 0, cols = 0] = model.tensors.get(`${module}.weight`)?.shape ?? [];
      const loraA = { rows: 1, cols, data: new Float32Array(cols).fill(1) };
      const loraB = { rows, cols: 1, data: new Float32Array(rows).fill(0.5) };
      await writeMergedModel(model, out, { deltas: new Map([[module, { loraA, loraB, scaling: 2 }]]) });
      const merged = await openModelFolder(out);
      for (const [tensor, { dtype, shape }] of model.tensors) expect(merged.tensors.get(tensor)).toMatchObject({ dtype, shape });
      const read = async (tensors: typeof merged) =>
        readTensorAsFloat32(await readSafetensorsHeader(tensors.tensors.get(`${module}.weight`)?.file ?? ''), `${module}.weight`);
      const [before, after] = [await read(model), await read(merged)];
      for (const [i, value] of after.entries()) expect(Math.abs(value - ((before[i] as number) + 1))).toBeLessThanOrEqual(2 ** -8 * 2);
    }
  });
});

describe('GGUF', () => {
  it('merged and as LoRA, both checked in llama.cpp, with a Modelfile that Ollama reads', { timeout: 180_000 }, async () => {
    const openGguf: OpenGguf = async (request, { signal }) => {
      const chat = new ChatProcess(forkChild<ToChat>(WORKER, () => undefined));
      await chat.open(request, { signal });
      return chat;
    };
    const merged = await exportGguf({
      ...(await exportOptions(runDir, join(folder, 'g1'))),
      dtype: 'F32',
      form: 'merged',
      openGguf,
      threads: 1,
    });
    expect(merged.files).toEqual(['Modelfile', 'g1-F32.gguf']);
    expect(merged.verification).toMatchObject({ loadedBy: 'llama.cpp', isSame: true });
    expect(merged.verification?.largestGap).toBeLessThan(1e-5);
    const lora = await exportGguf({
      ...(await exportOptions(runDir, join(folder, 'g2'))),
      dtype: 'F32',
      form: 'lora',
      openGguf,
      threads: 1,
    });
    expect(lora.files).toEqual(['Modelfile', 'g2.lora.gguf']);
    expect(lora.verification?.largestGap).toBeLessThan(1e-5);
    expect(await readFile(join(folder, 'g2/Modelfile'), 'utf8')).toMatch(
      /^FROM \.\/base-F32\.gguf\nADAPTER \.\/g2\.lora\.gguf\nPARAMETER num_ctx 256\nPARAMETER stop "<\/s>"\n$/m,
    );
  });
});

describe('a TRL job', () => {
  it('refuses data that are no longer what they were', async () => {
    const own = await temporaryFolder();
    const run = await trainForExport('dpo', own);
    await appendFile(join(own, 'pairs.jsonl'), `${JSON.stringify({ prompt: 'New?', chosen: 'yes', rejected: 'no' })}\n`);
    await expect(exportTrlJob(await exportOptions(run, join(own, 'job')))).rejects.toThrow(/is no longer what the run was trained on/);
    expect(await readdir(own)).not.toContain('job');
  });

  it('refuses an adapter that no run made', async () => {
    const source = await openRunSource(join(GOLDEN, 'trl/kto_default/adapter_final'), EXPORT_BASE);
    const options = { source, outDir: join(folder, 'none'), cacheDir: folder, signal: new AbortController().signal };
    await expect(exportTrlJob(options)).rejects.toThrow(/holds no run\.json/);
  });
});

describe('what is to be exported', () => {
  it('needs a model where the folder does not name one, or names one that is gone', async () => {
    await expect(openRunSource(join(GOLDEN, 'trl/kto_default/adapter_final'), null)).rejects.toThrow(
      /does not say which model.*--model DIR/,
    );
    const moved = await temporaryFolder();
    const record = JSON.parse(await readFile(join(runDir, 'run.json'), 'utf8')) as { model: object };
    await writeFile(join(moved, 'run.json'), JSON.stringify({ ...record, model: { ...record.model, dir: join(moved, 'gone') } }));
    await expect(openRunSource(moved, null)).rejects.toThrow(/is no longer there/);
    await rm(join(moved, 'run.json'));
    await writeFile(join(moved, 'run.json'), '{"settings": 3}');
    await expect(openRunSource(moved, null)).rejects.toThrow(/is not the record of a run/);
  });

  it('calls a model by its hub name where it is known', () => {
    const named = (dir: string, configJson: unknown = {}) => portableModelName({ dir, configJson });
    expect(named('/home/p/.cache/huggingface/hub/models--TinyLlama--TinyLlama-1.1B-Chat-v1.0/snapshots/fe8a4ea')).toBe(
      'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    );
    expect(named('/models/mine', { _name_or_path: 'org/name' })).toBe('org/name');
    expect(named('/models/mine', { _name_or_path: '/home/x/y' })).toBe('mine');
  });

  it('is not called verified when numbers are missing or far off', () => {
    const sequences = [Int32Array.of(1, 2, 3)];
    const bad = verify({ loadedBy: 'llama.cpp', sequences, expected: [-4], got: [-5], dtype: 'F16' });
    expect(bad).toMatchObject({ largestGap: 0.5, isSame: false });
    expect(verificationText(bad)).toMatch(/^Not verified: .*by at most 0\.5000 nats a token, more than the 0\.02/);
    expect(verify({ loadedBy: 'Prospect', sequences, expected: [-4], got: [], dtype: 'F32' }).isSame).toBe(false);
    expect(verificationText(verify({ loadedBy: 'Prospect', sequences, expected: [-4], got: [-4], dtype: 'F32' }))).toMatch(
      /^Verified: .*1 texts \(2 tokens\)/,
    );
  });
});
