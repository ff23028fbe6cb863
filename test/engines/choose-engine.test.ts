/** @file The engine a job computes with: by name, by what was measured, and when what was measured is not true any more. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineName, EngineTest } from '#contract/engines.ts';
import { CancelledError, EngineError, SettingsError } from '#contract/errors.ts';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { chooseEngine } from '#engines/choose-engine.ts';
import { parseEngineChoice } from '#engines/engine-name.ts';
import { findGraphicsCards } from '#engines/graphics-cards.ts';
import { listEngines, testEngines } from '#engines/list-engines.ts';
import { fingerprint, rememberTests } from '#engines/remembered.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const tested = (engine: EngineName, gflops: number | null, state: EngineTest['state'] = 'works'): EngineTest => ({
  engine,
  state,
  reason: state === 'works' ? null : 'It does not.',
  backend: engine,
  gflops,
  largestError: 0,
});

/** Opens anything but what is named. */
const openAllBut =
  (...gone: EngineName[]) =>
  async (engine: EngineName) => {
    if (gone.includes(engine)) throw new EngineError(`The engine ${engine} is gone.`, { engine });
    return onnxRuntimeBackend();
  };

async function cacheWith(tests: readonly EngineTest[]): Promise<string> {
  const cacheDir = await temporaryFolder();
  await rememberTests(cacheDir, fingerprint(await findGraphicsCards()), tests);
  return cacheDir;
}

describe('chooseEngine', () => {
  it('takes the processor, in silence, where nobody chose and nothing was tested', async () => {
    expect(await chooseEngine(null, { cacheDir: await temporaryFolder() })).toMatchObject({ engine: 'onnx:cpu', notes: [] });
  });

  it('says how to test engines where auto was asked for and none has been', async () => {
    const { engine, notes } = await chooseEngine('auto', { cacheDir: await temporaryFolder() });
    expect(engine).toBe('onnx:cpu');
    expect(notes.join()).toContain('prospect engines');
  });

  it('takes the fastest that works', async () => {
    const cacheDir = await cacheWith([tested('onnx:cpu', 100), tested('onnx:webgpu', 900), tested('onnx:cuda', 5000, 'wrong')]);
    for (const choice of ['auto', null] as const) {
      expect(await chooseEngine(choice, { cacheDir, open: openAllBut() })).toMatchObject({ engine: 'onnx:webgpu', notes: [] });
    }
  });

  it('falls back to the next with a line where the fastest does not open any more', async () => {
    const cacheDir = await cacheWith([tested('onnx:cpu', 100), tested('onnx:webgpu', 900), tested('tfjs:cpu', 200)]);
    const { engine, notes } = await chooseEngine('auto', { cacheDir, open: openAllBut('onnx:webgpu') });
    expect(engine).toBe('tfjs:cpu');
    expect(notes).toEqual(['The engine onnx:webgpu is gone. It worked when it was tested; the next fastest is used.']);
  });

  it('does not trust tests of another machine or driver', async () => {
    const cacheDir = await temporaryFolder();
    await rememberTests(cacheDir, 'another machine', [tested('onnx:webgpu', 900)]);
    const { engine, notes } = await chooseEngine(null, { cacheDir, open: openAllBut() });
    expect(engine).toBe('onnx:cpu');
    expect(notes.join()).toContain('driver has changed');
    expect(await listEngines(cacheDir)).toMatchObject({ fastest: null, isOutdated: true });
  });

  it('takes a memory that can not be read for none', async () => {
    const cacheDir = await temporaryFolder();
    await writeFile(join(cacheDir, 'engines.json'), '{"machine": 1');
    expect(await chooseEngine(null, { cacheDir })).toMatchObject({ engine: 'onnx:cpu', notes: [] });
  });

  it('refuses an engine that was asked for by name and is not here', async () => {
    const absent = process.platform === 'win32' ? 'onnx:coreml' : 'onnx:dml';
    await expect(chooseEngine(absent, { cacheDir: await temporaryFolder() })).rejects.toThrow(EngineError);
  });
});

describe('testEngines', () => {
  it('remembers each result at once, replaces older ones, and passes over what can not be here', async () => {
    const cacheDir = await cacheWith([tested('onnx:cpu', 1), tested('tfjs:cpu', 50)]);
    const asked: EngineName[] = [];
    const test = async (engine: EngineName) => {
      asked.push(engine);
      return tested(engine, 100);
    };
    const { rows, fastest } = await testEngines({ cacheDir, test, signal: new AbortController().signal }, [
      'onnx:cpu',
      'onnx:dml',
      'onnx:coreml',
    ]);
    expect(asked.length).toBeLessThan(3);
    expect(rows.find(({ engine }) => engine === 'onnx:cpu')?.test?.gflops).toBe(100);
    expect(rows.find(({ engine }) => engine === 'tfjs:cpu')?.test?.gflops).toBe(50);
    expect(fastest).toBe('onnx:cpu');
  });

  it('stops between two engines when it is cancelled, and keeps what it has', async () => {
    const cacheDir = await temporaryFolder();
    const stop = new AbortController();
    const test = async (engine: EngineName) => {
      stop.abort();
      return tested(engine, 100);
    };
    await expect(testEngines({ cacheDir, test, signal: stop.signal }, ['onnx:cpu', 'tfjs:wasm'])).rejects.toThrow(CancelledError);
    expect((await listEngines(cacheDir)).fastest).toBe('onnx:cpu');
  });
});

describe('parseEngineChoice', () => {
  it('knows all names, however they are written, and lists them where it does not', () => {
    expect(parseEngineChoice(' ONNX:WebGPU ')).toBe('onnx:webgpu');
    expect(() => parseEngineChoice('gpu')).toThrow(SettingsError);
    expect(() => parseEngineChoice('gpu')).toThrow('auto, onnx:cpu, onnx:webgpu');
  });
});
