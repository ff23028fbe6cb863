/** @file Reads records with one prompt and several scored answers: UltraFeedback (`completions`), Nectar, distilabel (`generations`, `ratings`). */
import { parseExample } from '#engine/data/parse-example.ts';
import { parsePair } from '#engine/data/parse-pair.ts';
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import type { Row } from '#engine/data/row.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import type { MappingOf } from './column-mapping.ts';
import { readJsonText } from './json-text.ts';
import { asNumber } from './normalise-label.ts';
import { createOptionsReader, createTextForm, optionNames } from './read-prompt.ts';
import { LEFT_OUT, oneRow } from './record-reading.ts';
import type { FieldsReader, LeftOutReason, RecordReading } from './record-reading.ts';

type Mapping = MappingOf<'rated-answers'>;

interface ScoredAnswer {
  readonly column: string;
  readonly answer: unknown;
  /** Null if it has none: annotators leave some out ("N/A"). */
  readonly score: number | null;
}

export function createRatedAnswersReader(mapping: Mapping): FieldsReader {
  const { give } = mapping;
  const readAnswers = createAnswersReader(mapping);
  const form = createTextForm(mapping);
  const readOptions = createOptionsReader(mapping);
  const prompt = mapping.prompt ?? 'prompt';

  const toExamples = (fields: Fields, place: RowPlace, from: number, to: number): RecordReading => {
    const rows: Row[] = [];
    const leftOut: LeftOutReason[] = [];
    for (const { column, answer, score } of readAnswers(fields, place)) {
      if (score === null) leftOut.push('unrated');
      else if (score > to && score < from) leftOut.push('between-thresholds');
      else {
        const completion = form.answer(answer, column, place);
        const names = { prompt, completion: column, label: column, ...optionNames(mapping) };
        const values = { prompt: form.prompt(fields, [completion], place), completion, label: score >= from, ...readOptions(fields) };
        rows.push(parseExample(values, names, place));
      }
    }
    return rows.length + leftOut.length === 0 ? LEFT_OUT['too-few-answers'] : { rows, leftOut };
  };

  const toPair = (fields: Fields, place: RowPlace, better: 'higher' | 'lower', minGap: number): RecordReading => {
    const scored = readAnswers(fields, place).filter(({ score }) => score !== null);
    if (scored.length < 2) return LEFT_OUT['too-few-answers'];
    const sign = better === 'higher' ? 1 : -1;
    const value = ({ score }: ScoredAnswer) => sign * (score as number);
    const best = scored.reduce((winner, other) => (value(other) > value(winner) ? other : winner));
    const worst = scored.reduce((loser, other) => (value(other) < value(loser) ? other : loser));
    const gap = value(best) - value(worst);
    if (gap === 0 || gap < minGap) return LEFT_OUT.tie;
    const chosen = form.answer(best.answer, best.column, place);
    const rejected = form.answer(worst.answer, worst.column, place);
    const names = { prompt, chosen: best.column, rejected: worst.column, ...optionNames(mapping) };
    const prompted = form.prompt(fields, [chosen, rejected], place);
    return oneRow(parsePair({ prompt: prompted, chosen, rejected, ...readOptions(fields) }, names, place));
  };

  return give.as === 'pair'
    ? (fields, place) => toPair(fields, place, give.better, give.minGap)
    : (fields, place) => toExamples(fields, place, give.desirableFrom, give.undesirableTo);
}

function createAnswersReader({ answers, answer, score }: Mapping): (fields: Fields, place: RowPlace) => readonly ScoredAnswer[] {
  const getAnswers = createGetter(answers);
  const getAnswer = answer === null ? null : createGetter(answer);
  const getScore = createGetter(score.from === 'answer' ? score.path : score.column);
  const list = (value: unknown, column: string, place: RowPlace): readonly unknown[] => {
    const items = readJsonText(value, column, place);
    if (Array.isArray(items)) return items;
    if (ArrayBuffer.isView(items)) return Array.from(items as unknown as ArrayLike<unknown>);
    throw rowError(place, column, `has ${describeValue(items)} as \`${column}\` where a list is expected`);
  };
  return (fields, place) => {
    const items = list(getAnswers(fields), answers, place);
    const scores = score.from === 'column' ? list(getScore(fields), score.column, place) : null;
    if (scores !== null && score.from === 'column' && scores.length !== items.length) {
      const problem = `has ${items.length} answers in \`${answers}\` and ${scores.length} scores in \`${score.column}\``;
      throw rowError(place, score.column, problem);
    }
    return items.map((item, index) => {
      const column = `${answers}[${index}]`;
      const inside = typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as Fields) : null;
      if (inside === null && (getAnswer !== null || scores === null)) {
        throw rowError(place, column, `has ${describeValue(item)} in \`${column}\` where an object with an answer is expected`);
      }
      return {
        column: answer === null ? column : `${column}.${answer}`,
        answer: getAnswer === null || inside === null ? item : getAnswer(inside),
        score: asNumber(scores === null ? getScore(inside as Fields) : scores[index]),
      };
    });
  };
}
