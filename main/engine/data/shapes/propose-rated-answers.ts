/** @file Finds mappings for records with one prompt and several scored answers. */
import { columnMappingSchema } from './column-mapping.ts';
import { fitName } from './column-names.ts';
import { findContext, TEXT_KINDS } from './mapping-candidate.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { asNumber } from './normalise-label.ts';
import { pickByName } from './pick-columns.ts';
import { suggestThresholds } from './suggest-thresholds.ts';
import { surveyColumns } from './survey-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

/** What to make of the scores is for the person to say. */
const CERTAINTY = 0.8;

interface Answers {
  readonly answers: SurveyedColumn;
  readonly answer: string | null;
  readonly score: { readonly from: 'answer'; readonly path: string } | { readonly from: 'column'; readonly column: string };
  readonly scoreName: string;
  readonly scores: readonly number[];
  readonly certainty: number;
}

export function proposeRatedAnswers(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const found = columns.filter(({ kind }) => kind === 'list').flatMap((column) => answersIn(column, columns));
  const [best] = found.sort((a, b) => b.certainty - a.certainty);
  if (best === undefined) return [];
  const { answers, answer, score, scoreName, scores } = best;
  const prompt = pickByName(columns, 'prompt', TEXT_KINDS)[0];
  const context = findContext(columns, prompt === undefined ? [] : [prompt.column]);
  const base = { shape: 'rated-answers', prompt: prompt?.column.path ?? null, ...context, answers: answers.path, answer, score };
  const certainty = Math.min(best.certainty, prompt?.certainty ?? 0.3);
  const reason = `\`${answers.path}\` holds several answers a row, with \`${scoreName}\` as their scores`;
  const better = /rank/iu.test(scoreName) ? 'lower' : 'higher';
  const pair: MappingCandidate = {
    mapping: columnMappingSchema.parse({ ...base, give: { as: 'pair', better } }),
    certainty,
    reason: `${reason}; the best and the worst one make a pair.`,
    warnings: [`The ${better} \`${scoreName}\` is taken to be the better one.`],
  };
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const suggested = better === 'higher' && distinct.length > 2 ? suggestThresholds(distinct, scores.length, scoreName) : null;
  if (suggested?.reading.kind !== 'rating') return [pair];
  const { desirableFrom, undesirableTo } = suggested.reading;
  const examples: MappingCandidate = {
    mapping: columnMappingSchema.parse({ ...base, give: { as: 'examples', desirableFrom, undesirableTo } }),
    certainty: certainty * 0.9,
    reason: `${reason}; each one becomes an example by its score.`,
    warnings: suggested.warnings,
  };
  return [pair, examples];
}

function answersIn(column: SurveyedColumn, columns: readonly SurveyedColumn[]): readonly Answers[] {
  const lists = column.values.filter((value): value is readonly unknown[] => Array.isArray(value));
  const items = lists.flat();
  return items.every((item) => typeof item === 'string') ? parallelScores(column, lists, columns) : scoresInside(column, items);
}

/** Objects with an answer and a score. */
function scoresInside(column: SurveyedColumn, items: readonly unknown[]): readonly Answers[] {
  const parts = surveyColumns(items);
  const answer = pickByName(parts, 'completion', TEXT_KINDS)[0];
  const numeric = parts.filter(({ values, kind }) => kind !== 'empty' && values.every((value) => asNumber(value) !== null));
  const score = pickByName(numeric, 'score', ['number', 'text'])[0];
  if (answer === undefined || score === undefined) return [];
  const certainty = Math.min(answer.certainty, score.certainty, CERTAINTY);
  const scores = score.column.values.map((value) => asNumber(value) as number);
  const path = score.column.path;
  return [{ answers: column, answer: answer.column.path, score: { from: 'answer', path }, scoreName: path, scores, certainty }];
}

function singular(name: string): string {
  return name.replace(/s$/iu, '');
}

/** Texts, with a list of as many numbers beside them. */
function parallelScores(
  column: SurveyedColumn,
  lists: readonly (readonly unknown[])[],
  columns: readonly SurveyedColumn[],
): readonly Answers[] {
  return columns.flatMap((other) => {
    if (other === column || other.values.length !== lists.length || !['list', 'ids'].includes(other.kind)) return [];
    const scores = other.values.map((value) => Array.from(value as ArrayLike<unknown>));
    const fits = scores.every(
      (row, index) => row.length === lists[index]?.length && row.every((item) => item === null || asNumber(item) !== null),
    );
    if (!fits) return [];
    const numbers = scores.flat().flatMap((item) => asNumber(item) ?? []);
    const named = { from: 'column', column: other.path } as const;
    const names = Math.min(fitName(singular(column.name), 'completion').certainty, fitName(singular(other.name), 'score').certainty);
    // Lists of annotators' votes and their names are as long as each other too.
    if (names === 0 && (column.path.includes('.') || other.path.includes('.'))) return [];
    return [{ answers: column, answer: null, score: named, scoreName: other.path, scores: numbers, certainty: names === 0 ? 0.4 : 0.75 }];
  });
}
