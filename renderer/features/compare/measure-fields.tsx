/** @file How runs are measured, for all of them alike; a change is made when its field is left. */
import { Button, NumberInput, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import type { MeasureSettings } from '#contract/comparisons.ts';
import { compareWords } from '#renderer/words/compare.ts';

const words = compareWords.measured;

type Field = keyof typeof words.fields;

/** What can be typed, and what an empty field means. */
const FIELDS: readonly {
  readonly field: Field;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly empty: number | null;
}[] = [
  { field: 'beta', min: 0.001, max: 100, step: 0.05, empty: 0.1 },
  { field: 'maxLength', min: 2, max: 1_000_000, step: 64, empty: null },
  { field: 'mostPairs', min: 2, max: 5000, step: 100, empty: 200 },
  { field: 'answers', min: 0, max: 256, step: 8, empty: 0 },
  { field: 'maxNewTokens', min: 1, max: 1024, step: 16, empty: 64 },
  { field: 'seed', min: 0, max: 2 ** 32 - 1, step: 1, empty: 0 },
];

export interface MeasureFieldsProps {
  readonly settings: MeasureSettings;
  readonly onChange: (changes: Partial<MeasureSettings>) => void;
}

export function MeasureFields({ settings, onChange }: MeasureFieldsProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Stack gap="sm">
      <Button size="compact-sm" variant="subtle" color="gray" w="fit-content" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <span aria-hidden>{isOpen ? '▾' : '▸'}&nbsp;</span>
        {words.how}
      </Button>
      {isOpen ? (
        <SimpleGrid cols={3} spacing="sm" role="group" aria-label={words.how}>
          {FIELDS.map(({ field, empty, ...limits }) => (
            <OneField
              // Begins anew with what was kept.
              key={`${field} ${settings[field] ?? ''}`}
              field={field}
              value={settings[field]}
              limits={limits}
              onChange={(value) => onChange({ [field]: value ?? empty })}
            />
          ))}
        </SimpleGrid>
      ) : null}
    </Stack>
  );
}

interface OneFieldProps {
  readonly field: Field;
  readonly value: number | null;
  readonly limits: { readonly min: number; readonly max: number; readonly step: number };
  readonly onChange: (value: number | null) => void;
}

function OneField({ field, value, limits, onChange }: OneFieldProps) {
  const [typed, setTyped] = useState<number | string>(value ?? '');
  const leave = (): void => {
    const next = typeof typed === 'number' ? Math.min(limits.max, Math.max(limits.min, typed)) : null;
    if (next !== value) onChange(next);
  };
  return (
    <NumberInput
      size="xs"
      label={words.fields[field].label}
      description={words.fields[field].about}
      value={typed}
      {...limits}
      allowDecimal={field === 'beta'}
      onChange={setTyped}
      onBlur={leave}
    />
  );
}
