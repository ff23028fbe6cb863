/** @file Tests run in Node, each file in a process of its own: onnxruntime-node is a native addon and may not share one between workers. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
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
