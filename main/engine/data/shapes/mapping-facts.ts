/** @file What can be said of each shape without looking at a file: its name in words, and the kind of its rows. */
import type { Row } from '#engine/data/row.ts';
import type { ColumnMapping, MappingShape } from './column-mapping.ts';

export const SHAPE_NAMES: Readonly<Record<MappingShape, string>> = {
  standard: "rows with Prospect's own column names",
  example: 'answers with a label',
  pair: 'preferred and rejected answers',
  'transcript-pair': 'pairs of Human/Assistant transcripts',
  'messages-example': 'conversations with a label',
  'rated-messages': 'conversations with rated messages',
  choice: 'two answers and which one is better',
  'rated-answers': 'several answers with scores',
  'token-example': 'token ids with a label',
  'token-pair': 'pairs of token ids',
  'open-webui': 'feedback exported from Open WebUI',
};

const KINDS: Readonly<Record<MappingShape, Row['kind'] | null>> = {
  standard: null,
  example: 'example',
  pair: 'pair',
  'transcript-pair': 'pair',
  'messages-example': 'example',
  'rated-messages': 'example',
  choice: 'pair',
  'rated-answers': null,
  'token-example': 'example',
  'token-pair': 'pair',
  'open-webui': 'example',
};

/** The kind of all rows a mapping gives; null if the file decides. */
export function mappedKind(mapping: ColumnMapping): Row['kind'] | null {
  if (mapping.shape === 'rated-answers') return mapping.give.as === 'pair' ? 'pair' : 'example';
  return KINDS[mapping.shape];
}
