/** @file Which fields a mapping of each shape has, as far as a form shows them; what else there is can be edited as JSON. */
import type { Mapping } from '#contract/imports.ts';

export type MappingField =
  | { readonly kind: 'column'; readonly key: string; readonly title: string; readonly optional: boolean }
  | { readonly kind: 'choice'; readonly key: string; readonly title: string; readonly values: readonly string[] }
  | { readonly kind: 'label'; readonly key: 'label' };

export interface MappingShape {
  readonly shape: string;
  readonly title: string;
  readonly fields: readonly MappingField[];
  /** What a new mapping of the shape has beside its columns. */
  readonly rest: Mapping;
}

const column = (key: string, title: string): MappingField => ({ kind: 'column', key, title, optional: false });
const optional = (key: string, title: string): MappingField => ({ kind: 'column', key, title, optional: true });
const LABEL: MappingField = { kind: 'label', key: 'label' };
const TEXTS: MappingField = { kind: 'choice', key: 'texts', title: 'Texts are', values: ['plain', 'chat', 'json'] };
const BOOLEAN = { column: '', reading: { kind: 'boolean' }, unrated: 'refuse', several: 'refuse' } as const;

/** Those of docs/data-formats.md that a form can ask for. */
export const MAPPING_SHAPES: readonly MappingShape[] = [
  {
    shape: 'example',
    title: 'an answer with a label',
    fields: [
      optional('prompt', 'Prompt'),
      column('completion', 'Answer'),
      LABEL,
      optional('input', 'Further input'),
      optional('system', 'System prompt'),
      TEXTS,
    ],
    rest: { shape: 'example', label: BOOLEAN },
  },
  {
    shape: 'pair',
    title: 'a better and a worse answer',
    fields: [
      optional('prompt', 'Prompt'),
      column('chosen', 'Chosen answer'),
      column('rejected', 'Rejected answer'),
      optional('input', 'Further input'),
      optional('system', 'System prompt'),
      TEXTS,
    ],
    rest: { shape: 'pair' },
  },
  {
    shape: 'messages-example',
    title: 'a conversation with a label',
    fields: [column('messages', 'Messages'), LABEL, optional('system', 'System prompt')],
    rest: { shape: 'messages-example', label: BOOLEAN },
  },
  {
    shape: 'rated-messages',
    title: 'a conversation with rated messages',
    fields: [column('messages', 'Messages'), LABEL, optional('system', 'System prompt')],
    rest: { shape: 'rated-messages', label: BOOLEAN },
  },
  {
    shape: 'transcript-pair',
    title: 'two Human/Assistant transcripts',
    fields: [column('chosen', 'Chosen transcript'), column('rejected', 'Rejected transcript')],
    rest: { shape: 'transcript-pair' },
  },
  {
    shape: 'token-example',
    title: 'token ids with a label',
    fields: [column('prompt', 'Prompt ids'), column('completion', 'Answer ids'), LABEL],
    rest: { shape: 'token-example', label: BOOLEAN },
  },
  {
    shape: 'token-pair',
    title: 'a pair of token ids',
    fields: [optional('prompt', 'Prompt ids'), column('chosen', 'Chosen ids'), column('rejected', 'Rejected ids')],
    rest: { shape: 'token-pair' },
  },
];

/** Another shape with the columns that both have. */
export function withShape(mapping: Mapping, { fields, rest }: MappingShape, columns: readonly string[]): Mapping {
  const kept = fields.flatMap(({ kind, key }) => {
    const value = mapping[key];
    if (value !== undefined) return [[key, value] as const];
    return kind === 'column' ? [[key, columns.includes(key) ? key : null] as const] : [];
  });
  return { ...rest, ...Object.fromEntries(kept) };
}
