/** @file Finds mappings for rows that are token ids already. */
import { columnMappingSchema } from './column-mapping.ts';
import { nameWords } from './column-names.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { pickLabels } from './pick-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

/** TRL's names have these words in front of "ids" or "input_ids"; without them the order of the columns is a guess. */
const GUESSED = 0.4;

export function proposeTokens(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const lists = columns.filter(({ kind, path }) => kind === 'ids' || kind === 'json-ids' || (kind === 'empty' && /ids$/iu.test(path)));
  const filled = lists.filter(({ kind }) => kind !== 'empty');
  if (filled.length === 0) return [];
  const named = (word: string) => lists.find(({ name }) => nameWords(name).includes(word) && nameWords(name).includes('ids'));
  const chosen = named('chosen');
  const rejected = named('rejected');
  const prompt = named('prompt');
  if (chosen !== undefined && rejected !== undefined) {
    const mapping = { shape: 'token-pair', prompt: prompt?.path ?? null, chosen: chosen.path, rejected: rejected.path };
    const reason = `\`${chosen.path}\` and \`${rejected.path}\` hold token ids and are named like a pair.`;
    return [{ mapping: columnMappingSchema.parse(mapping), certainty: 1, reason, warnings: [] }];
  }
  const completion = named('completion');
  const isNamed = prompt !== undefined && completion !== undefined;
  const [first, second] = isNamed ? [prompt, completion] : filled;
  if (first === undefined || second === undefined || (!isNamed && filled.length !== 2)) return [];
  return pickLabels(columns.filter((column) => !lists.includes(column)))
    .slice(0, 2)
    .map((label) => ({
      mapping: columnMappingSchema.parse({ shape: 'token-example', prompt: first.path, completion: second.path, label: label.mapping }),
      certainty: Math.min(label.certainty, isNamed ? 1 : GUESSED),
      reason: `\`${first.path}\` and \`${second.path}\` hold token ids, and \`${label.mapping.column}\` says which answers are good.`,
      warnings: isNamed ? label.warnings : [...label.warnings, 'Which of the two is the prompt is a guess.'],
    }));
}
