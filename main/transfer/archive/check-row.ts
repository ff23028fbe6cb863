/** @file What a row of an archive must be beyond what its table asks: texts that can be read as what they are said to be. */
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';
import type { DumpedRow } from '#store/archive/dump-project.ts';

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const time = z.int().nonnegative().max(8.64e15);

/** Text that holds JSON of a shape. */
function json(shape: z.ZodType): z.ZodType<string> {
  return z.string().refine((text) => {
    try {
      return shape.safeParse(JSON.parse(text)).success;
    } catch {
      return false;
    }
  }, 'holds no such JSON');
}

const Messages = json(z.array(z.looseObject({ role: z.string() })));
const Tokens = json(
  z.array(
    z
      .int()
      .nonnegative()
      .max(2 ** 31 - 1),
  ),
);
const Options = json(z.looseObject({}));
const texts = (text: z.ZodType<string>, form: string) =>
  z.looseObject({ form: z.literal(form), prompt: text, completion: text, rejected: text.nullable(), options: Options.nullable() });

const SHAPES: Readonly<Record<string, z.ZodType>> = {
  datasets: z.looseObject({ name: line(200), created_at: time }),
  dataset_versions: z.looseObject({ oldest_row_version: z.int().positive(), next_position: z.int().nonnegative(), created_at: time }),
  splits: z.looseObject({ name: line(200), created_at: time }),
  rows: z.discriminatedUnion('form', [
    texts(z.string(), 'text') as never,
    texts(Messages, 'chat') as never,
    texts(Tokens, 'tokens') as never,
  ]),
  runs: z.looseObject({
    name: line(200),
    method: z.enum(['kto', 'dpo']),
    last_step: z.int().nonnegative(),
    total_steps: z.int().nonnegative().nullable(),
    created_at: time,
  }),
  metrics: z.looseObject({ step: z.int().nonnegative() }),
  checkpoints: z.looseObject({ step: z.int().nonnegative(), created_at: time }),
  adapters: z.looseObject({ name: line(200), sha256: z.string().max(64), created_at: time }),
  chats: z.looseObject({ title: z.string().max(10_000), created_at: time, updated_at: time }),
  messages: z.looseObject({ turn: z.int().nonnegative(), created_at: time }),
  blind_votes: z.looseObject({ created_at: time }),
  comparisons: z.looseObject({ choices: json(z.looseObject({})) }),
  measurements: z.looseObject({ value: json(z.json()), created_at: time }),
  stored_files: z.looseObject({ bytes: z.int().nonnegative(), created_at: time }),
};

/** @param number - 1-based, in its entry @throws {FormatError} */
export function checkRow(table: string, row: unknown, number: number): DumpedRow {
  const shape = SHAPES[table] ?? z.looseObject({});
  const parsed = shape.safeParse(row);
  if (parsed.success) return parsed.data as DumpedRow;
  const field = parsed.error.issues[0]?.path.join('.') || 'the whole row';
  throw new FormatError(`row ${number} of ${table} is wrong at ${field}.`, { file: table, field });
}
