/** @file Finds mappings for a preferred and a rejected answer a row. */
import { columnMappingSchema } from './column-mapping.ts';
import { ANSWER_KINDS, contextWarnings, findContext, forgottenBackground, PROMPT_KINDS } from './mapping-candidate.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { isMessage, speakerOf } from './normalise-messages.ts';
import { guessTexts, pickByName } from './pick-columns.ts';
import type { PickedColumn } from './pick-columns.ts';
import { isTranscript } from './read-transcript-pair.ts';
import type { SurveyedColumn } from './survey-columns.ts';

/** What a text column that no role explains costs a pair without a prompt. */
const UNEXPLAINED = 0.6;
/** What a text that may belong to the prompt costs if it is not used. */
const UNUSED = 0.8;

export function proposePairs(columns: readonly SurveyedColumn[]): readonly MappingCandidate[] {
  const chosen = pickByName(columns, 'chosen', ANSWER_KINDS)[0];
  const rejected = pickByName(
    columns.filter((column) => column !== chosen?.column),
    'rejected',
    ANSWER_KINDS,
  )[0];
  if (chosen === undefined || rejected === undefined) return [];
  const answers = [chosen.column, rejected.column];
  const certainty = Math.min(chosen.certainty, rejected.certainty);
  const names = { chosen: chosen.column.path, rejected: rejected.column.path };
  const reason = `\`${names.chosen}\` and \`${names.rejected}\` are named and filled like a preferred and a rejected answer`;
  if (answers.every(holdsTranscripts)) {
    const mapping = columnMappingSchema.parse({ shape: 'transcript-pair', ...names });
    return [{ mapping, certainty, reason: `${reason}, and both are transcripts of Human and Assistant.`, warnings: [] }];
  }
  const others = columns.filter((column) => !answers.includes(column));
  const prompt = pickPrompt(others, chosen.column);
  const context = findContext(columns, prompt === undefined ? answers : [prompt.column, ...answers]);
  const mapping = columnMappingSchema.parse({ shape: 'pair', prompt: prompt?.column.path ?? null, ...names, ...context });
  const warnings = [...contextWarnings(context)];
  if (prompt === undefined) {
    if (!shareBeginning(chosen.column, rejected.column))
      warnings.push('No column looks like a prompt, and the answers share no beginning.');
    return [{ mapping, certainty, reason: `${reason}, and what they share at the beginning is the prompt.`, warnings }];
  }
  const { path } = prompt.column;
  const forgotten = forgottenBackground(others, [path, context.input, context.system, context.history]);
  if (forgotten.length > 0) warnings.push(`\`${forgotten.join('`, `')}\` is not used: does it belong to the prompt?`);
  if (prompt.isGuess) warnings.push(`\`${path}\` is taken for the prompt because it is what is left.`);
  const sure = Math.min(certainty, prompt.certainty, forgotten.length > 0 ? UNUSED : 1);
  return [{ mapping, certainty: sure, reason: `${reason}, \`${path}\` like their prompt.`, warnings }];
}

function pickPrompt(columns: readonly SurveyedColumn[], chosen: SurveyedColumn): PickedColumn | undefined {
  const named = pickByName(columns, 'prompt', PROMPT_KINDS)[0];
  // Answers that begin with the question need no other prompt.
  if (holdsWholeConversations(chosen)) return named;
  const conversation = pickByName(columns, 'messages', ['messages', 'json-messages'])[0];
  if (conversation !== undefined && conversation.certainty > (named?.certainty ?? 0)) return conversation;
  if (named !== undefined) return named;
  const unnamed = columns.find(({ kind }) => kind === 'messages' || kind === 'json-messages');
  if (unnamed !== undefined) return { column: unnamed, certainty: UNEXPLAINED, isGuess: true };
  const [guess] = guessTexts(columns, []);
  return guess === undefined ? undefined : { ...guess, certainty: UNEXPLAINED };
}

function holdsWholeConversations({ values }: SurveyedColumn): boolean {
  const [first] = values;
  const message: unknown = Array.isArray(first) ? first[0] : null;
  if (!isMessage(message)) return false;
  return speakerOf(message) !== 'assistant';
}

function holdsTranscripts({ kind, values }: SurveyedColumn): boolean {
  return kind === 'text' && values.every((value) => isTranscript(value as string));
}

/** True if at least half of the pairs of texts begin alike; messages are compared when they are read. */
function shareBeginning(chosen: SurveyedColumn, rejected: SurveyedColumn): boolean {
  if (chosen.kind !== 'text') return true;
  const alike = chosen.values.filter((value, index) => {
    const other = rejected.values[index];
    return typeof value === 'string' && typeof other === 'string' && value.charAt(0) === other.charAt(0);
  });
  return alike.length * 2 >= chosen.values.length;
}
