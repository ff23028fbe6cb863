/** @file The figures of a run at a glance. */
import { Paper, SimpleGrid, Text } from '@mantine/core';
import type { RunLive } from '#contract/run-progress.ts';
import type { RunDetails } from '#contract/runs.ts';
import { formatMetric } from '#renderer/components/curves/format-metric.ts';
import type { RunHistory } from '#renderer/components/curves/run-history.ts';
import { useHistoryVersion } from '#renderer/components/curves/use-run-history.ts';
import { formatBytes, formatDuration } from '#renderer/components/format.ts';
import { trainWords } from '#renderer/words/train.ts';
import classes from './train.module.css';

export interface StatTilesProps {
  readonly run: RunDetails;
  readonly live: RunLive | null;
  readonly history: RunHistory;
}

export function StatTiles({ run, live, history }: StatTilesProps) {
  useHistoryVersion(history);
  const { tiles } = trainWords;
  const last = (metric: string): number => history.column(metric)?.values.at(-1) ?? NaN;
  const step = live?.step ?? run.lastStep;
  const total = live?.totalSteps ?? run.totalSteps;
  const isEnding = run.status === 'completed';
  const left = live?.remainingMs ?? null;
  return (
    <SimpleGrid
      component="dl"
      m={0}
      aria-label={tiles.label}
      type="container"
      cols={{ base: 5, '1240px': 10 }}
      spacing={8}
      verticalSpacing={8}
    >
      <Tile label={tiles.step} value={total === null ? whole(step) : `${whole(step)} / ${whole(total)}`} />
      <Tile label={tiles.epoch} value={Number.isNaN(last('epoch')) ? tiles.unknown : last('epoch').toFixed(2)} />
      <Tile label={tiles.loss} value={formatMetric(last('loss'))} />
      <Tile label={tiles.learningRate} value={formatMetric(last('learning_rate'))} />
      <Tile label={tiles.gradNorm} value={formatMetric(last('grad_norm'))} />
      <Tile label={tiles.elapsed} value={formatDuration(live?.computedMs ?? run.computedMs)} />
      <Tile label={tiles.left} value={shown(isEnding ? null : left, formatDuration)} />
      <Tile label={tiles.tokens} value={shown(live?.tokensPerSecond, whole)} />
      <Tile
        label={tiles.memory}
        value={shown(live?.residentBytes, formatBytes)}
        note={tiles.memoryPeak(shown(live?.peakResidentBytes, formatBytes))}
      />
      <Tile
        label={tiles.device}
        value={run.computesOn.title}
        note={[run.computesOn.device, run.computesOn.backend].filter((fact) => fact !== null).join(', ')}
      />
    </SimpleGrid>
  );
}

function Tile({ label, value, note }: { readonly label: string; readonly value: string; readonly note?: string | undefined }) {
  return (
    <Paper withBorder px="xs" py={6} className={classes['tile']}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={600} truncate title={note === undefined ? value : `${value}, ${note}`}>
        {value}
      </Text>
    </Paper>
  );
}

function shown(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? trainWords.tiles.unknown : format(value);
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}
