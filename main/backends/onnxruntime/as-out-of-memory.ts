/** @file Tells a lack of memory, on the host or on the device, from every other failure of the runtime. */
import { OutOfMemoryError } from '#contract/errors.ts';

/** What the allocators of the runtime and of its providers say: the arena, C++, CUDA and cuBLAS, Dawn, Direct3D 12. */
const SIGNS = [
  /failed to allocate memory/i,
  /bad_?alloc/i,
  /out of (?:device |gpu |host )?memory/i,
  /CUDA failure 2\b/i,
  /cudaErrorMemoryAllocation|CUBLAS_STATUS_ALLOC_FAILED/,
  /VK_ERROR_OUT_OF_(?:DEVICE|HOST)_MEMORY/,
  /E_OUTOFMEMORY|8007000E/i,
  /exceeds the max(?:imum)? buffer size|maxBufferSize|maxStorageBufferBindingSize/i,
];

/** @throws {OutOfMemoryError} in place of an error that says so; any other error as it is */
export async function asOutOfMemory<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!SIGNS.some((sign) => sign.test(text))) throw error;
    throw new OutOfMemoryError('The device has too little memory for this chunk of a micro-batch.', {}, { cause: error });
  }
}
