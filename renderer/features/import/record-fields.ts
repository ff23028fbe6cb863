/** @file A record as fields of text: strings as they are, everything else as JSON, and the way back. */

export interface RecordField {
  readonly name: string;
  readonly shown: string;
  readonly value: unknown;
}

/** Null if the text is no JSON of an object: it can't be shown as fields. */
export function readFields(text: string): readonly RecordField[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.entries(value).map(([name, field]) => ({
      name,
      shown: typeof field === 'string' ? field : field === null ? '' : JSON.stringify(field),
      value: field,
    }));
  } catch {
    return null;
  }
}

/** @returns the record as JSON with one field changed */
export function writeField(fields: readonly RecordField[], name: string, typed: string): string {
  const entries = fields.map(({ name: field, value }) => [field, field === name ? valueOf(typed, value) : value] as const);
  return JSON.stringify(Object.fromEntries(entries));
}

/** A string stays one, whatever is typed; in place of anything else JSON is read where it is JSON: `true`, `4`, but also a word. */
function valueOf(typed: string, before: unknown): unknown {
  if (typeof before === 'string') return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}
