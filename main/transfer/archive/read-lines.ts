/** @file Lines of JSON from bytes, some at a time. */
import { TextDecoder } from 'node:util';
import { FormatError } from '#contract/errors.ts';

/** No row of a dataset is longer. */
const MAX_LINE_CHARACTERS = 64 * 2 ** 20;
/** Of a batch, so that long rows don't fill the memory. */
const MAX_BATCH_CHARACTERS = 8 * 2 ** 20;

/** @throws {FormatError} if a line is no JSON, or too long */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, atOnce: number): AsyncGenerator<unknown[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let [batch, characters]: [unknown[], number] = [[], 0];
  for await (const chunk of chunks) {
    const text = decode(decoder, chunk);
    if (rest.length + text.length > MAX_LINE_CHARACTERS) throw new FormatError('a row is longer than any row is.', { file: 'rows' });
    if (!text.includes('\n')) {
      rest += text;
      continue;
    }
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      batch.push(parse(line));
      characters += line.length;
      if (batch.length < atOnce && characters < MAX_BATCH_CHARACTERS) continue;
      yield batch;
      [batch, characters] = [[], 0];
    }
  }
  if (rest + decode(decoder) !== '') throw new FormatError('its last row is cut off.', { file: 'rows' });
  if (batch.length > 0) yield batch;
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new FormatError('a row holds bytes that are no text.', { file: 'rows' });
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FormatError('a row is no JSON.', { file: 'rows' });
  }
}
