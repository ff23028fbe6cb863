/** @file How a column says whether an answer is desirable: by true and false, by words, or by a rating. */
import { NumberInput, Select, TextInput } from '@mantine/core';
import type { Mapping } from '#contract/imports.ts';
import { importWords } from '#renderer/words/import.ts';

const words = importWords.mapping;

type Json = Mapping[string];

interface Label {
  readonly column: string;
  readonly reading: Reading;
  readonly unrated?: string;
  readonly several?: string;
}

type Reading =
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'values';
      readonly desirable: readonly string[];
      readonly undesirable: readonly string[];
      readonly ignored?: readonly string[];
    }
  | { readonly kind: 'rating'; readonly desirableFrom: number; readonly undesirableTo: number };

/** What a change of the reading begins with. */
const READINGS = {
  boolean: { kind: 'boolean' },
  values: { kind: 'values', desirable: ['yes'], undesirable: ['no'], ignored: [] },
  rating: { kind: 'rating', desirableFrom: 4, undesirableTo: 2 },
} as const satisfies Record<Reading['kind'], Reading>;

export interface LabelFieldsProps {
  /** As the mapping has it; main checks it. */
  readonly label: Json | undefined;
  readonly paths: readonly string[];
  readonly onLabel: (label: Json) => void;
}

export function LabelFields({ label: given, paths, onLabel }: LabelFieldsProps) {
  const label = given as unknown as Label;
  const { reading } = label;
  const set = (change: Partial<Label>): void => onLabel({ ...label, ...change } as unknown as Json);
  return (
    <>
      <Select
        size="xs"
        label={words.label.column}
        searchable
        data={paths}
        value={label.column === '' ? null : label.column}
        onChange={(column) => set({ column: column ?? '' })}
      />
      <Select
        size="xs"
        label={words.label.reading}
        data={(['boolean', 'values', 'rating'] as const).map((value) => ({ value, label: words.label[value] }))}
        value={reading.kind}
        allowDeselect={false}
        onChange={(kind) => set({ reading: READINGS[kind ?? 'boolean'] })}
      />
      <ReadingFields reading={reading} onReading={(next) => set({ reading: next })} />
      <Select
        size="xs"
        label={words.label.unrated}
        data={[
          { value: 'refuse', label: words.label.refuse },
          { value: 'leave-out', label: words.label.leaveOut },
        ]}
        value={label.unrated ?? 'refuse'}
        allowDeselect={false}
        onChange={(unrated) => set({ unrated: unrated ?? 'refuse' })}
      />
    </>
  );
}

function ReadingFields({ reading, onReading }: { readonly reading: Reading; readonly onReading: (reading: Reading) => void }) {
  switch (reading.kind) {
    case 'boolean':
      return null;
    case 'values':
      return (
        <>
          {(['desirable', 'undesirable', 'ignored'] as const).map((list) => (
            <TextInput
              key={list}
              size="xs"
              label={words.label[list]}
              description={words.values}
              defaultValue={(reading[list] ?? []).join(', ')}
              onChange={({ currentTarget: { value } }) => onReading({ ...reading, [list]: listOf(value) })}
            />
          ))}
        </>
      );
    case 'rating':
      return (
        <>
          <NumberInput
            size="xs"
            label={words.label.from}
            value={reading.desirableFrom}
            onChange={(value) => onReading({ ...reading, desirableFrom: Number(value) })}
          />
          <NumberInput
            size="xs"
            label={words.label.to}
            value={reading.undesirableTo}
            onChange={(value) => onReading({ ...reading, undesirableTo: Number(value) })}
          />
        </>
      );
    default:
      return reading satisfies never;
  }
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
