/** @file All runs of a project, newest first, and what can be done with each. */
import { ActionIcon, Anchor, Menu, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useClient, useRequest, useSend } from '#renderer/api/hooks.ts';
import { formatMetric } from '#renderer/components/curves/format-metric.ts';
import { formatDuration, formatTime } from '#renderer/components/format.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { StatusBadge } from '#renderer/components/status-badge.tsx';
import { exportSourceKey } from '#renderer/components/step-keys.ts';
import { keepState } from '#renderer/components/use-kept-state.ts';
import { trainWords } from '#renderer/words/train.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { isResumable } from './run-header.tsx';
import { Sparkline } from './sparkline.tsx';
import classes from './train.module.css';

export interface HistoryTableProps {
  readonly projectId: number;
  readonly onOpen: (runId: number) => void;
  readonly goTo: (step: StepName) => void;
}

export function HistoryTable({ projectId, onOpen, goTo }: HistoryTableProps) {
  const words = trainWords.history;
  const runs = useRequest('runs.list', { projectId });
  const [deleting, setDeleting] = useState<RunSummary | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  if (runs.isError) return <Problem error={runs.error} />;
  if (runs.isPending) return <Loading what={words.loading} height={120} />;
  if (runs.data.length === 0) {
    return (
      <Stack gap={4} align="center" py="xl">
        <Text fw={600}>{words.empty}</Text>
        <Text c="dimmed">{words.emptyNote}</Text>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      {said === null ? null : (
        <Text size="sm" role="status">
          {said}
        </Text>
      )}
      <ScrollArea viewportProps={{ tabIndex: 0, 'aria-label': words.label, role: 'region' }}>
        <Table verticalSpacing={6} horizontalSpacing={6} highlightOnHover aria-label={words.label}>
          <Table.Thead>
            <Table.Tr>
              {Object.values(words.columns).map((title) => (
                <Table.Th key={title}>{title}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.data.map((run) => (
              <HistoryRow key={run.id} run={run} onOpen={onOpen} goTo={goTo} onDelete={() => setDeleting(run)} onSaid={setSaid} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <DeleteDialog run={deleting} onClose={() => setDeleting(null)} />
    </Stack>
  );
}

interface HistoryRowProps extends Omit<HistoryTableProps, 'projectId'> {
  readonly run: RunSummary;
  readonly onDelete: () => void;
  readonly onSaid: (text: string) => void;
}

function HistoryRow({ run, onOpen, goTo, onDelete, onSaid }: HistoryRowProps) {
  const words = trainWords.history;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" size="sm" fw={600} className={classes['name']} onClick={() => onOpen(run.id)}>
          {run.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={run.status} />
      </Table.Td>
      <Table.Td>{run.modelName ?? words.gone}</Table.Td>
      <Table.Td>{run.dataName ?? words.gone}</Table.Td>
      <Table.Td>
        <Sparkline values={run.sparkline} label={words.sparkline(run.name, formatMetric(run.lastLoss ?? NaN))} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{run.computedMs > 0 ? formatDuration(run.computedMs) : '–'}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(run.startedAt ?? run.createdAt)}</Table.Td>
      <Table.Td>
        <RowMenu run={run} onOpen={onOpen} goTo={goTo} onDelete={onDelete} onSaid={onSaid} />
      </Table.Td>
    </Table.Tr>
  );
}

function RowMenu({ run, onOpen, goTo, onDelete, onSaid }: HistoryRowProps) {
  const words = trainWords.history;
  const resume = useSend('runs.resume');
  const reveal = useSend('runs.reveal');
  const duplicate = useDuplicate(run, () => {
    onSaid(words.duplicated(run.name));
    goTo('settings');
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={words.more(run.name)}>
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen(run.id)}>{words.open}</Menu.Item>
        {isResumable(run.status) ? (
          <Menu.Item
            onClick={() => resume.mutate({ runId: run.id }, { onSuccess: () => onOpen(run.id), onError: ({ message }) => onSaid(message) })}
          >
            {words.resume}
          </Menu.Item>
        ) : null}
        <OtherSteps run={run} goTo={goTo} onSaid={onSaid} />
        <Menu.Item
          onClick={() => reveal.mutate({ runId: run.id }, { onSuccess: ({ path, shown }) => !shown && onSaid(words.revealed(path)) })}
        >
          {words.reveal}
        </Menu.Item>
        <Menu.Item onClick={() => void duplicate()}>{words.duplicate}</Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" disabled={run.status === 'running' || run.status === 'paused'} onClick={onDelete}>
          {words.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where the run is looked at in another way. */
function OtherSteps({ run: { id, projectId, startedAt, adapterId }, goTo, onSaid }: Pick<HistoryRowProps, 'run' | 'goTo' | 'onSaid'>) {
  const words = trainWords.history;
  const add = useSend('comparisons.add');
  const compare = (): void =>
    add.mutate({ projectId, runId: id }, { onSuccess: () => goTo('compare'), onError: ({ message }) => onSaid(message) });
  const takeAway = (): void => {
    if (adapterId !== null) keepState(exportSourceKey(projectId), adapterId);
    goTo('export');
  };
  return (
    <>
      <Menu.Item disabled={startedAt === null} onClick={compare}>
        {words.compare}
      </Menu.Item>
      <Menu.Item disabled={adapterId === null} onClick={takeAway}>
        {words.export}
      </Menu.Item>
    </>
  );
}

/** Makes the settings, model, rows and method of a run those of the next one. */
function useDuplicate({ id, projectId }: RunSummary, onDone: () => void): () => Promise<void> {
  const client = useClient();
  return async () => {
    const { settings, modelFolder, data, method } = await client.request('runs.get', { runId: id });
    const known = { ...(modelFolder === null ? {} : { modelFolder }), ...(data === null ? {} : { data }) };
    await client.request('choices.set', { projectId, changes: { settings, methods: [method], ...known } });
    onDone();
  };
}
