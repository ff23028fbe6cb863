/** @file In which encoding a text was saved, told by its first bytes. */
import { ImportError } from '#contract/errors.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DetectedEncoding {
  readonly encoding: TextEncoding;
  /** Length of the byte order mark. */
  readonly markBytes: number;
}

/** Of the pairs of bytes in UTF-16; even Chinese text has commas, quotes and line ends, whose upper byte is 0. */
const LEAST_ZEROS = 0.05;
const LOOKED_AT_BYTES = 16 * 1024;
/** Tab, line ends, space, quote, comma: no letter is these bytes the other way round. */
const SEPARATORS: readonly number[] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c];
/** Of control characters, which texts hold by accident only. */
const MOST_CONTROLS = 0.02;

/** @throws {ImportError} if it is not text */
export function detectEncoding(head: Buffer, file: { readonly file: string; readonly name: string }): DetectedEncoding {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  const bytes = head.subarray(0, LOOKED_AT_BYTES);
  const { evenZeros, oddZeros, controls } = countOddities(bytes);
  const least = Math.max(1, (bytes.length / 2) * LEAST_ZEROS);
  // Some letters have a lower byte of 0 (the Chinese one does), so where both bytes of pairs are 0 often, the separators decide.
  if (oddZeros >= least && (evenZeros * 10 <= oddZeros || outnumber(bytes, 0))) return { encoding: 'utf-16le', markBytes: 0 };
  if (evenZeros >= least && (oddZeros * 10 <= evenZeros || outnumber(bytes, 1))) return { encoding: 'utf-16be', markBytes: 0 };
  if (controls > bytes.length * MOST_CONTROLS) {
    throw new ImportError(`${file.name} is not text, nor any other kind of data file. Choose a CSV, JSON, JSON Lines or Parquet file.`, {
      file: file.file,
    });
  }
  return { encoding: 'utf-8', markBytes: 0 };
}

/** Whether nearly all the separators among the pairs of bytes have their lower byte at `lower`, and their upper one, 0, at the other. */
function outnumber(bytes: Buffer, lower: 0 | 1): boolean {
  const counts = [0, 0] as [number, number];
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    if (bytes[index + 1] === 0 && SEPARATORS.includes(bytes[index] as number)) counts[0]++;
    if (bytes[index] === 0 && SEPARATORS.includes(bytes[index + 1] as number)) counts[1]++;
  }
  return counts[lower] >= 2 && counts[(1 - lower) as 0 | 1] * 10 <= counts[lower];
}

function countOddities(bytes: Buffer): { evenZeros: number; oddZeros: number; controls: number } {
  let evenZeros = 0;
  let oddZeros = 0;
  let controls = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b) continue;
    controls++;
    if (byte === 0) {
      if (index % 2 === 0) evenZeros++;
      else oddZeros++;
    }
  }
  return { evenZeros, oddZeros, controls };
}
