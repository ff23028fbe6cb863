/**
 * @file Four kinds of tests: in Node, each file in a process of its own (onnxruntime-node is a native addon and may not share one between
 * workers); on a GPU, if only one in software; of the window's parts, in a made-up browser; and of the built program as a whole.
 */
import { defineConfig } from 'vitest/config';
import { softwareGpuEnvironment } from './test/support/software-gpu.ts';

const WINDOW = 'test/renderer/**/*.test.{ts,tsx}';
const GPU = 'test/gpu/**/*.test.ts';
const WHOLE = 'test/e2e/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'node', include: ['test/**/*.test.ts'], exclude: [WINDOW, WHOLE, GPU], environment: 'node' } },
      // A driver is looked for when a process starts, so the environment of these is their own.
      { extends: true, test: { name: 'gpu', include: [GPU], environment: 'node', env: softwareGpuEnvironment(), testTimeout: 120_000 } },
      { extends: true, test: { name: 'window', include: [WINDOW], environment: 'jsdom', setupFiles: ['test/renderer/support/jsdom.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [WHOLE],
          environment: 'node',
          globalSetup: ['test/e2e/support/build-first.ts'],
          testTimeout: 60_000,
          // As patient as the waiting for elements: one second is little on a busy machine.
          expect: { requireAssertions: true, poll: { timeout: 15_000 } },
        },
      },
    ],
    pool: 'forks',
    // A session uses all cores by itself, so more workers only get in each other's way.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A test file that hangs in native code must not hang the run.
    teardownTimeout: 5000,
    // Assertions are the point of a test; one without any is a mistake.
    expect: { requireAssertions: true },
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
