/** @file One bad row: what is wrong, and its fields to be put right; a record that is no object is repaired as JSON. */
import { Alert, Badge, Button, Group, Paper, ScrollArea, Stack, Text, Textarea } from '@mantine/core';
import type { BadRow } from '#contract/imports.ts';
import { Sentence } from '#renderer/components/sentence.tsx';
import { importWords } from '#renderer/words/import.ts';
import { readFields, writeField, type RecordField } from './record-fields.ts';

const words = importWords.bad;

export interface RecordRepairProps {
  readonly badRow: BadRow;
  /** The repaired record as JSON, if it is. */
  readonly repair: string | null;
  /** Null takes the repair back. */
  readonly onRepair: (text: string | null) => void;
}

export function RecordRepair({ badRow, repair, onRepair }: RecordRepairProps) {
  const { row, message, text } = badRow;
  const current = repair ?? text;
  return (
    <Paper withBorder p="sm" component="section" aria-label={words.record(row)}>
      <Group justify="space-between" mb={6}>
        <Text fw={500}>{words.record(row)}</Text>
        {repair === null ? null : (
          <Group gap="xs">
            <Badge variant="light" color="yellow" c="var(--mantine-color-text)" tt="none">
              {words.isRepaired}
            </Badge>
            <Button size="compact-xs" variant="default" onClick={() => onRepair(null)}>
              {words.undo}
            </Button>
          </Group>
        )}
      </Group>
      <Alert color="red" role="note" py={6} mb="xs">
        <Text size="sm">
          <Sentence>{message}</Sentence>
        </Text>
      </Alert>
      <ScrollArea.Autosize mah={300} type="auto">
        {current === null ? <Text size="sm">{words.noText}</Text> : <RecordFields badRow={badRow} text={current} onRepair={onRepair} />}
      </ScrollArea.Autosize>
    </Paper>
  );
}

function RecordFields({ badRow: { column, expected }, text, onRepair }: Omit<RecordRepairProps, 'repair'> & { readonly text: string }) {
  const fields = readFields(text);
  if (!fields) {
    return (
      <Textarea
        label={words.json}
        autosize
        minRows={4}
        maxRows={12}
        value={text}
        spellCheck={false}
        onChange={({ currentTarget }) => onRepair(currentTarget.value)}
      />
    );
  }
  return (
    <Stack gap="xs">
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          hint={field.name === column || column?.startsWith(`${field.name}.`) ? `${words.expected}: ${expected}` : null}
          onValue={(value) => onRepair(writeField(fields, field.name, value))}
        />
      ))}
    </Stack>
  );
}

interface FieldInputProps {
  readonly field: RecordField;
  readonly hint: string | null;
  readonly onValue: (value: string) => void;
}

function FieldInput({ field: { name, shown }, hint, onValue }: FieldInputProps) {
  return (
    <Textarea
      size="xs"
      label={name}
      // Read aloud with the field; red and in words.
      error={hint}
      autosize
      maxRows={5}
      value={shown}
      onChange={({ currentTarget }) => onValue(currentTarget.value)}
    />
  );
}
