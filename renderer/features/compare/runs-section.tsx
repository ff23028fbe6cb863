/** @file All runs that have begun, and which of them are compared. */
import { Checkbox, Group, ScrollArea, Table, Text, VisuallyHidden } from '@mantine/core';
import { MOST_COMPARED, type Candidate, type Comparison } from '#contract/comparisons.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { formatMetric } from '#renderer/components/curves/format-metric.ts';
import { formatTime } from '#renderer/components/format.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { StatusBadge } from '#renderer/components/status-badge.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import { RunDot } from './run-colour.tsx';

const words = compareWords.runs;
/** More scroll by themselves. */
const TALLEST = 260;

export function RunsSection({ projectId, comparison }: { readonly projectId: number; readonly comparison: Comparison }) {
  const { candidates, chosen } = comparison;
  const choose = useSend('comparisons.choose');
  const toggle = (id: number): void => {
    const runIds = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    choose.mutate({ projectId, changes: { runIds } });
  };
  const isFull = chosen.length >= MOST_COMPARED;
  return (
    <Section title={words.title} about={words.about}>
      <ScrollArea.Autosize mah={TALLEST} viewportProps={{ tabIndex: 0, 'aria-label': words.title, role: 'group' }}>
        <Table verticalSpacing={4} highlightOnHover stickyHeader aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <VisuallyHidden>{words.chosenColumn}</VisuallyHidden>
              </Table.Th>
              {Object.values(words.columns).map((title) => (
                <Table.Th key={title} style={{ whiteSpace: 'nowrap' }}>
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {candidates.map((candidate) => (
              <CandidateRow
                key={candidate.run.id}
                candidate={candidate}
                place={chosen.indexOf(candidate.run.id)}
                isFull={isFull}
                onToggle={() => toggle(candidate.run.id)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {isFull ? (
        <Text size="sm" c="dimmed">
          {words.most(MOST_COMPARED)}
        </Text>
      ) : null}
      {choose.error ? <Problem error={choose.error} /> : null}
    </Section>
  );
}

interface CandidateRowProps {
  readonly candidate: Candidate;
  /** Among the chosen ones; -1 if it is not. */
  readonly place: number;
  readonly isFull: boolean;
  readonly onToggle: () => void;
}

function CandidateRow({ candidate: { run, problem }, place, isFull, onToggle }: CandidateRowProps) {
  const isChosen = place >= 0;
  return (
    <Table.Tr>
      <Table.Td w={40}>
        <Checkbox size="xs" aria-label={words.chosen(run.name)} checked={isChosen} disabled={!isChosen && isFull} onChange={onToggle} />
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>
            {run.name}
          </Text>
          {isChosen ? <RunDot place={place} /> : null}
        </Group>
        {problem === null ? null : (
          <Text size="xs" c="dimmed" maw={260}>
            {problem}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw={120}>
        <StatusBadge status={run.status} />
      </Table.Td>
      <Table.Td>{run.dataName ?? words.gone}</Table.Td>
      <Table.Td>{words.steps(run.lastStep, run.totalSteps)}</Table.Td>
      <Table.Td>{formatMetric(run.lastLoss ?? NaN)}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(run.startedAt ?? run.createdAt)}</Table.Td>
    </Table.Tr>
  );
}
