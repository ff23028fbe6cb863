/** @file What is known of the device behind an engine. */
import { describe, expect, it } from 'vitest';
import { deviceLimits } from '#engines/device-limits.ts';
import type { GraphicsCard } from '#engines/graphics-cards.ts';
import { fingerprint, rememberTests } from '#engines/remembered.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const card = (name: string, memoryBytes: number | null): GraphicsCard => ({ name, memoryBytes, driver: '1' });
const NVIDIA = card('NVIDIA RTX', 8e9);
const AMD = card('AMD graphics 0x1', 4e9);
const INTEL = card('Intel graphics 0x2', null);

const limits = async (engine: Parameters<typeof deviceLimits>[0], ...cards: GraphicsCard[]) =>
  deviceLimits(engine, await temporaryFolder(), () => Promise.resolve(cards));

describe('the limits of a device', () => {
  it.each(['onnx:cpu', 'tfjs:cpu'] as const)('are none for %s, which computes on the processor', async (engine) => {
    expect(await limits(engine, NVIDIA)).toBeNull();
  });

  it('are two gigabytes in WebAssembly, on any machine', async () => {
    expect(await limits('tfjs:wasm', NVIDIA)).toEqual({ memoryBytes: 2 ** 31, bufferBytes: null });
  });

  it('are the memory of the card that it computes on, where that is known', async () => {
    expect(await limits('onnx:webgpu', NVIDIA)).toEqual({ memoryBytes: 8e9, bufferBytes: null });
    expect(await limits('onnx:webgpu', AMD, INTEL)).toMatchObject({ memoryBytes: 4e9 });
    expect(await limits('onnx:cuda', AMD, NVIDIA)).toMatchObject({ memoryBytes: 8e9 });
    expect(await limits('onnx:webgpu', INTEL)).toMatchObject({ memoryBytes: null });
    expect(await limits('onnx:webgpu')).toMatchObject({ memoryBytes: null });
  });

  it('are its largest buffer as the test on this machine found it', async () => {
    const cacheDir = await temporaryFolder();
    const tested = { state: 'works', reason: null, backend: 'x', gflops: 1, largestError: 0 } as const;
    await rememberTests(cacheDir, fingerprint([NVIDIA]), [{ ...tested, engine: 'onnx:webgpu', bufferBytes: 2 ** 30 }]);
    const of = (cards: GraphicsCard[]) => deviceLimits('onnx:webgpu', cacheDir, () => Promise.resolve(cards));
    expect(await of([NVIDIA])).toEqual({ memoryBytes: 8e9, bufferBytes: 2 ** 30 });
    expect(await of([AMD])).toEqual({ memoryBytes: 4e9, bufferBytes: null }); // another machine
  });
});
