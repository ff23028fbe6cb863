/** @file A row of a dataset as screens show it: its texts as a person reads them, whatever form they are stored in. */
import { z } from 'zod';

export const RowForm = z.enum(['text', 'chat', 'tokens']);

export const ShownRow = z.object({
  /** Of this text at this place; an edit gives the place a row with another id. */
  id: z.int(),
  /** 0 is the first row of the version. */
  index: z.int(),
  form: RowForm,
  prompt: z.string(),
  /** A pair's chosen text. */
  completion: z.string(),
  /** Null for an example. */
  rejected: z.string().nullable(),
  /** `true` = desirable; null for a pair. */
  label: z.boolean().nullable(),
  /** Texts were cut to their beginnings. */
  cut: z.boolean(),
});
export type ShownRow = z.infer<typeof ShownRow>;

/** A row with its texts as they are stored, for editing: plain text, or JSON of messages or of token ids. */
export const WholeRow = z.object({
  shown: ShownRow,
  prompt: z.string(),
  completion: z.string(),
  rejected: z.string().nullable(),
  /** The imported file and the row in it, from 1; of an example made of a pair, the pair's. Null if it was made here, or that is not known any more. */
  source: z.object({ file: z.string(), row: z.int() }).nullable(),
});
export type WholeRow = z.infer<typeof WholeRow>;

/** Each names its row by id; a row is edited once. */
export const RowEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delete'), rowId: z.int() }),
  z.object({ kind: z.literal('relabel'), rowId: z.int(), label: z.boolean() }),
  z.object({
    kind: z.literal('rewrite'),
    rowId: z.int(),
    prompt: z.string(),
    completion: z.string(),
    rejected: z.string().nullable(),
    /** Null for a pair. */
    label: z.boolean().nullable(),
  }),
]);
export type RowEdit = z.infer<typeof RowEdit>;
