/** @file The rows an import could not take: what was expected and found in each, and the decision: repair, skip, or import nothing. */
import { Alert, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { BadRow, BadRows, WaitingImport } from '#contract/imports.ts';
import { useClient, useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { RowTable } from '#renderer/components/row-table.tsx';
import { importWords } from '#renderer/words/import.ts';
import { formatCount } from '#renderer/words/numbers.ts';
import { RecordRepair } from './record-repair.tsx';
import { saveText } from './save-text.ts';

const words = importWords.bad;
const TABLE_HEIGHT = 260;

export function BadRowsReport({ waiting: { task } }: { readonly waiting: WaitingImport }) {
  const found = useRequest('imports.readBadRows', { task });
  if (found.isError) return <Problem error={found.error} />;
  if (found.isPending) return <Loading what={words.loading} height={TABLE_HEIGHT} />;
  return <Report task={task} found={found.data} />;
}

const keyOf = ({ fileIndex, row }: BadRow): string => `${fileIndex} ${row}`;

function Report({ task, found: { count, listed, goodRows } }: { readonly task: string; readonly found: BadRows }) {
  const [chosen, setChosen] = useState(0);
  /** Repaired records as JSON, by place; what has been tried goes. */
  const [repairs, setRepairs] = useState<ReadonlyMap<string, string>>(new Map());
  const row = listed[Math.min(chosen, listed.length - 1)];
  const repaired = listed.filter((bad) => repairs.has(keyOf(bad)));
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {words.title(count)}
      </Title>
      <Text size="sm">{words.about(goodRows)}</Text>
      {listed.length < count ? (
        <Alert color="yellow" role="note">
          {words.notListed(listed.length)}
        </Alert>
      ) : null}
      <Decisions
        task={task}
        count={count}
        repaired={repaired.map((bad) => ({ ...bad, text: repairs.get(keyOf(bad)) ?? '' }))}
        onTried={() => setRepairs(new Map())}
      />
      <SimpleGrid cols={2} spacing="sm">
        <BadRowTable listed={listed} repairs={repairs} chosen={chosen} onChoose={setChosen} />
        {row ? (
          <RecordRepair
            key={`${keyOf(row)} ${row.text}`}
            badRow={row}
            repair={repairs.get(keyOf(row)) ?? null}
            onRepair={(text) => setRepairs(withEntry(repairs, keyOf(row), text))}
          />
        ) : null}
      </SimpleGrid>
    </Stack>
  );
}

function withEntry(map: ReadonlyMap<string, string>, key: string, value: string | null): ReadonlyMap<string, string> {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
}

interface DecisionsProps {
  readonly task: string;
  readonly count: number;
  readonly repaired: readonly (BadRow & { readonly text: string })[];
  readonly onTried: () => void;
}

function Decisions({ task, count, repaired, onTried }: DecisionsProps) {
  const client = useClient();
  const decide = useSend('imports.decide');
  const cancel = useSend('tasks.cancel');
  const fixes = repaired.map(({ fileIndex, row, text }) => ({ fileIndex, row, text }));
  const save = async (): Promise<void> => {
    const { fileName, csv } = await client.request('imports.writeBadRows', { task });
    saveText(fileName, csv, 'text/csv');
  };
  const isBusy = decide.isPending || cancel.isPending;
  return (
    <>
      <Group gap="xs">
        <Button
          disabled={fixes.length === 0}
          loading={isBusy}
          onClick={() => decide.mutate({ task, decision: { kind: 'fix', fixes } }, { onSuccess: onTried })}
        >
          {words.apply(fixes.length)}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={() => decide.mutate({ task, decision: { kind: 'skip' } })}>
          {words.skip(count)}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={() => cancel.mutate({ id: task })}>
          {words.abort}
        </Button>
        <Button variant="subtle" onClick={() => void save()}>
          {words.saveCsv}
        </Button>
      </Group>
      {decide.error ? <Problem error={decide.error} /> : null}
    </>
  );
}

interface BadRowTableProps {
  readonly listed: readonly BadRow[];
  readonly repairs: ReadonlyMap<string, string>;
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function BadRowTable({ listed, repairs, chosen, onChoose }: BadRowTableProps) {
  const files = new Set(listed.map(({ file }) => file));
  const columns = [
    ...(files.size > 1 ? [{ key: 'file', title: words.file, width: '110px', cell: (index: number) => listed[index]?.file }] : []),
    { key: 'row', title: words.row, width: '60px', cell: (index: number) => formatCount(listed[index]?.row ?? 0) },
    { key: 'column', title: words.column, width: '90px', cell: (index: number) => listed[index]?.column },
    { key: 'found', title: words.found, width: 'minmax(0, 1fr)', cell: (index: number) => listed[index]?.found },
  ];
  return (
    <RowTable
      label={words.table}
      rowCount={listed.length}
      columns={columns}
      height={TABLE_HEIGHT}
      chosen={chosen}
      onChoose={onChoose}
      markOf={(index) => (listed[index] && repairs.has(keyOf(listed[index])) ? 'changed' : undefined)}
    />
  );
}
