/** @file What can compute on this machine: what there is, whether it is right, how fast it is, and which of it is chosen. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';
import { TaskId } from './tasks.ts';

/** In the order of the table; the first is always there and defines what is right. */
export const EngineName = z.enum(['onnx:cpu', 'onnx:webgpu', 'onnx:cuda', 'onnx:dml', 'onnx:coreml', 'tfjs:gpu', 'tfjs:cpu', 'tfjs:wasm']);
export type EngineName = z.infer<typeof EngineName>;

/** `auto`: the fastest that has been found right on this machine. */
export const EngineChoice = z.enum(['auto', ...EngineName.options]);
export type EngineChoice = z.infer<typeof EngineChoice>;

export const EngineTest = z.object({
  engine: EngineName,
  /** `absent`: not on this machine; `broken`: it does not run; `wrong`: its numbers are not the processor's. */
  state: z.enum(['works', 'absent', 'broken', 'wrong']),
  /** A sentence, unless it works. */
  reason: z.string().nullable(),
  /** With its version: `onnxruntime 1.30.0 (webgpu)`. */
  backend: z.string().nullable(),
  /** Billions of operations of matrix products a second, in a training step. */
  gflops: z.number().nullable(),
  /** Largest difference from the processor, relative to the largest value of each gradient. */
  largestError: z.number().nullable(),
  /** The largest single value that its device can hold, bytes; null or left out where there is no limit below 2 GiB, or it is not known. */
  bufferBytes: z.number().nullish(),
});
export type EngineTest = z.infer<typeof EngineTest>;

export const Device = z.object({
  name: z.string(),
  /** Of its own, or null where the system does not say (or it shares the machine's). */
  memoryBytes: z.number().nullable(),
  /** With its version; a processor has none. */
  driver: z.string().nullable(),
});
export type Device = z.infer<typeof Device>;

export const EngineRow = z.object({
  engine: EngineName,
  /** In a person's words: "Processor". */
  title: z.string(),
  /** What it would compute on; null where the system does not tell of such a device. */
  device: Device.nullable(),
  /** Why it can't be on this machine, or null if it may be. */
  absence: z.string().nullable(),
  /** The last test on this machine with these drivers; null if there was none. */
  test: EngineTest.nullable(),
});
export type EngineRow = z.infer<typeof EngineRow>;

export const EngineList = z.object({
  rows: z.array(EngineRow),
  /** What `auto` uses: the fastest that works; null until one has been tested. */
  fastest: EngineName.nullable(),
  /** Whether there are tests of this machine that a new driver or version has made worthless. */
  isOutdated: z.boolean(),
  /** What a person chose for this machine. */
  chosen: EngineChoice,
});
export type EngineList = z.infer<typeof EngineList>;

/** What computes a run, or computed it. */
export const ComputesOn = z.object({
  /** Or `auto`, until the run begins; runs that were brought in may say something else. */
  engine: z.string(),
  title: z.string(),
  /** The name of the device; null where it is not known. */
  device: z.string().nullable(),
  /** The library, with its version; null until the run begins. */
  backend: z.string().nullable(),
});
export type ComputesOn = z.infer<typeof ComputesOn>;

export const enginesRequests = {
  /** Loads no engine and measures nothing. */
  'engines.list': request(Nothing, EngineList),
  /** Each in a process of its own, one after the other. @param engines - null: all that may be on this machine */
  'engines.test': request(z.object({ task: TaskId, engines: z.array(EngineName).min(1).nullable() }), EngineList),
  /** For all runs from now on, on this machine. */
  'engines.choose': request(z.object({ engine: EngineChoice }), Nothing),
};

export const enginesEvents = {
  /** Another one was chosen, or tested. */
  'engines.changed': event(Nothing),
};
