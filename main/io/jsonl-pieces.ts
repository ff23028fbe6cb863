/** @file The text of one JSON value inside a larger file, collected from the chunks in which the file arrives. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';

export interface JsonPiece {
  readonly text: string;
  /** 1-based line of the file on which the text begins. */
  readonly line: number;
  /** 1-based column, in characters, at which it begins. */
  readonly column: number;
}

/** Far beyond any real row, and well below what one JavaScript string can hold. */
const MAX_PIECE_BYTES = 64 * 1024 * 1024;

/** Collects UTF-8 bytes until their text is taken. */
export class PieceBuffer {
  private readonly file: string;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** @throws {ImportError} if the piece becomes too long */
  add(part: Buffer, line: number): void {
    if (part.length === 0) return;
    this.parts.push(part);
    this.bytes += part.length;
    if (this.bytes <= MAX_PIECE_BYTES) return;
    const limit = `${MAX_PIECE_BYTES / 1024 / 1024} MB`;
    throw new ImportError(`Line ${line} of ${basename(this.file)} is longer than ${limit}. Split or remove that row.`, {
      file: this.file,
      row: line,
    });
  }

  /**
   * The text collected so far; the buffer is empty afterwards.
   * @throws {ImportError} if the bytes are not UTF-8
   */
  take(line: number): string {
    const bytes = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    this.parts = [];
    this.bytes = 0;
    try {
      return this.decoder.decode(bytes);
    } catch (error) {
      throw new ImportError(
        `Line ${line} of ${basename(this.file)} is not UTF-8 text. Save the file as UTF-8.`,
        { file: this.file, row: line },
        { cause: error },
      );
    }
  }
}
