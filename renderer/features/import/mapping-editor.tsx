/** @file Edits how columns become rows: by fields for the shapes that have a form, as JSON for everything. */
import { Button, Group, JsonInput, Paper, Select, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Inspection, Mapping } from '#contract/imports.ts';
import { importWords } from '#renderer/words/import.ts';
import { LabelFields } from './label-fields.tsx';
import { MAPPING_SHAPES, withShape, type MappingField } from './mapping-fields.ts';

const words = importWords.mapping;

export interface MappingEditorProps {
  readonly columns: Inspection['columns'];
  readonly mapping: Mapping;
  readonly onMapping: (mapping: Mapping) => void;
}

export function MappingEditor({ columns, mapping, onMapping }: MappingEditorProps) {
  const shape = MAPPING_SHAPES.find((known) => known.shape === mapping.shape);
  const [asJson, setAsJson] = useState(shape === undefined);
  const paths = columns.map(({ path }) => path);
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <Select
            label={words.shape}
            size="xs"
            w={260}
            data={MAPPING_SHAPES.map(({ shape: value, title }) => ({ value, label: title }))}
            value={shape?.shape ?? null}
            placeholder={mapping.shape}
            onChange={(chosen) => {
              const next = MAPPING_SHAPES.find((known) => known.shape === chosen);
              if (next) onMapping(withShape(mapping, next, paths));
            }}
          />
          <Button size="compact-sm" variant="subtle" onClick={() => setAsJson(!asJson)} disabled={asJson && shape === undefined}>
            {asJson ? words.asFields : words.asJson}
          </Button>
        </Group>
        {asJson || !shape ? (
          <MappingJson mapping={mapping} onMapping={onMapping} />
        ) : (
          <SimpleGrid cols={3} spacing="xs">
            {shape.fields.map((field) => (
              <Field key={field.key} field={field} paths={paths} mapping={mapping} onMapping={onMapping} />
            ))}
          </SimpleGrid>
        )}
      </Stack>
    </Paper>
  );
}

interface FieldProps extends Omit<MappingEditorProps, 'columns'> {
  readonly field: MappingField;
  readonly paths: readonly string[];
}

function Field({ field, paths, mapping, onMapping }: FieldProps) {
  const value = mapping[field.key];
  const set = (next: Mapping[string]): void => onMapping({ ...mapping, [field.key]: next });
  switch (field.kind) {
    case 'label':
      return <LabelFields label={value} paths={paths} onLabel={set} />;
    case 'choice':
      return (
        <Select
          size="xs"
          label={field.title}
          data={field.values}
          value={typeof value === 'string' ? value : (field.values[0] ?? null)}
          allowDeselect={false}
          onChange={(chosen) => set(chosen)}
        />
      );
    case 'column':
      return (
        <Select
          size="xs"
          label={field.title}
          searchable
          clearable={field.optional}
          placeholder={words.none}
          required={!field.optional}
          withAsterisk={false}
          data={paths}
          value={typeof value === 'string' ? value : null}
          onChange={(chosen) => set(chosen)}
        />
      );
    default:
      return field satisfies never;
  }
}

/** Kept as it was typed; taken over whenever it is an object. */
function MappingJson({ mapping, onMapping }: Omit<MappingEditorProps, 'columns'>) {
  const [text, setText] = useState(() => JSON.stringify(mapping, null, 2));
  const change = (next: string): void => {
    setText(next);
    const parsed = parseObject(next);
    if (parsed) onMapping(parsed);
  };
  return (
    <JsonInput
      label={words.json}
      size="xs"
      autosize
      minRows={4}
      maxRows={14}
      value={text}
      onChange={change}
      error={parseObject(text) ? null : words.jsonWrong}
      spellCheck={false}
    />
  );
}

function parseObject(text: string): Mapping | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'shape' in value && typeof value.shape === 'string' ? (value as Mapping) : null;
  } catch {
    return null;
  }
}
