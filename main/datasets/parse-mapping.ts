/** @file A column mapping that a person wrote or edited, checked. */
import { SettingsError } from '#contract/errors.ts';
import { columnMappingSchema, type ColumnMapping } from '#engine/data/shapes/column-mapping.ts';

/** @throws {SettingsError} that names the first field that is wrong */
export function parseMapping(mapping: unknown): ColumnMapping {
  const parsed = columnMappingSchema.safeParse(mapping);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  const where = field === '' ? 'The column mapping' : `\`${field}\` of the column mapping`;
  throw new SettingsError(`${where} is not filled in as it should be: ${issue?.message ?? 'it can not be read'}.`.replace('..', '.'), {
    field,
  });
}
