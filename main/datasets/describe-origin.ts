/** @file What made a version of a dataset, in a sentence. */
import { z } from 'zod';
import type { JsonObject } from '#store/json-column.ts';

const Origin = z.looseObject({
  kind: z.string(),
  files: z.array(z.object({ name: z.string() })).optional(),
  /** Of an edit. */
  edits: z.number().optional(),
  /** Blind votes that became rows. */
  votes: z.number().optional(),
  /** The pairs that were unpaired. */
  name: z.string().optional(),
  version: z.number().optional(),
  /** Of a thumb: what it said, or null where it was taken back. */
  label: z.boolean().nullish(),
  reason: z.string().nullish(),
  speaker: z.string().nullish(),
});
type Origin = z.infer<typeof Origin>;

export function describeOrigin(origin: JsonObject): string {
  const parsed = Origin.safeParse(origin);
  if (!parsed.success) return '';
  switch (parsed.data.kind) {
    case 'import':
      return describeImport(parsed.data);
    case 'edit':
      return describeEdit(parsed.data);
    case 'unpair':
      return `Made from the pairs of “${parsed.data.name ?? ''}”, version ${parsed.data.version ?? ''}.`;
    case 'clean':
      return 'Without duplicates and contradictions.';
    case 'subsample':
      return 'Without some of the more frequent label.';
    case 'votes':
      return parsed.data.votes === 1 ? 'From a blind vote.' : `From ${(parsed.data.votes ?? 0).toLocaleString('en')} blind votes.`;
    case 'feedback':
      return describeFeedback(parsed.data);
    case 'copy':
      return 'Copied with its project.';
    default:
      return '';
  }
}

function describeImport({ files = [] }: Origin): string {
  const [first] = files;
  if (!first) return 'Imported.';
  return files.length === 1 ? `Imported from ${first.name}.` : `Imported from ${first.name} and ${files.length - 1} more.`;
}

function describeFeedback({ label, reason, speaker }: Origin): string {
  const answer = speaker ? `an answer of ${speaker}` : 'an answer';
  if (label === undefined || label === null) return `In Chat: the thumb on ${answer} was taken back.`;
  return `In Chat: ${answer} was called ${label ? 'desirable' : 'undesirable'}${reason ? ` (“${reason}”)` : ''}.`;
}

function describeEdit({ edits }: Origin): string {
  if (edits === undefined) return 'Edited.';
  return edits === 1 ? 'Edited: 1 change.' : `Edited: ${edits.toLocaleString('en')} changes.`;
}
