/** @file Columns that hold JSON: written as text, checked when read. */
import { z } from 'zod';
import { StoreError } from '#contract/errors.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = Readonly<Record<string, JsonValue>>;

const AnyJson: z.ZodType<JsonValue> = z.json();
const AnyObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** @param where - table and column, for the message */
export function readJson(text: string, where: string): JsonValue {
  return parse(text, AnyJson, where);
}

/** @throws {StoreError} `corrupt` if it is none */
export function readJsonObject(text: string, where: string): JsonObject {
  return parse(text, AnyObject, where);
}

export function readOptionalJsonObject(text: string | null, where: string): JsonObject | null {
  return text === null ? null : readJsonObject(text, where);
}

export function writeOptionalJson(value: JsonValue | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function parse<T>(text: string, schema: z.ZodType<T>, where: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreError(
      `The store holds something in ${where} that Prospect did not write. Restore a backup, or undo what another program changed.`,
      { reason: 'corrupt', choices: ['restore-backup'] },
      { cause: error },
    );
  }
}
