/** @file Parquet's mixture of run lengths and packed bits, in which levels and positions in a dictionary are stored. */
import { requireSound } from './damaged.ts';

/**
 * Fills `output` and goes no further than `end`, whatever the bytes say.
 * @param width - bits per value, 0 … 32
 * @throws {DamagedPart} if the bytes end before
 */
export function readHybrid(bytes: Uint8Array, start: number, end: number, width: number, output: Uint8Array | Uint32Array): void {
  requireSound(width <= 32, 'numbers of more than 32 bits');
  let offset = start;
  let done = 0;
  while (done < output.length) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      requireSound(offset < end && shift < 35, 'runs that end too early');
      const byte = bytes[offset++] as number;
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (header % 2 === 0) {
      const length = Math.ceil(width / 8);
      requireSound(offset + length <= end, 'runs that end too early');
      let value = 0;
      for (let index = 0; index < length; index++) value += (bytes[offset++] as number) * 2 ** (8 * index);
      const count = header / 2;
      output.fill(value, done, Math.min(done + count, output.length));
      done += count;
    } else {
      const count = Math.min(((header - 1) / 2) * 8, output.length - done);
      requireSound(offset + Math.ceil((count * width) / 8) <= end, 'packed bits that end too early');
      unpackBits(bytes, offset, width, output, done, count);
      offset += ((header - 1) / 2) * width;
      done += count;
    }
  }
}

function unpackBits(bytes: Uint8Array, start: number, width: number, output: Uint8Array | Uint32Array, at: number, count: number): void {
  const size = 2 ** width;
  let offset = start;
  let held = 0; // below 2^40: not in 32-bit integers
  let bits = 0;
  for (let index = 0; index < count; index++) {
    while (bits < width) {
      held += (bytes[offset++] as number) * 2 ** bits;
      bits += 8;
    }
    output[at + index] = held % size;
    held = Math.floor(held / size);
    bits -= width;
  }
}
