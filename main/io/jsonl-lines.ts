/** @file Cuts a stream of UTF-8 bytes into lines. */
import { PieceBuffer } from './jsonl-pieces.ts';
import type { JsonPiece } from './jsonl-pieces.ts';

const NEWLINE = 0x0a;

/**
 * Yields every line that is not blank; a carriage return before the line end counts as blank.
 * @throws {ImportError} if a line is too long or not UTF-8
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<JsonPiece> {
  const buffer = new PieceBuffer(file);
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      buffer.add(chunk.subarray(start, end), line);
      yield* pieceOf(buffer.take(line), line);
      start = end + 1;
      line++;
    }
    buffer.add(chunk.subarray(start), line);
  }
  yield* pieceOf(buffer.take(line), line);
}

function* pieceOf(text: string, line: number): Generator<JsonPiece> {
  if (text.trim() !== '') yield { text, line, column: 1 };
}
