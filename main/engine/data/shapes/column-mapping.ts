/**
 * @file How the columns of a file become rows: one schema, told apart by `shape`. A mapping is plain JSON, so that it can be
 * shown, edited and stored with a dataset. A column is a name, or a path such as `data.rating` or `messages[-1].content`.
 */
import { z } from 'zod';
import { labelMappingSchema, severalSchema, unratedSchema } from './label-mapping.ts';

const column = z.string().min(1);
const optionalColumn = column.nullable().default(null);

const chatOptions = {
  /** Tool schemas for the chat template: a list, or a JSON text of one. */
  tools: optionalColumn,
  templateKwargs: optionalColumn,
};

/**
 * How texts are taken: `plain` as they stand; `chat` as messages of a user and an assistant, for the model's chat template;
 * `json` as JSON texts of messages (as tables have them). Lists of messages are messages in all three.
 */
const texts = z.enum(['plain', 'chat', 'json']).default('plain');

const promptSide = {
  prompt: optionalColumn,
  /** Further text below the prompt (Alpaca's `input`). */
  input: optionalColumn,
  /** Becomes a first message of the system. */
  system: optionalColumn,
  /** Earlier turns, as a list of [question, answer] or of messages. */
  history: optionalColumn,
  texts,
  ...chatOptions,
};

interface PromptSide {
  readonly texts: 'plain' | 'chat' | 'json';
  readonly system: string | null;
  readonly history: string | null;
}

const hasPlaceForMessages = ({ texts: form, system, history }: PromptSide) => form !== 'plain' || (system === null && history === null);
const NO_PLACE = 'A column for `system` or `history` needs `texts` to be "chat" or "json".';

/** The names that `parseRow` knows; each row by the columns it fills. */
const standard = z.strictObject({ shape: z.literal('standard') });

/** One answer and what was thought of it. Without a prompt column the prompt is empty. */
const example = z
  .strictObject({ shape: z.literal('example'), ...promptSide, completion: column, label: labelMappingSchema })
  .refine(hasPlaceForMessages, NO_PLACE)
  .refine(({ texts: form, prompt, history }) => form !== 'chat' || prompt !== null || history !== null, 'A chat needs a prompt.');

/** A preferred and a rejected answer. Without a prompt column the prompt is their common beginning. */
const pair = z
  .strictObject({ shape: z.literal('pair'), ...promptSide, chosen: column, rejected: column })
  .refine(hasPlaceForMessages, NO_PLACE);

/** Two texts made of turns that begin with "Human:" and "Assistant:"; the last turns are the answers. */
const transcriptPair = z.strictObject({ shape: z.literal('transcript-pair'), chosen: column, rejected: column });

/** A conversation whose last assistant message is the answer. */
const messagesExample = z.strictObject({
  shape: z.literal('messages-example'),
  messages: column,
  system: optionalColumn,
  ...chatOptions,
  /** What becomes of messages behind the last one of the assistant. */
  afterAnswer: z.enum(['refuse', 'drop']).default('refuse'),
  label: labelMappingSchema,
});

/** A conversation in which single messages are rated; `label.column` is a path inside a message. */
const ratedMessages = z.strictObject({
  shape: z.literal('rated-messages'),
  messages: column,
  system: optionalColumn,
  ...chatOptions,
  label: labelMappingSchema,
});

/** Two answers and a column that says which one is better; values are compared as in a label. */
const choice = z
  .strictObject({
    shape: z.literal('choice'),
    ...promptSide,
    first: column,
    second: column,
    choice: z.strictObject({
      column,
      first: z.array(z.string()).min(1).readonly(),
      second: z.array(z.string()).min(1).readonly(),
      /** Left out and counted. */
      ties: z.array(z.string()).readonly().default([]),
      unrated: unratedSchema.default('refuse'),
      several: severalSchema.default('refuse'),
    }),
  })
  .refine(hasPlaceForMessages, NO_PLACE);

/** One prompt with several answers, each with a score. */
const ratedAnswers = z
  .strictObject({
    shape: z.literal('rated-answers'),
    ...promptSide,
    /** A list of texts, of objects, or of lists of messages. */
    answers: column,
    /** Path inside an answer; null if the answer is the text itself. */
    answer: optionalColumn,
    score: z.discriminatedUnion('from', [
      z.strictObject({ from: z.literal('answer'), path: column }),
      /** A list as long as the answers. */
      z.strictObject({ from: z.literal('column'), column }),
    ]),
    give: z.discriminatedUnion('as', [
      /** The best and the worst answer; left out if their scores are closer than `minGap` (or equal). */
      z.strictObject({
        as: z.literal('pair'),
        better: z.enum(['higher', 'lower']).default('higher'),
        minGap: z.number().min(0).default(0),
      }),
      /** Each answer by its score; what lies between is left out. */
      z
        .strictObject({ as: z.literal('examples'), desirableFrom: z.number(), undesirableTo: z.number() })
        .refine(({ desirableFrom, undesirableTo }) => undesirableTo < desirableFrom, 'undesirableTo must be below desirableFrom.'),
    ]),
  })
  .refine(hasPlaceForMessages, NO_PLACE);

const tokenExample = z.strictObject({
  shape: z.literal('token-example'),
  prompt: column,
  completion: column,
  label: labelMappingSchema,
});

const tokenPair = z.strictObject({ shape: z.literal('token-pair'), prompt: optionalColumn, chosen: column, rejected: column });

/** A feedback object of Open WebUI: the conversation up to the rated message. */
const openWebui = z.strictObject({ shape: z.literal('open-webui'), label: labelMappingSchema });

export const columnMappingSchema = z.discriminatedUnion('shape', [
  standard,
  example,
  pair,
  transcriptPair,
  messagesExample,
  ratedMessages,
  choice,
  ratedAnswers,
  tokenExample,
  tokenPair,
  openWebui,
]);

export type ColumnMapping = z.infer<typeof columnMappingSchema>;
export type MappingShape = ColumnMapping['shape'];
/** The mapping of one shape. */
export type MappingOf<Shape extends MappingShape> = Extract<ColumnMapping, { shape: Shape }>;
