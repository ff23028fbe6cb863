/** @file Recognises the feedback that Open WebUI exports. */
import { columnMappingSchema } from './column-mapping.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import type { SurveyedColumn } from './survey-columns.ts';

export function proposeOpenWebui(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const rating = columns.find(({ path }) => path === 'data.rating');
  const hasSnapshot = columns.some(({ path }) => path.startsWith('snapshot.'));
  if (rating === undefined || !hasSnapshot) return [];
  const label = {
    column: 'data.rating',
    reading: { kind: 'values', desirable: ['1'], undesirable: ['-1'], ignored: ['0'] },
    unrated: 'leave-out',
  };
  return [
    {
      mapping: columnMappingSchema.parse({ shape: 'open-webui', label }),
      certainty: 1,
      reason: 'The records have `data.rating`, and a `snapshot` of the chat that was rated, as feedback exported from Open WebUI.',
      warnings: rating.missing > 0 ? [`Feedback without a rating is left out: ${rating.missing} of the records looked at.`] : [],
    },
  ];
}
