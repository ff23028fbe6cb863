/** @file The engines that may be on this machine: what each computes on, how fast it was and how far from the processor. */
import { Button, Radio, Table, Text } from '@mantine/core';
import type { EngineChoice, EngineName, EngineRow } from '#contract/engines.ts';
import { preferencesWords } from '#renderer/words/preferences.ts';
import classes from './engine-table.module.css';

const words = preferencesWords.engines;

export interface EngineTableProps {
  readonly rows: readonly EngineRow[];
  readonly chosen: EngineChoice;
  /** Null while a test is under way. */
  readonly onTest: ((engine: EngineName) => void) | null;
}

/** Stands in a group of radio buttons. */
export function EngineTable({ rows, chosen, onTest }: EngineTableProps) {
  const { columns } = words;
  return (
    <Table aria-label={words.table} verticalSpacing={6} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={270}>{columns.engine}</Table.Th>
          <Table.Th>{columns.device}</Table.Th>
          <Table.Th ta="right">{columns.speed}</Table.Th>
          <Table.Th ta="right">{columns.error}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Row key={row.engine} row={row} isChosen={row.engine === chosen} onTest={onTest} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  readonly row: EngineRow;
  readonly isChosen: boolean;
  readonly onTest: EngineTableProps['onTest'];
}

function Row({ row: { engine, title, device, absence, test }, isChosen, onTest }: RowProps) {
  const fails = absence !== null || (test !== null && test.state !== 'works');
  const facts = [device?.memoryBytes ? words.memory(device.memoryBytes) : null, device?.driver, test?.backend];
  return (
    <Table.Tr>
      <Table.Td>
        <Radio value={engine} label={title} disabled={fails && !isChosen} />
        <Text size="xs" c="dimmed" ff="monospace" mt={2}>
          {engine}
        </Text>
        {fails ? <Failure absence={absence} test={test} /> : null}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{device?.name ?? words.unknownDevice}</Text>
        <Text size="xs" c="dimmed">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className={classes['figure']}>
        {test?.gflops ? words.rate(test.gflops) : null}
        {test === null ? (
          <Text size="sm" c="dimmed">
            {words.untested}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td ta="right" className={classes['figure']}>
        {typeof test?.largestError === 'number' ? words.error(test.largestError) : null}
      </Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-xs"
          variant="default"
          aria-label={words.test(title)}
          disabled={onTest === null || absence !== null}
          onClick={() => onTest?.(engine)}
        >
          {words.testShort}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function Failure({ absence, test }: Pick<EngineRow, 'absence' | 'test'>) {
  return (
    <Text size="xs" c="var(--prospect-caution)" className={classes['reason']}>
      {absence ?? (test === null ? '' : `${words.states[test.state]}. ${test.reason ?? ''}`)}
    </Text>
  );
}
