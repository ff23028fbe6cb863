/** @file One row in full: its texts, its label, and the changes a person makes, which wait in the draft. */
import { Button, Group, Paper, ScrollArea, SegmentedControl, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { RowEdit, WholeRow } from '#contract/rows.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { importWords } from '#renderer/words/import.ts';

const words = importWords.row;
const columns = importWords.table;

export interface RowPanelProps {
  readonly versionId: number;
  readonly index: number;
  readonly canEdit: boolean;
  readonly draft: ReadonlyMap<number, RowEdit>;
  /** Null takes the change back. */
  readonly onEdit: (rowId: number, edit: RowEdit | null) => void;
}

export function RowPanel({ versionId, index, ...rest }: RowPanelProps) {
  const row = useRequest('datasets.readRow', { versionId, index });
  if (row.isError) return <Problem error={row.error} />;
  if (row.isPending) return <Loading what={words.loading} height={140} />;
  return <Panel key={row.data.shown.id} row={row.data} {...rest} />;
}

type PanelProps = Pick<RowPanelProps, 'canEdit' | 'draft' | 'onEdit'> & { readonly row: WholeRow };

function Panel({ row, canEdit, draft, onEdit }: PanelProps) {
  const { id, index } = row.shown;
  const [isEditing, setIsEditing] = useState(false);
  const edit = draft.get(id);
  return (
    <Paper withBorder p="sm" component="section" aria-label={words.title(index + 1)}>
      <Group justify="space-between" mb="xs">
        <Text fw={500}>
          {words.title(index + 1)}
          {row.source ? (
            <Text span c="dimmed" size="sm" fw={400}>
              {' '}
              {words.source(row.source.file, row.source.row)}
            </Text>
          ) : null}
        </Text>
        {canEdit && !isEditing ? <Actions row={row} edit={edit} onEdit={onEdit} onText={() => setIsEditing(true)} /> : null}
      </Group>
      {edit?.kind === 'delete' ? <Text size="sm">{words.removed}</Text> : null}
      {isEditing ? (
        <TextFields row={row} edit={edit} onDone={() => setIsEditing(false)} onEdit={onEdit} />
      ) : (
        <Texts row={row} edit={edit} />
      )}
    </Paper>
  );
}

interface ActionsProps extends Pick<PanelProps, 'row' | 'onEdit'> {
  readonly edit: RowEdit | undefined;
  readonly onText: () => void;
}

function Actions({ row: { shown }, edit, onEdit, onText }: ActionsProps) {
  const { id } = shown;
  const isDeleted = edit?.kind === 'delete';
  const label = edit?.kind === 'relabel' || edit?.kind === 'rewrite' ? edit.label : shown.label;
  const relabel = (next: boolean): void => {
    if (edit?.kind === 'rewrite') onEdit(id, { ...edit, label: next });
    else onEdit(id, next === shown.label ? null : { kind: 'relabel', rowId: id, label: next });
  };
  return (
    <Group gap="xs">
      {label === null || isDeleted ? null : (
        <SegmentedControl
          size="xs"
          aria-label={columns.label}
          data={[
            { value: 'true', label: columns.desirable },
            { value: 'false', label: columns.undesirable },
          ]}
          value={String(label)}
          onChange={(value) => relabel(value === 'true')}
        />
      )}
      {isDeleted ? null : (
        <Button size="compact-sm" variant="default" onClick={onText}>
          {words.edit}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => onEdit(id, isDeleted ? null : { kind: 'delete', rowId: id })}>
        {isDeleted ? words.keep : words.remove}
      </Button>
    </Group>
  );
}

/** As a person reads them; a rewritten text as it was typed. */
function Texts({ row: { shown }, edit }: { readonly row: WholeRow; readonly edit: RowEdit | undefined }) {
  const { prompt, completion, rejected } = edit?.kind === 'rewrite' ? edit : shown;
  return (
    <SimpleGrid cols={rejected === null ? 2 : 3} spacing="sm">
      <OneText title={columns.prompt} text={prompt} />
      <OneText title={rejected === null ? columns.completion : columns.chosen} text={completion} />
      {rejected === null ? null : <OneText title={columns.rejected} text={rejected} />}
    </SimpleGrid>
  );
}

function OneText({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <ScrollArea.Autosize mah={180} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': title }}>
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text === '' ? columns.empty : text}
        </Text>
      </ScrollArea.Autosize>
    </Stack>
  );
}

interface TextFieldsProps extends Pick<PanelProps, 'row' | 'onEdit'> {
  readonly edit: RowEdit | undefined;
  readonly onDone: () => void;
}

function TextFields({ row, edit, onEdit, onDone }: TextFieldsProps) {
  const { id, form, label } = row.shown;
  const [texts, setTexts] = useState(() => {
    const { prompt, completion, rejected } = edit?.kind === 'rewrite' ? edit : row;
    return { prompt, completion, rejected };
  });
  const save = (): void => {
    onEdit(id, { kind: 'rewrite', rowId: id, ...texts, label: edit?.kind === 'relabel' ? edit.label : label });
    onDone();
  };
  const field = (key: keyof typeof texts, title: string) => (
    <Textarea
      key={key}
      label={title}
      size="xs"
      autosize
      minRows={3}
      maxRows={8}
      value={texts[key] ?? ''}
      onChange={({ currentTarget }) => setTexts({ ...texts, [key]: currentTarget.value })}
    />
  );
  const isPair = texts.rejected !== null;
  return (
    <Stack gap="xs">
      {form === 'text' ? null : (
        <Text size="sm" c="dimmed">
          {words.stored}
        </Text>
      )}
      <SimpleGrid cols={isPair ? 3 : 2} spacing="sm">
        {field('prompt', columns.prompt)}
        {field('completion', isPair ? columns.chosen : columns.completion)}
        {isPair ? field('rejected', columns.rejected) : null}
      </SimpleGrid>
      <Group gap="xs" justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          {words.back}
        </Button>
        <Button size="compact-sm" onClick={save}>
          {words.save}
        </Button>
      </Group>
    </Stack>
  );
}
