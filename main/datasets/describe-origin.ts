/** @file What made a version of a dataset, in a sentence. */
import { z } from 'zod';
import type { JsonObject } from '#store/json-column.ts';

const File = z.object({ name: z.string() });

const Origin = z.looseObject({
  kind: z.string(),
  files: z.array(File).optional(),
  deleted: z.number().optional(),
  relabelled: z.number().optional(),
  rewritten: z.number().optional(),
});

const SENTENCES: Readonly<Record<string, string>> = {
  import: 'Imported.',
  edit: 'Edited.',
  clean: 'Cleaned of duplicates and contradictions.',
  unpair: 'Made from pairs.',
  copy: 'Copied with its project.',
  sample: 'Came with Prospect.',
};

export function describeOrigin(origin: JsonObject): string {
  const parsed = Origin.safeParse(origin);
  if (!parsed.success) return '';
  const { kind, files } = parsed.data;
  if (kind === 'edit') return describeEdit(parsed.data);
  if (kind === 'import' && files && files.length > 0) {
    const [first] = files;
    return files.length === 1 ? `Imported from ${first?.name}.` : `Imported from ${first?.name} and ${files.length - 1} more.`;
  }
  return SENTENCES[kind] ?? '';
}

function describeEdit({ deleted = 0, relabelled = 0, rewritten = 0 }: z.infer<typeof Origin>): string {
  const parts = [
    [deleted, 'deleted'],
    [relabelled, 'relabelled'],
    [rewritten, 'rewritten'],
  ] as const;
  const done = parts.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString('en')} ${what}`);
  return done.length === 0 ? 'Edited.' : `Edited: ${done.join(', ')}.`;
}
