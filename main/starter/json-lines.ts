/** @file Rows as JSON Lines text. */

/** Text gathered before it is handed on, in UTF-16 code units. */
const CHUNK_LENGTH = 256 * 1024;

/** One compact JSON object a line, handed out in pieces of about 256 KB that hold whole lines. */
export function* jsonLines(rows: Iterable<object>): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += `${JSON.stringify(row)}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
