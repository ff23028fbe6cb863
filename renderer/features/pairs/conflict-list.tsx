/** @file Contradictions one by one: both sides beside each other, and which of them is right. */
import { Button, Group, Paper, ScrollArea, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Conflict, ConflictDecision } from '#contract/pairs.ts';
import { LabelBadge } from '#renderer/components/label-badge.tsx';
import { importWords } from '#renderer/words/import.ts';
import { pairsWords } from '#renderer/words/pairs.ts';

const words = pairsWords.clean;

export interface ConflictListProps {
  readonly conflicts: readonly Conflict[];
  /** All of them. */
  readonly count: number;
  readonly onDecide: (key: number, decision: ConflictDecision) => void;
}

export function ConflictList({ conflicts, count, onDecide }: ConflictListProps) {
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {words.conflictTitle(count)}
      </Text>
      {conflicts.length < count ? <Text size="sm">{words.firstOf(conflicts.length, count)}</Text> : null}
      <ScrollArea.Autosize mah={340} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': words.conflictTitle(count) }}>
        <Stack gap="xs">
          {conflicts.map((conflict, index) => (
            <OneConflict key={conflict.key} conflict={conflict} title={words.conflictOf(index)} onDecide={onDecide} />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}

interface OneConflictProps extends Pick<ConflictListProps, 'onDecide'> {
  readonly conflict: Conflict;
  readonly title: string;
}

function OneConflict({ conflict, title, onDecide }: OneConflictProps) {
  const { key, decision, first } = conflict;
  return (
    <Paper withBorder p="xs" role="group" aria-label={title}>
      <Stack gap={6}>
        <Text size="sm" lineClamp={1}>
          <Text span c="dimmed">
            {importWords.table.prompt}:
          </Text>{' '}
          {first.row.prompt}
        </Text>
        <SimpleGrid cols={2} spacing="sm">
          <Side conflict={conflict} side="first" onDecide={onDecide} />
          <Side conflict={conflict} side="second" onDecide={onDecide} />
        </SimpleGrid>
        <Button
          size="compact-xs"
          w="fit-content"
          variant={decision === 'neither' ? 'filled' : 'default'}
          aria-pressed={decision === 'neither'}
          onClick={() => onDecide(key, 'neither')}
        >
          {words.neither}
        </Button>
      </Stack>
    </Paper>
  );
}

interface SideProps extends Pick<ConflictListProps, 'onDecide'> {
  readonly conflict: Conflict;
  readonly side: 'first' | 'second';
}

function Side({ conflict: { key, decision, ...sides }, side, onDecide }: SideProps) {
  const { rows, row } = sides[side];
  const isRight = decision === side;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        {row.label === null ? <Text size="xs">{importWords.table.chosen}</Text> : <LabelBadge label={row.label} />}
        <Text size="xs" c="dimmed">
          {words.saidBy(rows)}
        </Text>
      </Group>
      <Text size="sm" lineClamp={3}>
        {row.completion}
      </Text>
      <Button
        size="compact-xs"
        w="fit-content"
        variant={isRight ? 'filled' : 'default'}
        aria-pressed={isRight}
        onClick={() => onDecide(key, side)}
      >
        {words.right}
      </Button>
    </Stack>
  );
}
