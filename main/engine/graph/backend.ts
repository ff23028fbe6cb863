/** @file What an executor of graphs offers, whichever library is behind it. */
import type { Tensor } from '#engine/tensor/tensor.ts';
import type { DimSizes } from './cost.ts';
import type { Graph } from './graph.ts';

/** Every number of the half types is a float32 number too, so computing with them in float32 is exact. */
export type WeightDtype = 'float32' | 'bfloat16' | 'float16';

/** Where a frozen weight lies; used in place, never copied as a whole. */
export interface WeightRange {
  /** Absolute path. */
  readonly file: string;
  /** Half types are widened to float32 by each operation that uses the weight, for as long as it runs. */
  readonly dtype: WeightDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

export type Weights = ReadonlyMap<string, WeightRange>;
export type Feeds = Readonly<Record<string, Tensor>>;

/** What a device that is not the processor can hold, as far as it is known. */
export interface DeviceLimits {
  /** Memory of its own; null where it shares the machine's, or does not tell. */
  readonly memoryBytes: number | null;
  /** The largest single value. */
  readonly bufferBytes: number | null;
}

/** A graph made ready to run. */
export interface Executable {
  /** Computes every output. @throws {InternalError} if a feed is missing or does not fit */
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  /** Frees everything at once; the executable cannot be used afterwards. */
  release(): Promise<void>;
}

export interface Backend {
  /** Name and version, for records: `onnxruntime 1.30.0 (cpu)`. */
  readonly name: string;
  /** Bytes of computed values that running a graph keeps alive at once, inputs and weights not counted. */
  peakBytes(graph: Graph, sizes: DimSizes, weights: Weights): number;
  /** Bytes that weights take where graphs are computed, for as long as a run lasts; on the processor they are mapped from their files. */
  residentBytes(weights: Weights): number;
  /**
   * Has weights on the device until they are given back, so that what is compiled meanwhile finds them there.
   * @returns gives them back
   * @throws {OutOfMemoryError} if they do not fit
   */
  hold(weights: Weights): Promise<() => Promise<void>>;
  /** @throws {InternalError} if a parameter of the graph has no weight */
  compile(graph: Graph, weights: Weights): Promise<Executable>;
}
