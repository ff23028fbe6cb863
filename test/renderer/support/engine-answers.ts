/** @file What main would answer about engines: a processor that was tested, a graphics card that was not, and one that is not here. */
import type { EngineList, EngineTest } from '#contract/engines.ts';

const PROCESSOR = { name: 'A processor, 8 threads', memoryBytes: null, driver: null };
const CARD = { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 80 * 2 ** 30, driver: '550.54' };

function engineTest(change: Partial<EngineTest> = {}): EngineTest {
  return {
    engine: 'onnx:cpu',
    state: 'works',
    reason: null,
    backend: 'onnxruntime 1.30.0 (cpu)',
    gflops: 91.4,
    largestError: 0,
    ...change,
  };
}

export function engineList(change: Partial<EngineList> = {}): EngineList {
  return {
    rows: [
      { engine: 'onnx:cpu', title: 'Processor', device: PROCESSOR, absence: null, test: engineTest() },
      { engine: 'onnx:webgpu', title: 'Graphics card through WebGPU', device: CARD, absence: null, test: null },
      {
        engine: 'tfjs:cpu',
        title: 'Processor through TensorFlow',
        device: PROCESSOR,
        absence: null,
        test: engineTest({ engine: 'tfjs:cpu', state: 'broken', reason: 'It ended by SIGSEGV.', gflops: null, largestError: null }),
      },
      { engine: 'onnx:dml', title: 'Graphics card through DirectML', device: CARD, absence: 'DirectML is a part of Windows.', test: null },
    ],
    fastest: 'onnx:cpu',
    isOutdated: false,
    chosen: 'auto',
    ...change,
  };
}
