/** @file Where a run is: its phases in a row, and a bar with count, rate and time left. */
import { Group, Progress, Stack, Text } from '@mantine/core';
import { RunPhase, type RunLive } from '#contract/run-progress.ts';
import type { RunStatus } from '#contract/runs.ts';
import { formatBytes, formatDuration } from '#renderer/components/format.ts';
import { trainWords } from '#renderer/words/train.ts';
import classes from './train.module.css';

/** Longer than a step of a small model; shorter than anyone waits without asking. */
const SILENT_MS = 10_000;

export function PhaseProgress({ live, status }: { readonly live: RunLive; readonly status: RunStatus }) {
  const { phase } = live;
  const part = partOf(live);
  return (
    <Stack gap={6}>
      <ol className={classes['phases']} aria-label={trainWords.phasesLabel}>
        {RunPhase.options.map((name) => (
          <li key={name} aria-current={name === phase ? 'step' : undefined}>
            {trainWords.phases[name]}
          </li>
        ))}
      </ol>
      <Progress
        value={part ?? 100}
        striped={part === null}
        animated={part === null && status === 'running'}
        color={status === 'paused' ? 'gray' : 'prospect'}
        size="sm"
        aria-label={phase}
      />
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {`${phase} · ${countText(live)}`}
        </Text>
        <Text size="xs" c="dimmed">
          {status === 'paused' ? trainWords.statuses.paused : restText(live)}
        </Text>
      </Group>
    </Stack>
  );
}

/** In percent: of the whole run once steps are made, else of the phase; null while unknown. */
function partOf({ phase, done, total, step, totalSteps }: RunLive): number | null {
  const isStepping = phase === 'Training' || phase === 'Evaluating';
  const [numerator, denominator] = isStepping ? [phase === 'Training' ? done : step, totalSteps] : [done, total];
  return denominator === null || denominator === 0 ? null : Math.min(100, (100 * numerator) / denominator);
}

function countText({ done, total, unit }: RunLive): string {
  const text = (n: number): string => (unit === 'bytes' ? formatBytes(n) : Math.floor(n).toLocaleString('en'));
  return trainWords.counts[unit](total === null ? text(done) : trainWords.ofTotal(text(done), text(total)));
}

function restText({ silentMs, perSecond, remainingMs, unit }: RunLive): string {
  if (silentMs > SILENT_MS) return trainWords.run.silent(Math.round(silentMs / 1000));
  const rate = perSecond === null ? [] : [trainWords.rate(unit === 'bytes' ? formatBytes(perSecond) : `${round(perSecond)} ${unit}`)];
  return [...rate, ...(remainingMs === null ? [] : [trainWords.run.left(formatDuration(remainingMs))])].join(' · ');
}

function round(n: number): string {
  return n >= 100 ? Math.round(n).toLocaleString('en') : String(Number(n.toPrecision(2)));
}
