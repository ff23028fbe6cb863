/** @file Pairs become examples: shown on real pairs side by side, and then done. */
import { ActionIcon, Button, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import type { ShownRow } from '#contract/rows.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { LabelBadge } from '#renderer/components/label-badge.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { importWords } from '#renderer/words/import.ts';
import { pairsWords } from '#renderer/words/pairs.ts';
import classes from './pairs.module.css';
import { Section } from '#renderer/components/section.tsx';

const words = pairsWords.unpair;
/** Enough to see what happens. */
const SHOWN_PAIRS = 20;

export interface UnpairSectionProps {
  readonly dataset: Dataset;
  /** Shows the examples that were made. */
  readonly onMade: (datasetId: number) => void;
}

export function UnpairSection({ dataset: { name, version }, onMade }: UnpairSectionProps) {
  const [newName, setNewName] = useState(words.suggested(name));
  const [index, setIndex] = useState(0);
  const pairs = useRequest('datasets.readRows', { versionId: version.id, from: 0, count: SHOWN_PAIRS });
  const unpair = useTask('pairs.unpair');
  const make = async (): Promise<void> => {
    const made = await unpair.start({ versionId: version.id, name: newName });
    if (made) onMade(made.datasetId);
  };
  const pair = pairs.data?.rows[index];
  return (
    <Section title={words.title} about={words.about(version.rowCount)}>
      {pairs.error ? <Problem error={pairs.error} /> : null}
      {pairs.isPending ? <Loading what={words.loading} height={120} /> : null}
      {pair ? (
        <>
          <Place index={index} shown={pairs.data?.rows.length ?? 0} count={version.rowCount} onIndex={setIndex} />
          <PairAndExamples pair={pair} />
        </>
      ) : null}
      {unpair.error ? <Problem error={unpair.error} /> : null}
      <Group align="end" gap="xs">
        <TextInput label={words.name} size="xs" w={300} value={newName} onChange={({ currentTarget }) => setNewName(currentTarget.value)} />
        <Button size="xs" onClick={() => void make()} loading={unpair.isRunning} disabled={newName.trim() === ''}>
          {words.make}
        </Button>
      </Group>
    </Section>
  );
}

interface PlaceProps {
  readonly index: number;
  readonly shown: number;
  readonly count: number;
  readonly onIndex: (index: number) => void;
}

function Place({ index, shown, count, onIndex }: PlaceProps) {
  return (
    <Group gap="xs">
      <ActionIcon variant="default" size="sm" aria-label={words.previous} disabled={index === 0} onClick={() => onIndex(index - 1)}>
        ‹
      </ActionIcon>
      <Text size="sm" aria-live="polite">
        {words.place(index, count)}
      </Text>
      <ActionIcon variant="default" size="sm" aria-label={words.next} disabled={index >= shown - 1} onClick={() => onIndex(index + 1)}>
        ›
      </ActionIcon>
    </Group>
  );
}

function PairAndExamples({ pair: { prompt, completion, rejected } }: { readonly pair: ShownRow }) {
  return (
    <SimpleGrid cols={2} spacing="lg" className={classes.arrow}>
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          {words.pair}
        </Text>
        <Paper withBorder p="xs">
          <Clamped title={importWords.table.prompt} text={prompt} />
          <Clamped title={importWords.table.chosen} text={completion} />
          <Clamped title={importWords.table.rejected} text={rejected ?? ''} />
        </Paper>
      </Stack>
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          {words.examples}
        </Text>
        {[completion, rejected ?? ''].map((answer, side) => (
          <Paper withBorder p="xs" key={side === 0 ? 'chosen' : 'rejected'}>
            <LabelBadge label={side === 0} />
            <Text size="xs" c="dimmed" lineClamp={1}>
              {prompt}
            </Text>
            <Text size="sm" lineClamp={2}>
              {answer}
            </Text>
          </Paper>
        ))}
      </Stack>
    </SimpleGrid>
  );
}

function Clamped({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text size="sm" lineClamp={2}>
        {text}
      </Text>
    </>
  );
}
