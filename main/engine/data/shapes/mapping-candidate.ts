/** @file A mapping that a file might mean, before it is tried on the file's records. */
import type { ColumnMapping } from './column-mapping.ts';
import { namesBackground, nameWords } from './column-names.ts';
import { pickByName } from './pick-columns.ts';
import type { PickedColumn } from './pick-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

export interface MappingCandidate {
  readonly mapping: ColumnMapping;
  /** 0 … 1, by names and contents of the columns. */
  readonly certainty: number;
  /** One sentence. */
  readonly reason: string;
  readonly warnings: readonly string[];
}

export const TEXT_KINDS = ['text', 'messages', 'json-messages'] as const;
/** A prompt may be empty in all records that are looked at. */
export const PROMPT_KINDS = [...TEXT_KINDS, 'empty'] as const;
export const ANSWER_KINDS = [...TEXT_KINDS, 'message'] as const;

/** The columns beside the prompt that shape how it is put together. */
export interface PromptContext {
  readonly input: string | null;
  readonly system: string | null;
  readonly history: string | null;
  readonly texts: 'plain' | 'chat' | 'json';
  readonly tools: string | null;
  readonly templateKwargs: string | null;
}

/** Finds them; `used` are the columns of the prompt and its answers. */
export function findContext(columns: readonly SurveyedColumn[], used: readonly SurveyedColumn[]): PromptContext {
  const free = columns.filter((column) => !used.includes(column));
  const strong = (role: 'input' | 'system' | 'history', kinds: Parameters<typeof pickByName>[2]) =>
    pickByName(free, role, kinds).find(({ certainty }) => certainty === 1)?.column.path ?? null;
  const system = strong('system', ['text']);
  const history = strong('history', ['list', 'messages', 'json-messages']);
  const isJson = used.some(({ kind }) => kind === 'json-messages');
  const [first] = used;
  // Alpaca's `input` belongs to an `instruction`; beside any other prompt it would be a guess.
  const hasInput = first !== undefined && /^(?:instructions?|question)$/u.test(nameWords(first.name).join(''));
  return {
    input: hasInput ? strong('input', ['text']) : null,
    system,
    history,
    texts: isJson ? 'json' : system !== null || history !== null ? 'chat' : 'plain',
    ...findChatOptions(columns),
  };
}

/** The columns for the chat template, which have one name only. */
export function findChatOptions(columns: readonly SurveyedColumn[]): Pick<PromptContext, 'tools' | 'templateKwargs'> {
  return {
    tools: columns.find(({ path, kind }) => path === 'tools' && kind !== 'empty')?.path ?? null,
    templateKwargs: templateKwargsOf(columns),
  };
}

/** An object has been taken apart by the survey, so that its parts show that it is there. */
function templateKwargsOf(columns: readonly SurveyedColumn[]): string | null {
  const name = 'chat_template_kwargs';
  return columns.some(({ path }) => path === name || path.startsWith(`${name}.`)) ? name : null;
}

/** A warning for each unusual part of a prompt. */
export function contextWarnings({ system, history, texts }: PromptContext): readonly string[] {
  if (texts !== 'chat') return [];
  const name = system ?? history ?? '';
  return [`Because of \`${name}\` the texts become chat messages, for the model's chat template.`];
}

/** Says of prompt and answer what speaks for them. */
export function nameColumns(prompt: PickedColumn | undefined, answer: PickedColumn): string {
  const names = prompt === undefined ? `\`${answer.column.path}\`` : `\`${prompt.column.path}\` and \`${answer.column.path}\``;
  const role = prompt === undefined ? 'an answer' : 'a prompt and its answer';
  if (answer.isGuess || prompt?.isGuess === true) return `${names} may be ${role} though not all names say so`;
  return prompt === undefined ? `${names} is named and filled like ${role}` : `${names} are named and filled like ${role}`;
}

/** Texts that may belong to the prompt and are not used; a prompt of the very own name needs nothing else. */
export function forgottenBackground(columns: readonly SurveyedColumn[], mapped: readonly (string | null)[]): readonly string[] {
  if (mapped.includes('prompt')) return [];
  const unused = columns.filter(({ path, kind, name }) => kind === 'text' && !mapped.includes(path) && namesBackground(name));
  return unused.map(({ path }) => path);
}
