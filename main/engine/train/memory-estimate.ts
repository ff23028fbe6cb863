/** @file How much memory a run will need, before anything is loaded; and the fastest plan that fits. */
import type { Backend, DeviceLimits, Weights } from '#engine/graph/backend.ts';
import { dimSizes, largestValueBytes, matMulFlops } from '#engine/graph/cost.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { distinctWindows, packedFeeds } from '#engine/model/stream-inputs.ts';
import { chunkRows } from './chunk-rows.ts';
import type { Chunk, RowGroup } from './chunk-rows.ts';
import type { GradientShape } from './heaviest-batch.ts';
import { headGroupsFor } from './memory-plan.ts';
import type { MemoryPlan } from './memory-plan.ts';
import { onlyStream } from './row-groups.ts';
import { longestRow } from './row-lengths.ts';
import { stepGraph } from './step-graph.ts';

/** Bytes. */
export interface MemoryEstimate {
  /** Mapped from the disk, and all of them used in every step. */
  readonly weights: number;
  /** Computed values alive at once in the largest chunk. */
  readonly activations: number;
  /** A and B, their gradient, and two moments; for KTO also the gradients row by row of one micro-batch. */
  readonly adapter: number;
  /** Tokenised rows and reference log-probabilities. */
  readonly rows: number;
  /** The process itself: Node, ONNX Runtime and its buffers. */
  readonly runtime: number;
  readonly total: number;
}

/** Measured: an idle process with the runtime loaded has 120 MB, its thread pool and packing buffers take the rest. */
const RUNTIME_BYTES = 220 * 2 ** 20;
/** The runtime's arena keeps about this much more than is alive. */
const ARENA_SLACK = 1.05;
/** Ids twice (file order and batches), labels, log-probabilities. */
const BYTES_PER_ROW_TOKEN = 10;

export interface EstimateOptions {
  readonly backend: Backend;
  readonly config: ModelConfig;
  readonly weights: Weights;
  readonly modules: readonly LoraModule[];
  readonly shape: GradientShape;
  /** The heaviest micro-batch. */
  readonly batch: readonly RowGroup[];
  /** Tokens of all rows. */
  readonly rowTokens: number;
  /** Of the device that computes; null or left out for the processor. */
  readonly limits?: DeviceLimits | null;
}

/** Bytes on a device that is not the processor. */
export interface DeviceNeeds {
  readonly weights: number;
  readonly activations: number;
  /** The largest single weight, and the largest value of all. */
  readonly largestWeight: number;
  readonly largestValue: number;
}

export function estimateMemory(options: EstimateOptions, memory: MemoryPlan): MemoryEstimate {
  const { backend, config, modules, weights, rowTokens } = options;
  const { shape, batch } = asComputed(options, memory);
  const graph = stepGraph({ config, modules, ...shape, measures: true, memory });
  const chunks = chunkRows(batch, memory.chunkTokens);
  const peaks = chunks.map((chunk) => backend.peakBytes(graph, chunkSizes(graph, config, chunk, memory), weights));
  const parameters = modules.reduce((sum, { rank, inFeatures, outFeatures }) => sum + rank * (inFeatures + outFeatures), 0);
  const perRowCopies = shape.objective.kind === 'rows' ? batch.reduce((sum, { rows }) => sum + rows.length, 0) : 1;
  const parts = {
    weights: weightBytes(graph, weights),
    activations: Math.round(ARENA_SLACK * Math.max(...peaks)),
    adapter: 4 * parameters * (4 + perRowCopies),
    rows: BYTES_PER_ROW_TOKEN * rowTokens,
    runtime: RUNTIME_BYTES,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** What a plan needs on the device. */
export function deviceNeeds(options: EstimateOptions, memory: MemoryPlan): DeviceNeeds {
  const { backend, config, modules, weights } = options;
  const { shape, batch } = asComputed(options, memory);
  const graph = stepGraph({ config, modules, ...shape, measures: true, memory });
  const sizes = chunkRows(batch, memory.chunkTokens).map((chunk) => chunkSizes(graph, config, chunk, memory));
  return {
    weights: backend.residentBytes(weights),
    activations: Math.round(ARENA_SLACK * Math.max(...sizes.map((of) => backend.peakBytes(graph, of, weights)))),
    largestWeight: Math.max(...graph.parameters.map(({ attributes }) => 4 * elementCount(attributes.shape as number[]))),
    largestValue: Math.max(...sizes.map((of) => largestValueBytes(graph, of))),
  };
}

/** Multiply-adds (times two) of a micro-batch's gradient: of the pass itself, and of the one for z0 where that comes before. */
export function batchFlops(options: EstimateOptions, groups: readonly RowGroup[], memory: MemoryPlan): number {
  const { config, modules } = options;
  const { shape, batch } = asComputed({ ...options, batch: groups }, memory);
  const graph = stepGraph({ config, modules, ...shape, measures: true, memory });
  const flops = chunkRows(batch, memory.chunkTokens).map((chunk) => matMulFlops(graph, chunkSizes(graph, config, chunk, memory)));
  const beforehand = options.shape.partner && !shape.partner ? scoringFlops(options, onlyStream(groups, 'partner'), memory) : 0;
  return flops.reduce((sum, chunkFlops) => sum + chunkFlops, beforehand);
}

/** The same for scoring it, KL partners included. */
export function scoringFlops({ config, modules, shape }: EstimateOptions, groups: readonly RowGroup[], memory: MemoryPlan): number {
  const graph = stepGraph({ config, modules, partner: shape.partner, objective: { kind: 'none' }, measures: false, memory });
  return chunkRows(groups, memory.chunkTokens).reduce(
    (sum, chunk) => sum + matMulFlops(graph, chunkSizes(graph, config, chunk, memory)),
    0,
  );
}

/** With z0 computed beforehand, KTO's gradient pass has no KL partners and no gradients per row. */
function asComputed({ shape, batch }: EstimateOptions, { rowGradients }: MemoryPlan): Pick<EstimateOptions, 'shape' | 'batch'> {
  if (rowGradients || shape.objective.kind !== 'rows') return { shape, batch };
  return { shape: { partner: false, objective: { kind: 'examples', beta: 1 } }, batch: onlyStream(batch, 'policy') };
}

/** Time of matrix products in chunks of so many tokens, relative to large ones. */
const CHUNK_TIMES: readonly (readonly [tokens: number, time: number])[] = [
  [1024, 1],
  [512, 1.03],
  [256, 1.08],
  [128, 1.2],
  [64, 1.5],
];
/** A layer computed again costs its forward pass: a third of the step. */
const RECOMPUTE_TIME = 1.33;
/** z0 in a pass of its own costs every prompt's forward pass once more. */
const TWO_PASS_TIME = 1.27;

/** All plans, fastest first. */
export function memoryPlans(vocabSize: number, shape: GradientShape): MemoryPlan[] {
  const plans: { memory: MemoryPlan; time: number }[] = [];
  for (const [chunkTokens, chunkTime] of CHUNK_TIMES) {
    for (const recompute of [false, true]) {
      for (const rowGradients of shape.objective.kind === 'rows' ? [true, false] : [true]) {
        const time = chunkTime * (recompute ? RECOMPUTE_TIME : 1) * (rowGradients ? 1 : TWO_PASS_TIME);
        plans.push({ time, memory: { chunkTokens, recompute, rowGradients, headGroups: headGroupsFor(vocabSize, chunkTokens) } });
      }
    }
  }
  return plans.toSorted((a, b) => a.time - b.time).map(({ memory }) => memory);
}

export interface ChosenPlan {
  readonly memory: MemoryPlan;
  readonly estimate: MemoryEstimate;
  readonly fits: boolean;
  /** Null where the processor computes. */
  readonly device: { readonly needs: DeviceNeeds; readonly limits: DeviceLimits } | null;
}

/** Of a device's memory; the rest is for the screen, and for what its driver needs. */
const DEVICE_SHARE = 0.9;

/** The fastest plan that fits, or the most frugal one if none does. */
export function choosePlan(options: EstimateOptions, budgetBytes: number): ChosenPlan {
  let frugal: ChosenPlan | null = null;
  for (const memory of memoryPlans(options.config.vocabSize, options.shape)) {
    const estimate = estimateMemory(options, memory);
    const device = options.limits ? { needs: deviceNeeds(options, memory), limits: options.limits } : null;
    const fits = hostBytes(estimate, device?.limits ?? null) <= budgetBytes && (device === null || fitsDevice(device));
    if (fits) return { memory, estimate, fits, device };
    if (!frugal || estimate.total < frugal.estimate.total) frugal = { memory, estimate, fits, device };
  }
  return frugal as ChosenPlan;
}

/** What is left for the machine's own memory where a device has its own. */
function hostBytes({ total, adapter, rows, runtime }: MemoryEstimate, limits: DeviceLimits | null): number {
  return (limits?.memoryBytes ?? null) === null ? total : adapter + rows + runtime;
}

export function fitsDevice({ needs, limits: { memoryBytes, bufferBytes } }: NonNullable<ChosenPlan['device']>): boolean {
  const inAll = memoryBytes === null || needs.weights + needs.activations <= DEVICE_SHARE * memoryBytes;
  return inAll && (bufferBytes === null || needs.largestValue <= bufferBytes);
}

function chunkSizes(graph: Graph, config: ModelConfig, chunk: Chunk, { headGroups }: MemoryPlan) {
  const packed = packTrees(chunk.trees, distinctWindows(config), chunk.rows.length);
  const longest = longestRow([{ trees: chunk.trees, rows: chunk.rows }]);
  const feeds = packedFeeds(config, packed, { longestRow: longest, headGroups });
  const sizes = new Map(dimSizes(graph, (name) => feeds[name]?.dims));
  // Dimensions of inputs that depend on the objective.
  sizes.set('n', chunk.rows.length);
  sizes.set('p', chunk.rows.length / 2);
  return sizes;
}

/** A tied embedding lies in the file once. */
function weightBytes(graph: Graph, weights: Weights): number {
  const ranges = new Map<string, number>();
  for (const { attributes } of graph.parameters) {
    const range = weights.get(attributes.name);
    if (range) ranges.set(`${range.file}:${range.byteOffset}`, range.byteLength);
  }
  return [...ranges.values()].reduce((sum, bytes) => sum + bytes, 0);
}
