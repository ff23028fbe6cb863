/**
 * @file Hashes of 53 bits, which a JavaScript number holds exactly, so that a text is remembered in 8 bytes. Among a million texts
 * the chance that any two share one is 1 in 18,000. Not for secrets.
 */

/** 2^32. */
const HIGH = 0x1_0000_0000;

/** Hash of the UTF-16 code units; two lanes of multiply and xor (cyrb53), the same on every machine. */
export function hashText(text: string): number {
  let a = 0xdeadbeef | 0;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  return finish(a, b);
}

/** Hash of token ids, in order. */
export function hashIds(ids: Int32Array): number {
  let a = 0x1b873593;
  let b = 0x2545f491;
  for (const id of ids) {
    a = Math.imul(a ^ id, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(b ^ id, 0x5f356495);
  }
  return finish(a, b);
}

/** Hash of the 32-bit words from `start` to before `end`, in order. */
export function hashWords(words: readonly number[], start: number, end: number): number {
  let a = 0x2c1b3c6d;
  let b = 0x297a2d39;
  for (let i = start; i < end; i++) {
    const word = words[i] as number;
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x5f356495);
    b ^= b >>> 13;
  }
  return finish(a, b);
}

/** A hash of hashes (or seeds), in order. */
export function combineHashes(first: number, second: number): number {
  const words = [first, Math.floor(first / HIGH), second, Math.floor(second / HIGH)] as const;
  let a = mixWord(0x7f4a7c15 ^ words[0]);
  a = mixWord(a ^ words[1]);
  a = mixWord(a ^ words[2]);
  a = mixWord(a ^ words[3]);
  let b = Math.imul(0x3c6ef372 ^ words[0], 0x5f356495);
  b = Math.imul(b ^ (b >>> 13) ^ words[1], 0x5f356495);
  b = Math.imul(b ^ (b >>> 13) ^ words[2], 0x5f356495);
  b = Math.imul(b ^ (b >>> 13) ^ words[3], 0x5f356495);
  return finish(a, b);
}

/** MurmurHash3's finaliser, a bijection of 32-bit words; signed. */
export function mixWord(word: number): number {
  let z = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

function finish(a: number, b: number): number {
  const low = mixWord(a ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35));
  const high = mixWord(b ^ Math.imul(a ^ (a >>> 16), 0x85ebca6b));
  return (high & 0x1fffff) * HIGH + (low >>> 0);
}
