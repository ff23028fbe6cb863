/** @file Finds mappings for one answer a row with a label: in columns of its own, at the end of a conversation, or within one. */
import { columnMappingSchema } from './column-mapping.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { fitName } from './column-names.ts';
import { parseJsonText } from './json-text.ts';
import {
  ANSWER_KINDS,
  contextWarnings,
  findChatOptions,
  forgottenBackground,
  findContext,
  nameColumns,
  PROMPT_KINDS,
} from './mapping-candidate.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { isMessage, speakerOf } from './normalise-messages.ts';
import { guessTexts, pickByName, pickLabels } from './pick-columns.ts';
import type { PickedColumn, PickedLabel } from './pick-columns.ts';
import { surveyColumns } from './survey-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

/** Labels that are worth a proposal of their own. */
const LABELS = 3;
const NO_PROMPT = 0.35;
/** What a text that may belong to the prompt costs if it is not used. */
const UNUSED = 0.8;

/** `prompt`, `completion`, `label` under any names. */
export function proposeExamples(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const { prompt, completion } = pickPromptAndAnswer(columns);
  if (completion === undefined) return [];
  const used = prompt === undefined ? [completion.column] : [prompt.column, completion.column];
  const context = findContext(columns, used);
  const labels = pickLabels(columns.filter((column) => !used.includes(column))).slice(0, LABELS);
  const forgotten = forgottenBackground(columns, [...used.map(({ path }) => path), context.input, context.system, context.history]);
  return labels.map((label) => {
    const warnings = [...label.warnings, ...contextWarnings(context)];
    if (prompt === undefined) warnings.push('No column looks like a prompt: the answers would be learned without one.');
    if (forgotten.length > 0) warnings.push(`\`${forgotten.join('`, `')}\` is not used: does it belong to the prompt?`);
    return {
      mapping: columnMappingSchema.parse({
        shape: 'example',
        prompt: prompt?.column.path ?? null,
        completion: completion.column.path,
        ...context,
        label: label.mapping,
      }),
      certainty: Math.min(prompt?.certainty ?? NO_PROMPT, completion.certainty, label.certainty, forgotten.length > 0 ? UNUSED : 1),
      reason: `${nameColumns(prompt, completion)}, and \`${label.mapping.column}\` says which answers are good.`,
      warnings,
    };
  });
}

function pickPromptAndAnswer(columns: readonly SurveyedColumn[]): {
  prompt: PickedColumn | undefined;
  completion: PickedColumn | undefined;
} {
  const completions = pickByName(columns, 'completion', ANSWER_KINDS);
  let completion = completions[0];
  const notAnswer = columns.filter((column) => column !== completion?.column);
  let prompt: PickedColumn | undefined = pickByName(notAnswer, 'prompt', PROMPT_KINDS)[0];
  // A name may fit both ("a"): the surer one keeps the column.
  if (completion === undefined) completion = guessTexts(columns, [prompt?.column]).at(-1);
  prompt ??= guessTexts(columns, [completion?.column])[0];
  return { prompt, completion };
}

/** A column of messages whose last one by the assistant is the answer. */
export function proposeConversations(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  return conversationColumns(columns).flatMap((picked) => {
    const system = pickByName(columns, 'system', ['text']).find(({ certainty }) => certainty === 1)?.column.path ?? null;
    const base = { messages: picked.column.path, system, ...findChatOptions(columns) };
    const isEnded = picked.column.values.every((value) => endsWithAnswer(value));
    const labels = pickLabels(columns.filter((column) => column !== picked.column)).slice(0, LABELS);
    const whole = labels.map((label) => {
      const warnings = isEnded ? label.warnings : [...label.warnings, 'Messages behind the last one of the assistant are dropped.'];
      const mapping = { shape: 'messages-example', ...base, afterAnswer: isEnded ? 'refuse' : 'drop', label: label.mapping };
      const reason = `\`${picked.column.path}\` holds conversations, and \`${label.mapping.column}\` says which are good.`;
      return candidate(mapping, Math.min(picked.certainty, label.certainty), reason, warnings);
    });
    return [...whole, ...proposeRatedMessages(picked, base)];
  });
}

function proposeRatedMessages(picked: PickedColumn, base: object): readonly MappingCandidate[] {
  const answers = picked.column.values.flatMap(asList).filter((message) => isMessage(message) && speakerOf(message) === 'assistant');
  const labels = pickLabels(surveyColumns(answers)).filter(({ mapping }) => isRatingOfMessage(mapping.column));
  return labels.slice(0, 1).map((label: PickedLabel) => {
    const mapping = { shape: 'rated-messages', ...base, label: { ...label.mapping, unrated: 'leave-out' } };
    const reason = `\`${label.mapping.column}\` in the messages of \`${picked.column.path}\` says which answers are good.`;
    return candidate(mapping, Math.min(picked.certainty, label.certainty, 0.85), reason, label.warnings);
  });
}

function isRatingOfMessage(path: string): boolean {
  const name = path.split('.').at(-1) ?? path;
  return !['role', 'from', 'content', 'value'].includes(name) && fitName(name, 'label').certainty > 0;
}

function conversationColumns(columns: readonly SurveyedColumn[]): readonly PickedColumn[] {
  const lists = columns.filter(({ kind }) => kind === 'messages' || kind === 'json-messages');
  const named = pickByName(lists, 'messages', ['messages', 'json-messages']);
  if (named.length > 0) return named.slice(0, 2);
  return lists.slice(0, 1).map((column) => ({ column, certainty: 0.7, isGuess: true }));
}

function endsWithAnswer(value: unknown): boolean {
  const last = asList(value).at(-1);
  return isMessage(last) && speakerOf(last) === 'assistant';
}

function asList(value: unknown): readonly unknown[] {
  const list = typeof value === 'string' ? parseJsonText(value) : value;
  return Array.isArray(list) ? list : [];
}

function candidate(mapping: unknown, certainty: number, reason: string, warnings: readonly string[]): MappingCandidate {
  return { mapping: columnMappingSchema.parse(mapping) satisfies ColumnMapping, certainty, reason, warnings };
}
