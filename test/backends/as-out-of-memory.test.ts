/** @file What a library says when memory runs out, word for word, and what it says otherwise. */
import { describe, expect, it } from 'vitest';
import { asOutOfMemory } from '#backends/device/as-out-of-memory.ts';
import { OutOfMemoryError } from '#contract/errors.ts';

const failWith = (message: string) => asOutOfMemory('chunk', () => Promise.reject(new Error(message)));

describe('a lack of memory', () => {
  it.each([
    'onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 4398046511104',
    'std::bad_alloc',
    'CUDA failure 2: out of memory ; GPU=0 ; hostname=box ; file=cuda_allocator.cc',
    'WebGPU validation failed. Buffer size (2147483648) exceeds the max buffer size limit (1073741824).',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.',
    'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Non-zero status code returned while running Add node. 887A0005 8007000E Not enough memory resources are available',
    'OOM when allocating tensor with shape[4096,32000] and type float on /job:localhost/replica:0/task:0/device:GPU:0',
    'Array buffer allocation failed',
  ])('is told from "%s"', async (message) => {
    await expect(failWith(message)).rejects.toThrow(OutOfMemoryError);
    await expect(failWith(message)).rejects.toMatchObject({ cause: { message } });
  });

  it.each([
    'Got invalid dimensions for input: x for the following indices',
    'Failed to get a WebGPU adapter: No supported adapters',
    'CUDA failure 209: no kernel image is available for execution on the device',
  ])('is not seen in "%s"', async (message) => {
    await expect(failWith(message)).rejects.toThrow(message);
    await expect(failWith(message)).rejects.not.toThrow(OutOfMemoryError);
  });

  it('of weights is told in other words than that of a chunk', async () => {
    const failed = asOutOfMemory('weights', () => Promise.reject(new Error('std::bad_alloc')));
    await expect(failed).rejects.toThrow("too little memory for the model's weights");
  });
});
