/** @file Figures of the runs that were measured, one a row, each with its 95 % interval. */
import { ScrollArea, Table, Text } from '@mantine/core';
import type { Measured, ShownEstimate } from '#contract/comparisons.ts';
import { compareWords } from '#renderer/words/compare.ts';
import classes from './compare.module.css';
import { RunName, type ChosenRun } from './run-colour.tsx';

const words = compareWords.measured;
const DIGITS = 3;
const SMALL = 0.01;
const LARGE = 10;

export function FiguresTable({
  measured: { runIds, figures },
  runs,
}: {
  readonly measured: Measured;
  readonly runs: readonly ChosenRun[];
}) {
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, 'aria-label': words.title, role: 'group' }}>
      <Table verticalSpacing={4} aria-label={words.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.figure}</Table.Th>
            {runIds.map((id) => {
              const place = runs.findIndex((run) => run.id === id);
              return (
                <Table.Th key={id}>
                  <RunName name={runs[place]?.name ?? ''} place={place} />
                </Table.Th>
              );
            })}
            <Table.Th fw={400} c="dimmed">
              {words.base}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.map(({ key, label, runs: cells, base }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={400}>
                <Text size="sm">{label}</Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {key}
                </Text>
              </Table.Th>
              {runIds.map((id, index) => (
                <Cell key={id} estimate={cells[index] ?? null} />
              ))}
              <Cell estimate={base} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Cell({ estimate }: { readonly estimate: ShownEstimate | null }) {
  if (estimate === null) return <Table.Td c="dimmed">{words.notMeasured}</Table.Td>;
  const { value, low, high } = estimate;
  return (
    <Table.Td className={classes['number']}>
      <Text size="sm" fw={600}>
        {numberText(value)}
      </Text>
      {low === null || high === null ? null : (
        <Text size="xs" c="dimmed">
          {words.interval(numberText(low), numberText(high))}
        </Text>
      )}
    </Table.Td>
  );
}

/** What would be rounded to nothing keeps two digits, and what is large needs no more than one behind the point. */
function numberText(value: number | null): string {
  if (value === null) return words.notMeasured;
  const size = Math.abs(value);
  const text = size > 0 && size < SMALL ? String(Number(value.toPrecision(2))) : value.toFixed(size < LARGE ? DIGITS : 1);
  return text.replace('-', '−').replace('e−', 'e-');
}
