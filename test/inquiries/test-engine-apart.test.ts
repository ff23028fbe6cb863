/** @file Engines tested in processes of their own, real ones and ones that fail. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import { testEngine } from '#engines/test-engine.ts';
import { testEngineApart } from '#inquiries/test-engine-apart.ts';
import { forkChild } from '#processes/fork-child.ts';
import type { ToInquiry } from '#inquiries/inquiry-messages.ts';
import type { ChildHandle } from '#processes/child-handle.ts';

const spawn = forkChild<ToInquiry>(fileURLToPath(import.meta.resolve('#inquiries/worker.ts')), () => undefined);
const { signal } = new AbortController();

/** A process that says it is ready and then ends by a signal, or never says anything again. */
function failing(by: string | null): () => ChildHandle<ToInquiry> {
  return () => {
    let onExit: (exitCode: number | null, signal: string | null) => void = () => undefined;
    return {
      pid: 1,
      send: () => by !== null && setTimeout(() => onExit(null, by), 1),
      onMessage: (listener) => void setTimeout(() => listener({ type: 'ready' }), 1),
      onExit: (listener) => (onExit = listener),
      kill: () => undefined,
    };
  };
}

describe('an engine tested in a process of its own', () => {
  it('that can not be here is absent, with the reason', async () => {
    const engine = process.platform === 'win32' ? 'onnx:coreml' : 'onnx:dml';
    expect(await testEngineApart(spawn, engine, { signal })).toMatchObject({ engine, state: 'absent', gflops: null });
  });

  it('whose driver takes the process down is broken', async () => {
    const result = await testEngineApart(failing('SIGSEGV'), 'onnx:webgpu', { signal });
    expect(result).toMatchObject({ state: 'broken', reason: 'The process that looked into it ended by SIGSEGV.' });
  });

  it('that hangs is broken after a while', async () => {
    const result = await testEngineApart(failing(null), 'onnx:webgpu', { signal, patienceMs: 30 });
    expect(result).toMatchObject({ state: 'broken', reason: 'It gave no result within 0 s.' });
  });

  it('can be cancelled', async () => {
    await expect(testEngineApart(failing(null), 'onnx:webgpu', { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});

describe('testEngine', () => {
  it('finds WebAssembly right and measures it', async () => {
    const result = await testEngine('tfjs:wasm', { measuredMs: 10, trials: [] });
    expect(result).toMatchObject({ state: 'works', reason: null });
    expect(result.largestError).toBeLessThan(1e-4);
    expect(result.gflops).toBeGreaterThan(0);
  });
});
