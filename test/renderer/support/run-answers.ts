/** @file A run under way, as main would describe it. */
import type { RunLive } from '#contract/run-progress.ts';
import type { RunDetails } from '#contract/runs.ts';

export const LIVE: RunLive = {
  phase: 'Training',
  done: 12.5,
  total: 100,
  unit: 'steps',
  perSecond: 2,
  remainingMs: 43_750,
  computedMs: 6000,
  step: 12,
  totalSteps: 100,
  tokensPerSecond: 1234,
  residentBytes: 1.5e9,
  peakResidentBytes: 2e9,
  silentMs: 100,
  asked: null,
};

export const RUN: RunDetails = {
  id: 1,
  projectId: 1,
  name: 'KTO 1',
  method: 'kto',
  status: 'running',
  queuePosition: null,
  modelName: 'tiny',
  dataName: 'Reviews, version 1',
  lastStep: 12,
  totalSteps: 100,
  computedMs: 6000,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  sparkline: [0.5, 0.4, null, 0.3],
  lastLoss: 0.3,
  problem: null,
  adapterId: null,
  settings: { learning_rate: 0.001 },
  modelFolder: '/models/tiny',
  data: { versionId: 3, splitId: null },
  folder: '/data/runs/kto-1',
  computesOn: { engine: 'onnx:cpu', title: 'Processor', device: 'A processor, 8 threads', backend: 'onnxruntime 1.30.0 (cpu)' },
  initialAdapter: null,
  checkpointSteps: [10],
  live: null,
};
