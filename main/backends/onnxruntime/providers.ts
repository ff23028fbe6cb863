/** @file ONNX Runtime's execution providers: which kernels each is given, and how its sessions are opened. */
import type { InferenceSession } from 'onnxruntime-node';
import type { HalfKind } from './half-products.ts';
import type { LoweringTable } from './lowering.ts';
import { cpuOps } from './ops-cpu.ts';
import { standardOps } from './ops-standard.ts';
import { webgpuOps } from './ops-webgpu.ts';

export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface ProviderProfile {
  readonly table: LoweringTable;
  /**
   * When weights of 16 bits become float32: for as long as an operation uses them, or once, when the session opens and they are copied to the
   * device. WebGPU has no bfloat16, and float16 on some cards only.
   */
  readonly widening: 'per use' | 'when opened';
  /** Whether each session has its weights for itself (mapped from their file on the processor), or all share those on the device as float32. */
  readonly weights: 'per session' | 'shared';
  /** How products of float16 are had, where they are asked for. */
  readonly half: HalfKind;
  readonly session: InferenceSession.SessionOptions;
}

/** A planned arena keeps the first run's unplanned one beside it: a third more memory for 4 % of speed (docs/benchmarks.md). */
const NO_PLANNED_ARENA = { enableMemPattern: false };

export const PROVIDER_PROFILES: Readonly<Record<Provider, ProviderProfile>> = {
  cpu: {
    table: cpuOps,
    widening: 'per use',
    weights: 'per session',
    half: 'rehearsed',
    session: { executionProviders: ['cpu'], ...NO_PLANNED_ARENA },
  },
  // The provider opens its own device and asks it for the largest buffers it has.
  webgpu: {
    table: webgpuOps,
    widening: 'when opened',
    weights: 'shared',
    half: 'computed',
    session: { executionProviders: ['webgpu'], ...NO_PLANNED_ARENA },
  },
  // The same fused kernels exist for CUDA.
  cuda: {
    table: cpuOps,
    widening: 'per use',
    weights: 'per session',
    half: 'computed',
    session: { executionProviders: ['cuda'], ...NO_PLANNED_ARENA },
  },
  // DirectML runs one node at a time and plans its own memory: its documentation asks for both.
  dml: {
    table: standardOps,
    widening: 'when opened',
    weights: 'per session',
    half: 'computed',
    session: { executionProviders: ['dml'], executionMode: 'sequential', ...NO_PLANNED_ARENA },
  },
  coreml: {
    table: standardOps,
    widening: 'when opened',
    weights: 'per session',
    half: 'computed',
    session: { executionProviders: ['coreml'], ...NO_PLANNED_ARENA },
  },
};
