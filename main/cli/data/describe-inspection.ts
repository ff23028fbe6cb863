/** @file What was seen in files before their import. */
import type { Row } from '#engine/data/row.ts';
import type { SourceInspection } from '#datasets/inspect-source.ts';
import type { SourcePreview } from '#datasets/preview-source.ts';
import { factSheet, type Fact } from '#cli/fact-sheet.ts';
import { formatBytes } from '#cli/format-quantity.ts';
import { shortText } from './short-text.ts';

const SHOWN_ROWS = 3;

/** @param preview - what the best proposal makes of the first records; null if nothing fits */
export function describeInspection({ files, skipped, columns, mappings }: SourceInspection, preview: SourcePreview | null): string {
  const sheets = files.map(({ name, bytes, format, problem }) => {
    const kind =
      format === null ? 'unknown' : [format.format, format.encoding, format.compression].filter((part) => part !== null).join(', ');
    return factSheet(`File ${name}`, [
      ['Size', formatBytes(bytes)],
      problem === null ? ['Format', kind] : ['Problem', problem],
      ...notesOf(format),
    ]);
  });
  const seen = columns.map(({ path, kind, missing, examples }): Fact => {
    return [path, `${kind}${missing === 0 ? '' : `, missing in ${missing}`}: ${examples.join(', ')}`];
  });
  return [
    ...sheets,
    ...(skipped.length === 0 ? [] : [factSheet('Passed over', [['Names', skipped.map(({ name }) => name).join(', ')]])]),
    factSheet('Columns', seen),
    ...mappings.map((mapping, index) =>
      factSheet(`Proposal ${index + 1}: ${mapping.name}`, [
        ['Certainty', `${Math.round(mapping.confidence * 100)} %: ${mapping.reason}`],
        ['Meaning', mapping.description],
        mapping.warnings.length === 0 ? null : ['To look at', mapping.warnings.join('\n')],
        ['Mapping', JSON.stringify(mapping.mapping)],
      ]),
    ),
    ...(preview?.rows.slice(0, SHOWN_ROWS).map((row) => factSheet(`Row ${row.row} by proposal 1`, rowFacts(row))) ?? []),
  ].join('\n');
}

function notesOf(format: SourceInspection['files'][number]['format']): readonly Fact[] {
  return format === null || format.notes.length === 0 ? [] : [['Note', format.notes.join(' ')]];
}

export function rowFacts(row: Row): readonly Fact[] {
  const text = (value: unknown): string => shortText(typeof value === 'string' ? value : JSON.stringify(value));
  switch (row.form) {
    case 'tokens':
      return row.kind === 'pair'
        ? [
            ['prompt_ids', text([...row.promptIds])],
            ['chosen_ids', text([...row.chosenIds])],
            ['rejected_ids', text([...row.rejectedIds])],
          ]
        : [
            ['prompt_ids', text([...row.promptIds])],
            ['completion_ids', text([...row.completionIds])],
            ['label', labelText(row.label)],
          ];
    default:
      return row.kind === 'pair'
        ? [
            ['prompt', text(row.prompt)],
            ['chosen', text(row.chosen)],
            ['rejected', text(row.rejected)],
          ]
        : [
            ['prompt', text(row.prompt)],
            ['completion', text(row.completion)],
            ['label', labelText(row.label)],
          ];
  }
}

function labelText(label: boolean): string {
  return label ? 'desirable' : 'undesirable';
}
