/**
 * @file One row → token ids, as the newest TRL does it: the prompt is tokenised alone, prompt and completion together, and
 * the completion is what the second has beyond the length of the first, whether or not the two agree up to there.
 * @see trl/trainer/kto_trainer.py, dpo_trainer.py (`_prepare_dataset`)
 */
import { FormatError, ImportError } from '#contract/errors.ts';
import type { ChatOptions, ExampleRow, Message, PairRow, Row } from '#engine/data/row.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** What becomes of a row. */
export type TokenisedOf<R extends Row> = R extends PairRow ? TokenisedPair : TokenisedExample;

export interface TokenisedRowResult<R extends Row> {
  readonly tokenised: TokenisedOf<R>;
  /** True if tokens merged across the end of the prompt, so that the completion's ids may be off by a piece. */
  readonly hasPrefixMismatch: boolean;
}

export interface TokeniseRowContext {
  readonly tokenizer: TextTokenizer;
  /** Name of the file the rows come from, for messages. */
  readonly file: string;
  /** Number of ids the model knows; ids in pre-tokenised rows must be below it. */
  readonly vocabSize: number;
}

/**
 * Tokenises one row.
 * @throws {ImportError} if the chat template refuses the row, or a token id is outside the vocabulary
 * @throws {FormatError} if the tokenizer lacks what the row needs (an end-of-sequence token, a chat template)
 */
export function tokeniseRow<R extends Row>(row: R, context: TokeniseRowContext): TokenisedRowResult<R> {
  const isPair = row.kind === 'pair';
  const prompt = encodePrompt(row, context);
  const sides = isPair
    ? [encodeSide(row, 'chosen', context), encodeSide(row, 'rejected', context)]
    : [encodeSide(row, 'completion', context)];
  const answers = sides.map((side) => (side.isWhole ? side.ids.slice(prompt.length) : side.ids));
  const hasPrefixMismatch = sides.some((side) => side.isWhole && !startsWith(side.ids, prompt));
  const [first, second] = answers as [Int32Array, Int32Array];
  const tokenised: TokenisedExample | TokenisedPair = isPair
    ? { row: row.row, promptIds: prompt, chosenIds: first, rejectedIds: second }
    : { row: row.row, promptIds: prompt, completionIds: first, label: row.label };
  return { tokenised: tokenised as TokenisedOf<R>, hasPrefixMismatch };
}

type Side = 'completion' | 'chosen' | 'rejected';

function encodePrompt(row: Row, context: TokeniseRowContext): Int32Array {
  switch (row.form) {
    case 'text':
      return context.tokenizer.encode(row.prompt);
    case 'chat':
      return encodeChat(row.prompt, true, row, context);
    case 'tokens':
      return checkIds(row.promptIds, 'prompt_ids', row, context);
    default:
      return row satisfies never;
  }
}

/** Prompt and answer together (`isWhole`), or the answer alone where it came as ids. */
function encodeSide(row: Row, side: Side, context: TokeniseRowContext): { ids: Int32Array; isWhole: boolean } {
  switch (row.form) {
    case 'text':
      return { ids: context.tokenizer.encode(row.prompt + withEos(answerOf(row, side), context)), isWhole: true };
    case 'chat':
      return { ids: encodeChat([...row.prompt, ...answerOf(row, side)], false, row, context), isWhole: true };
    case 'tokens':
      return { ids: checkIds(idsOf(row, side), `${side}_ids`, row, context), isWhole: false };
    default:
      return row satisfies never;
  }
}

type Answer<R extends Row> = R extends { form: 'text' } ? string : readonly Message[];

function answerOf<R extends Row & { form: 'text' | 'chat' }>(row: R, side: Side): Answer<R> {
  return (row as unknown as Record<Side, Answer<R>>)[side];
}

function idsOf(row: (ExampleRow | PairRow) & { form: 'tokens' }, side: Side): Int32Array {
  return (row as unknown as Record<`${Side}Ids`, Int32Array>)[`${side}Ids`];
}

/** The text of the end-of-sequence token is appended unless it is there; a chat template ends its turns itself. */
function withEos(completion: string, { tokenizer }: TokeniseRowContext): string {
  if (tokenizer.eosToken === null) {
    throw new FormatError(
      'The tokenizer names no eos_token, so a completion of plain text would never end. Add eos_token to tokenizer_config.json.',
      { file: 'tokenizer_config.json', field: 'eos_token' },
    );
  }
  return completion.endsWith(tokenizer.eosToken) ? completion : completion + tokenizer.eosToken;
}

function encodeChat(
  messages: readonly Message[],
  addGenerationPrompt: boolean,
  row: Row & { readonly options: ChatOptions },
  { tokenizer, file }: TokeniseRowContext,
): Int32Array {
  const { tools, templateKwargs } = row.options;
  try {
    return tokenizer.encodeChat(messages, { addGenerationPrompt, tools, templateKwargs });
  } catch (error) {
    if (!(error instanceof FormatError) || !tokenizer.hasChatTemplate) throw error;
    const message = `Row ${row.row} of ${file} cannot be written as a chat: ${error.message}. Fix it or skip the row.`;
    throw new ImportError(message, { file, row: row.row }, { cause: error });
  }
}

function checkIds(ids: Int32Array, column: string, row: Row, { file, vocabSize }: TokeniseRowContext): Int32Array {
  const index = ids.findIndex((id) => id < 0 || id >= vocabSize);
  if (index === -1) return ids;
  throw new ImportError(
    `Row ${row.row} of ${file} has the token id ${ids[index]} in \`${column}\`, but the model knows ids from 0 to ${vocabSize - 1}.` +
      ' Use the ids of this model, or skip the row.',
    { file, row: row.row, column },
  );
}

function startsWith(ids: Int32Array, prefix: Int32Array): boolean {
  return ids.length >= prefix.length && prefix.every((id, index) => ids[index] === id);
}
