/** @file Finds the columns that could play a role, by their names and by what they hold. */
import { fitName, namesDetail, namesUndesirable } from './column-names.ts';
import type { ColumnRole, NameFit } from './column-names.ts';
import { interpretLabel } from './interpret-label.ts';
import type { LabelInterpretation } from './interpret-label.ts';
import type { LabelMapping } from './label-mapping.ts';
import type { SurveyedColumn } from './survey-columns.ts';
import type { ValueKind } from './value-kind.ts';

export interface PickedColumn {
  readonly column: SurveyedColumn;
  /** 0 … 1. */
  readonly certainty: number;
  /** Whether only its content speaks for it. */
  readonly isGuess: boolean;
}

export interface PickedLabel {
  readonly mapping: LabelMapping;
  readonly certainty: number;
  readonly warnings: readonly string[];
}

/** What a second column of as good a name costs. */
const AMBIGUOUS = 0.8;
const GUESSED = 0.4;

/** Columns with a fitting name and kind, best first; the first is marked down if another one fits as well. */
export function pickByName(columns: readonly SurveyedColumn[], role: ColumnRole, kinds: readonly ValueKind[]): readonly PickedColumn[] {
  const fits = columns
    .filter((column) => isOneOf(column, kinds))
    .map((column) => ({ column, fit: doubtNames(column, fitName(column.name, role)) }))
    .filter(({ fit }) => fit.certainty > 0)
    .sort(
      (a, b) =>
        Number(a.column.kind === 'empty') - Number(b.column.kind === 'empty') ||
        Number(b.fit.isOwn) - Number(a.fit.isOwn) ||
        b.fit.certainty - a.fit.certainty,
    );
  const [first, second] = fits;
  const inDoubt = first !== undefined && second !== undefined && !first.fit.isOwn && second.fit.certainty >= first.fit.certainty;
  return fits.map(({ column, fit }) => ({
    column,
    certainty: inDoubt ? Math.min(fit.certainty, AMBIGUOUS) : fit.certainty,
    isGuess: false,
  }));
}

/** A column `user` without a single space in it holds names of users, not what they said. */
function doubtNames(column: SurveyedColumn, fit: NameFit): NameFit {
  const isDoubtful = column.kind === 'text' && column.prose < 0.2 && fit.certainty < 1;
  return isDoubtful ? { ...fit, certainty: fit.certainty * 0.6 } : fit;
}

/** Columns of prose that no other role has taken, in the order of the file. */
export function guessTexts(columns: readonly SurveyedColumn[], taken: readonly (SurveyedColumn | undefined)[]): readonly PickedColumn[] {
  return columns
    .filter((column) => column.kind === 'text' && column.prose >= 0.5 && !taken.includes(column))
    .filter(({ name }) => fitName(name, 'system').certainty === 0 && !namesDetail(name))
    .map((column) => ({ column, certainty: GUESSED, isGuess: true }));
}

export function isOneOf(column: SurveyedColumn, kinds: readonly ValueKind[]): boolean {
  return column.kind === 'mixed' ? [...column.kinds].every((kind) => kinds.includes(kind)) : kinds.includes(column.kind);
}

/** Label columns, best first. */
export function pickLabels(columns: readonly SurveyedColumn[]): readonly PickedLabel[] {
  const labels = columns.map(pickLabel).filter((label) => label !== null);
  labels.sort((a, b) => Number(b.isOwn && b.certainty >= 0.9) - Number(a.isOwn && a.certainty >= 0.9) || b.certainty - a.certainty);
  const [first, second] = labels;
  const inDoubt = first !== undefined && second !== undefined && !first.isOwn && second.certainty >= first.certainty;
  return labels.map((label) => (inDoubt ? { ...label, certainty: Math.min(label.certainty, AMBIGUOUS) } : label));
}

function pickLabel(column: SurveyedColumn): (PickedLabel & { readonly isOwn: boolean }) | null {
  const votes = votesOf(column);
  const interpretation = interpretLabel(votes ?? column.values, column.path);
  if (interpretation === null) return null;
  const fit = fitName(column.name, 'label');
  const isFlag = namesUndesirable(column.name);
  const isQuestion = votes !== null;
  // Without a name that says so, only values that can hardly mean anything else make a label.
  const isUnnamed = fit.certainty === 0 && !isFlag && !isQuestion;
  if (isUnnamed && (interpretation.certainty < 1 || namesDetail(column.name))) return null;
  const byName = isFlag ? 0.6 : Math.max(fit.certainty, isQuestion ? 0.8 : 0.45);
  const isSuggestion = /(?:^|\.)suggestions?(?:\.|$)/u.test(column.path);
  const { reading, warnings } = isFlag ? invert(interpretation, column.path) : interpretation;
  const notes = [...warnings];
  if (isSuggestion) notes.push(`\`${column.path}\` is what a model suggests, not what a person said.`);
  if (column.missing > 0) notes.push(`Rows without \`${column.path}\` are left out: ${column.missing} of those looked at.`);
  return {
    mapping: {
      column: column.path,
      reading,
      unrated: column.missing > 0 ? 'leave-out' : 'refuse',
      several: isQuestion ? 'majority' : 'refuse',
    },
    certainty: Math.min(byName, interpretation.certainty, isSuggestion ? 0.5 : 1),
    warnings: notes,
    isOwn: fit.isOwn,
  };
}

/** Each vote, if the cells hold lists of them (Argilla's `responses.quality`, or `quality.responses` in a table). */
function votesOf(column: SurveyedColumn): readonly unknown[] | null {
  if (column.kind === 'votes')
    return column.values.flatMap((cell) => (cell as readonly { readonly value: unknown }[]).map(({ value }) => value));
  const isList = column.kind === 'list' || column.kind === 'ids';
  if (!isList || !column.path.endsWith('.responses')) return null;
  return column.values.flatMap((cell) => Array.from(cell as ArrayLike<unknown>)).filter((vote) => vote !== null);
}

function invert({ reading, warnings }: LabelInterpretation, column: string): Pick<LabelInterpretation, 'reading' | 'warnings'> {
  if (reading.kind === 'rating') return { reading, warnings };
  const warning = `\`${column}\` is taken to mark bad answers: check which way round it is.`;
  if (reading.kind === 'boolean') {
    return {
      reading: { kind: 'values', desirable: ['false', '0'], undesirable: ['true', '1'], ignored: [] },
      warnings: [...warnings, warning],
    };
  }
  return { reading: { ...reading, desirable: reading.undesirable, undesirable: reading.desirable }, warnings: [...warnings, warning] };
}
