/** @file Finds mappings for two answers and a column that says which one is better: arenas, rankings, annotation tools. */
import { columnMappingSchema } from './column-mapping.ts';
import { fitName, nameWords } from './column-names.ts';
import { ANSWER_KINDS, contextWarnings, findContext, TEXT_KINDS } from './mapping-candidate.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { isOneOf, pickByName } from './pick-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

/** How the two of a kind are told apart. */
const SIDES: readonly (readonly [string, string])[] = [
  ['a', 'b'],
  ['1', '2'],
  ['0', '1'],
  ['first', 'second'],
  ['left', 'right'],
  ['one', 'two'],
];
const TIES = new Set(['tie', 'tied', 'both', 'neither', 'equal', 'same', 'draw', 'bothbad', 'none']);
const MOST_VALUES = 8;

interface Siblings {
  readonly first: SurveyedColumn;
  readonly second: SurveyedColumn;
  readonly sides: readonly [string, string];
}

export function proposeChoices(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const siblings = findSiblings(columns.filter((column) => isOneOf(column, ANSWER_KINDS)));
  if (siblings === undefined) return [];
  const { first, second } = siblings;
  const others = columns.filter((column) => column !== first && column !== second);
  const prompt = first.kind === 'messages' ? undefined : pickByName(others, 'prompt', TEXT_KINDS)[0];
  const context = findContext(columns, prompt === undefined ? [first, second] : [prompt.column, first, second]);
  const found = others.flatMap((column) => {
    const certainty = Math.min(fitName(column.name, 'choice').certainty, 0.9);
    const values = certainty === 0 ? null : readSides(column, siblings);
    return values === null ? [] : [{ column, certainty, values }];
  });
  found.sort((a, b) => b.certainty - a.certainty);
  return found.slice(0, 2).map(({ column, certainty, values }) => ({
    mapping: columnMappingSchema.parse({
      shape: 'choice',
      prompt: prompt?.column.path ?? null,
      ...context,
      first: first.path,
      second: second.path,
      choice: { column: column.path, ...values, unrated: column.missing > 0 ? 'leave-out' : 'refuse' },
    }),
    certainty: Math.min(certainty, prompt?.certainty ?? (first.kind === 'text' ? 0.4 : 1)),
    reason: `\`${column.path}\` says which of \`${first.path}\` and \`${second.path}\` is better.`,
    warnings: [...contextWarnings(context), ...(values.ties.length > 0 ? [`Rows with ${values.ties.join(', ')} are left out.`] : [])],
  }));
}

/** The two columns with the longest texts whose names differ in nothing but the side. */
function findSiblings(columns: readonly SurveyedColumn[]): Siblings | undefined {
  const found: Siblings[] = [];
  for (const first of columns) {
    for (const second of columns) {
      const sides = differingSide(nameWords(first.name), nameWords(second.name));
      if (sides !== null && first.kind === second.kind) found.push({ first, second, sides });
    }
  }
  const weight = ({ first, second }: Siblings) => (first.kind === 'text' ? Math.min(first.meanLength, second.meanLength) : Infinity);
  return found.reduce<Siblings | undefined>((best, next) => (best === undefined || weight(next) > weight(best) ? next : best), undefined);
}

function differingSide(left: readonly string[], right: readonly string[]): readonly [string, string] | null {
  if (left.length !== right.length) return null;
  const different = left.flatMap((word, index) => (word === right[index] ? [] : [[word, right[index] as string] as const]));
  const [pair, ...more] = different;
  if (pair === undefined || more.length > 0) return null;
  return SIDES.some(([a, b]) => a === pair[0] && b === pair[1]) ? pair : null;
}

interface ChoiceValues {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly ties: readonly string[];
  readonly several: 'refuse' | 'majority';
}

/** Sorts the values of a column; null if one of them names neither side. */
function readSides(column: SurveyedColumn, { first, second, sides }: Siblings): ChoiceValues | null {
  const isVotes = column.kind === 'votes' || column.kind === 'list';
  const cells = isVotes ? column.values.flatMap((cell) => Array.from(cell as ArrayLike<unknown>)) : column.values;
  const several = isVotes && !cells.some((cell) => hasRank(cell)) ? 'majority' : 'refuse';
  const values = [...new Set(cells.flatMap(namesIn))];
  const read = { first: [] as string[], second: [] as string[], ties: [] as string[] };
  if (values.length === 0 || values.length > MOST_VALUES) return null;
  for (const value of values) {
    const words = nameWords(value);
    if (value === first.name || (words.includes(sides[0]) && !words.includes(sides[1]))) read.first.push(value);
    else if (value === second.name || words.includes(sides[1])) read.second.push(value);
    else if (words.some((word) => TIES.has(word))) read.ties.push(value);
    else return null;
  }
  if (read.first.length + read.second.length === 0) return null;
  // Only one side was seen: the other one is called after it.
  if (read.first.length === 0) read.first.push(swapSide(read.second[0] as string, sides[1], sides[0]));
  if (read.second.length === 0) read.second.push(swapSide(read.first[0] as string, sides[0], sides[1]));
  return { ...read, several };
}

function namesIn(cell: unknown): readonly string[] {
  if (typeof cell === 'string') return [cell.trim()];
  if (typeof cell === 'number' || typeof cell === 'bigint') return [String(cell)];
  if (Array.isArray(cell)) return cell.flatMap(namesIn);
  return typeof cell === 'object' && cell !== null && 'value' in cell ? namesIn(cell.value) : [];
}

function hasRank(cell: unknown): boolean {
  return typeof cell === 'object' && cell !== null && 'rank' in cell;
}

function swapSide(value: string, from: string, to: string): string {
  const swapped = value.toLowerCase() === from ? to : value.replace(new RegExp(`(^|[^a-z])${from}(?=$|[^a-z])`, 'iu'), `$1${to}`);
  return swapped === value ? to : swapped;
}
