/** @file Tells a lack of memory, on the host or on the device, from every other failure of a library. */
import { OutOfMemoryError } from '#contract/errors.ts';

/** What allocators say: ONNX Runtime's arena, C++, CUDA and cuBLAS, Dawn, Direct3D 12, TensorFlow, WebAssembly and JavaScript. */
const SIGNS = [
  /failed to allocate memory/i,
  /bad_?alloc/i,
  /out of (?:device |gpu |host )?memory/i,
  /CUDA failure 2\b/i,
  /cudaErrorMemoryAllocation|CUBLAS_STATUS_ALLOC_FAILED/,
  /VK_ERROR_OUT_OF_(?:DEVICE|HOST)_MEMORY/,
  /E_OUTOFMEMORY|8007000E/i,
  /exceeds the max(?:imum)? buffer size|maxBufferSize|maxStorageBufferBindingSize/i,
  // Dawn tells of a buffer that it did not get when the buffer is used.
  /\[Invalid Buffer.*is invalid due to a previous error/i,
  // A tensor of more bindings than a shader may have, or with more elements than 32 bits count, is larger than any buffer.
  /Too many storage buffers in shader|narrowing_error/i,
  /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted/i,
  /Array buffer allocation failed|Invalid typed array length|memory access out of bounds|Cannot enlarge memory/i,
];

export const WEIGHTS_TOO_LARGE =
  "The device has too little memory for the model's weights. Choose a smaller model, or let the processor compute: --engine onnx:cpu.";
export const CHUNK_TOO_LARGE = 'The device has too little memory for this chunk of a micro-batch.';

const SENTENCES = {
  weights: WEIGHTS_TOO_LARGE,
  chunk: CHUNK_TOO_LARGE,
} as const;

/**
 * @param what - did not fit
 * @throws {OutOfMemoryError} in place of an error that says so; any other error as it is
 */
export async function asOutOfMemory<Result>(what: 'weights' | 'chunk', work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!SIGNS.some((sign) => sign.test(text))) throw error;
    throw new OutOfMemoryError(SENTENCES[what], {}, { cause: error });
  }
}
