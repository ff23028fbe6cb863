/** @file What is known about one setting (its words, range and values) and the zod schema made from it. */
import { z } from 'zod';

/** An interval is a whole number of steps, or below 1 a share of the run. */
export type SettingKind = 'number' | 'integer' | 'interval' | 'choice' | 'flag' | 'modules';
export type SettingValue = number | string | boolean | null | readonly string[];

/** Plain JSON: a command line makes an option of it, a window a form field. */
export interface SettingField {
  /** The name in TRL, PEFT or Transformers. */
  readonly key: string;
  readonly label: string;
  /** One plain sentence. */
  readonly sentence: string;
  readonly kind: SettingKind;
  readonly default: SettingValue;
  readonly min: number | null;
  readonly max: number | null;
  /** Which ends of the range are themselves not allowed. */
  readonly open: 'none' | 'min' | 'max' | 'both';
  /** For a choice. */
  readonly values: readonly string[] | null;
  /** null is a value too, and `sentence` says what it means. */
  readonly nullable: boolean;
  readonly appliesTo: 'kto' | 'dpo' | 'both';
}

/** A setting before it has its key, which is its name in the table. */
export interface SettingDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly about: Omit<SettingField, 'key'>;
}

interface Words {
  readonly label: string;
  readonly sentence: string;
  readonly appliesTo?: SettingField['appliesTo'];
}

interface NumberWords<Default> extends Words {
  readonly default: Default;
  readonly min?: number;
  readonly max?: number;
  readonly open?: SettingField['open'];
}

export function numberSetting(words: NumberWords<number>): SettingDefinition<z.ZodNumber> {
  return { schema: ranged(z.number(), words), about: numeric('number', words) };
}

export function integerSetting(words: NumberWords<number>): SettingDefinition<z.ZodNumber> {
  return { schema: ranged(z.number().int(), words), about: numeric('integer', words) };
}

export function nullableIntegerSetting(words: NumberWords<number | null>): SettingDefinition<z.ZodNullable<z.ZodNumber>> {
  return { schema: ranged(z.number().int(), words).nullable(), about: { ...numeric('integer', words), nullable: true } };
}

/** From 1 on a whole number of steps, below 1 a share of the run; null as its sentence says. */
export function intervalSetting(words: Words & { default: number | null }): SettingDefinition<z.ZodNullable<z.ZodNumber>> {
  const schema = z.number().positive();
  const whole = schema.refine((value) => value < 1 || Number.isInteger(value));
  return { schema: whole.nullable(), about: { ...numeric('interval', { ...words, min: 0, open: 'min' }), nullable: true } };
}

export function choiceSetting<const Values extends readonly [string, ...string[]]>(
  words: Words & { values: Values; default: Values[number] },
): SettingDefinition<z.ZodType<Values[number]>> {
  return { schema: z.enum(words.values), about: { ...plain('choice', words), values: words.values } };
}

export function flagSetting(words: Words & { default: boolean }): SettingDefinition<z.ZodBoolean> {
  return { schema: z.boolean(), about: plain('flag', words) };
}

/** PEFT's `target_modules`: names (or endings of names), or one string. */
export function modulesSetting(words: Words & { default: readonly string[] }) {
  const schema = z.union([z.array(z.string().min(1)).min(1), z.string().min(1)]);
  return { schema, about: plain('modules', words) } satisfies SettingDefinition;
}

/** What a value must be, to stand after "must be". */
export function describeAllowed({ kind, min, max, open, values, nullable }: SettingField): string {
  const orNull = nullable ? ', or null' : '';
  if (kind === 'choice') return `one of ${(values ?? []).join(', ')}${orNull}`;
  if (kind === 'flag') return `true or false${orNull}`;
  if (kind === 'interval') return `a whole number of steps, or a share of the run between 0 and 1${orNull}`;
  if (kind === 'modules') return 'a list of module names, or one string (a regular expression, or all-linear)';
  const bounds = [
    min === null ? '' : open === 'min' || open === 'both' ? `above ${min}` : `at least ${min}`,
    max === null ? '' : open === 'max' || open === 'both' ? `below ${max}` : `at most ${max}`,
  ];
  const range = bounds.filter((bound) => bound !== '').join(' and ');
  return `a ${kind === 'integer' ? 'whole number' : 'number'}${range === '' ? '' : ` ${range}`}${orNull}`;
}

function ranged(schema: z.ZodNumber, { min, max, open = 'none' }: NumberWords<unknown>): z.ZodNumber {
  let limited = schema;
  if (min !== undefined) limited = open === 'min' || open === 'both' ? limited.gt(min) : limited.gte(min);
  if (max !== undefined) limited = open === 'max' || open === 'both' ? limited.lt(max) : limited.lte(max);
  return limited;
}

function numeric(kind: 'number' | 'integer' | 'interval', words: NumberWords<number | null>): Omit<SettingField, 'key'> {
  return { ...plain(kind, words), min: words.min ?? null, max: words.max ?? null, open: words.open ?? 'none' };
}

function plain(kind: SettingKind, words: Words & { default: SettingValue }): Omit<SettingField, 'key'> {
  const { label, sentence, appliesTo = 'both' } = words;
  return { label, sentence, kind, default: words.default, min: null, max: null, open: 'none', values: null, nullable: false, appliesTo };
}
