/** @file Turns the records of a file into rows, as a column mapping says. */
import { refuseImages } from '#engine/data/refuse-images.ts';
import { createRowParser } from '#engine/data/row-parser.ts';
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { SourceRecord } from '#engine/data/source-record.ts';
import type { Fields } from './column-path.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { createMessagesExampleReader, createRatedMessagesReader } from './read-conversations.ts';
import { createOpenWebuiReader } from './read-open-webui.ts';
import { createRatedAnswersReader } from './read-rated-answers.ts';
import { createChoicePairReader, createExampleReader, createPairReader } from './read-texts.ts';
import { createTokenExampleReader, createTokenPairReader } from './read-tokens.ts';
import { createTranscriptPairReader } from './read-transcript-pair.ts';
import { oneRow } from './record-reading.ts';
import type { FieldsReader, RecordReading } from './record-reading.ts';

export type RecordReader = (record: SourceRecord) => RecordReading;

/**
 * Everything that depends on the mapping alone is done here, once; the function reads more than 500,000 short text records a
 * second. All its rows are of one kind.
 * @param fileName - as the person knows it, for messages
 * @throws {ImportError} (the function) if a record is not as the mapping says
 */
export function createRecordReader(mapping: ColumnMapping, fileName: string): RecordReader {
  if (mapping.shape === 'standard') {
    const parse = createRowParser(fileName);
    return ({ value, row }) => oneRow(parse(value, row));
  }
  const read = createFieldsReader(mapping);
  return ({ value, row }) => {
    const place = { file: fileName, row };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw rowError(place, '', `is ${describeValue(value)} where an object with named fields is expected`);
    }
    const fields = value as Fields;
    refuseImages(fields, place);
    return read(fields, place);
  };
}

function createFieldsReader(mapping: Exclude<ColumnMapping, { shape: 'standard' }>): FieldsReader {
  switch (mapping.shape) {
    case 'example':
      return createExampleReader(mapping);
    case 'pair':
      return createPairReader(mapping);
    case 'transcript-pair':
      return createTranscriptPairReader(mapping);
    case 'messages-example':
      return createMessagesExampleReader(mapping);
    case 'rated-messages':
      return createRatedMessagesReader(mapping);
    case 'choice':
      return createChoicePairReader(mapping);
    case 'rated-answers':
      return createRatedAnswersReader(mapping);
    case 'token-example':
      return createTokenExampleReader(mapping);
    case 'token-pair':
      return createTokenPairReader(mapping);
    case 'open-webui':
      return createOpenWebuiReader(mapping);
    default:
      return mapping satisfies never;
  }
}
