/**
 * @file The rows a dataset can hold, after validation. Two kinds (an example with a label, a pair of completions), each in
 * three forms (plain text, chat messages, token ids); nothing else exists past `parseRow`.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One chat turn in the ChatML field names; further fields (`tool_calls`, `name`, …) reach the chat template untouched. */
export interface Message {
  readonly role: string;
  /** Text; `null` or absent for a turn that only calls tools. */
  readonly content?: string | null;
  readonly [key: string]: JsonValue | undefined;
}

/** What a conversational row passes on to the chat template. */
export interface ChatOptions {
  /** Tool schemas; `null` when the row names none (a template may tell `[]` from none). */
  readonly tools: readonly JsonValue[] | null;
  /** The `chat_template_kwargs` column. */
  readonly templateKwargs: Readonly<Record<string, JsonValue>>;
}

interface RowBase {
  /** 1-based position in the file (the line of a JSONL file), for messages and reports. */
  readonly row: number;
}

interface ExampleBase extends RowBase {
  readonly kind: 'example';
  /** `true` = desirable. */
  readonly label: boolean;
}

interface PairBase extends RowBase {
  readonly kind: 'pair';
}

export interface TextExample extends ExampleBase {
  readonly form: 'text';
  readonly prompt: string;
  readonly completion: string;
}

export interface ChatExample extends ExampleBase {
  readonly form: 'chat';
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  readonly options: ChatOptions;
}

export interface TokenExample extends ExampleBase {
  readonly form: 'tokens';
  readonly promptIds: Int32Array;
  readonly completionIds: Int32Array;
}

export interface TextPair extends PairBase {
  readonly form: 'text';
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export interface ChatPair extends PairBase {
  readonly form: 'chat';
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  readonly options: ChatOptions;
}

export interface TokenPair extends PairBase {
  readonly form: 'tokens';
  readonly promptIds: Int32Array;
  readonly chosenIds: Int32Array;
  readonly rejectedIds: Int32Array;
}

export type ExampleRow = TextExample | ChatExample | TokenExample;
export type PairRow = TextPair | ChatPair | TokenPair;
export type Row = ExampleRow | PairRow;
