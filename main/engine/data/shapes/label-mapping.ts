/** @file How a column says whether an answer is desirable; part of a column mapping. */
import { z } from 'zod';
import { normaliseLabel } from './normalise-label.ts';

const booleanReading = z.strictObject({ kind: z.literal('boolean') });

/** Compared without regard to case, surrounding space, emoji variants and how a number is written (1 = "1" = "1.0"). */
const valuesReading = z
  .strictObject({
    kind: z.literal('values'),
    desirable: z.array(z.string()).readonly(),
    undesirable: z.array(z.string()).readonly(),
    /** Left out and counted, such as "neutral"; any further value is refused. */
    ignored: z.array(z.string()).readonly().default([]),
  })
  .refine(({ desirable, undesirable }) => desirable.length + undesirable.length > 0, 'Name at least one value.')
  .refine(({ desirable, undesirable, ignored }) => {
    const all = [...desirable, ...undesirable, ...ignored].map(normaliseLabel);
    return new Set(all).size === all.length;
  }, 'A value may stand in one list only, and once.');

/** Numbers, also as text; what lies between the two is left out and counted. */
const ratingReading = z
  .strictObject({ kind: z.literal('rating'), desirableFrom: z.number(), undesirableTo: z.number() })
  .refine(({ desirableFrom, undesirableTo }) => undesirableTo < desirableFrom, 'undesirableTo must be below desirableFrom.');

export const labelReadingSchema = z.discriminatedUnion('kind', [booleanReading, valuesReading, ratingReading]);

/** What becomes of a row without a rating. */
export const unratedSchema = z.enum(['refuse', 'leave-out']);

/**
 * Whether a cell may hold a list of votes (several annotators): the majority decides, ties are left out; of ratings the mean.
 * A vote is a plain value or `{value, status}`; drafts and discarded ones don't count.
 */
export const severalSchema = z.enum(['refuse', 'majority']);

export const labelMappingSchema = z.strictObject({
  column: z.string().min(1),
  reading: labelReadingSchema,
  unrated: unratedSchema.default('refuse'),
  several: severalSchema.default('refuse'),
});

export type LabelReading = z.infer<typeof labelReadingSchema>;
export type LabelMapping = z.infer<typeof labelMappingSchema>;
