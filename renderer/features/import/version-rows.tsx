/** @file The rows of a version as a table, the chosen one in full below it, and changes that wait to become the next version. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Dataset, Version } from '#contract/datasets.ts';
import type { RowEdit, ShownRow } from '#contract/rows.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { useRows } from '#renderer/api/use-rows.ts';
import { LabelBadge } from '#renderer/components/label-badge.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { RowTable, type RowTableColumn } from '#renderer/components/row-table.tsx';
import { importWords } from '#renderer/words/import.ts';
import { formatCount } from '#renderer/words/numbers.ts';
import { RowPanel } from './row-panel.tsx';

const words = importWords.table;

export interface VersionRowsProps {
  readonly dataset: Dataset;
  readonly version: Version;
  /** Changes became a version. */
  readonly onSaved: () => void;
}

/** By row id. */
type Draft = ReadonlyMap<number, RowEdit>;

export function VersionRows({ dataset, version, onSaved }: VersionRowsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [range, setRange] = useState({ first: 0, last: Math.min(40, Math.max(0, version.rowCount - 1)) });
  const [draft, setDraft] = useState<Draft>(new Map());
  const { rowAt, error } = useRows(version.id, range);
  const canEdit = version.id === dataset.version.id;
  const change = (rowId: number, edit: RowEdit | null): void => {
    const next = new Map(draft);
    if (edit) next.set(rowId, edit);
    else next.delete(rowId);
    setDraft(next);
  };
  const onRange = (first: number, last: number): void => {
    if (first !== range.first || last !== range.last) setRange({ first, last });
  };
  return (
    <Stack gap="sm">
      {error ? <Problem error={error} /> : null}
      {draft.size > 0 ? <DraftBar version={version} draft={draft} onDiscard={() => setDraft(new Map())} onSaved={onSaved} /> : null}
      <RowTable
        label={words.title}
        rowCount={version.rowCount}
        columns={columnsOf(dataset.kind, (index) => withEdit(rowAt(index), draft))}
        height="clamp(160px, calc(100vh - 490px), 640px)"
        chosen={chosen}
        onChoose={setChosen}
        onRange={onRange}
        markOf={(index) => markOf(rowAt(index), draft)}
      />
      {chosen === null ? (
        <Text size="sm" c="dimmed">
          {importWords.row.choose}
        </Text>
      ) : (
        <RowPanel versionId={version.id} index={chosen} canEdit={canEdit} draft={draft} onEdit={change} />
      )}
    </Stack>
  );
}

function columnsOf(kind: Dataset['kind'], rowAt: (index: number) => ShownRow | undefined): readonly RowTableColumn[] {
  const text = (key: 'prompt' | 'completion' | 'rejected', title: string): RowTableColumn => ({
    key,
    title,
    width: key === 'prompt' ? 'minmax(0, 2fr)' : 'minmax(0, 3fr)',
    cell: (index) => {
      const row = rowAt(index);
      return row ? row[key] : words.loading;
    },
  });
  const number: RowTableColumn = { key: 'number', title: words.number, width: '76px', cell: (index) => formatCount(index + 1) };
  if (kind === 'pair') return [number, text('prompt', words.prompt), text('completion', words.chosen), text('rejected', words.rejected)];
  const label: RowTableColumn = {
    key: 'label',
    title: words.label,
    width: '112px',
    cell: (index) => {
      const row = rowAt(index);
      return row?.label === undefined || row.label === null ? null : <LabelBadge label={row.label} />;
    },
  };
  return [number, label, text('prompt', words.prompt), text('completion', words.completion)];
}

/** As it will be. */
function withEdit(row: ShownRow | undefined, draft: Draft): ShownRow | undefined {
  const edit = row && draft.get(row.id);
  if (!row || !edit || edit.kind === 'delete') return row;
  return edit.kind === 'relabel' ? { ...row, label: edit.label } : { ...row, ...edit };
}

function markOf(row: ShownRow | undefined, draft: Draft): 'changed' | 'deleted' | undefined {
  const edit = row && draft.get(row.id);
  if (!edit) return undefined;
  return edit.kind === 'delete' ? 'deleted' : 'changed';
}

interface DraftBarProps {
  readonly version: Version;
  readonly draft: Draft;
  readonly onDiscard: () => void;
  readonly onSaved: () => void;
}

function DraftBar({ version, draft, onDiscard, onSaved }: DraftBarProps) {
  const save = useSend('datasets.edit');
  return (
    <>
      <Paper withBorder p="xs" role="status">
        <Group justify="space-between">
          <Text size="sm">{importWords.draft.count(draft.size)}</Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={onDiscard} disabled={save.isPending}>
              {importWords.draft.discard}
            </Button>
            <Button
              size="compact-sm"
              loading={save.isPending}
              onClick={() => save.mutate({ versionId: version.id, edits: [...draft.values()] }, { onSuccess: onSaved })}
            >
              {importWords.draft.save(version.number + 1)}
            </Button>
          </Group>
        </Group>
      </Paper>
      {save.error ? <Problem error={save.error} /> : null}
    </>
  );
}
