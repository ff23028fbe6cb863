/** @file A run's name, its state, and what can be done with it now. */
import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RunLive } from '#contract/run-progress.ts';
import type { RunDetails, RunStatus } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useClient, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { trainWords } from '#renderer/words/train.ts';
import { CompareBoth } from './compare-both.tsx';
import { StatusBadge } from '#renderer/components/status-badge.tsx';
import { StopDialog } from './stop-dialog.tsx';

const RESUMABLE: ReadonlySet<RunStatus> = new Set(['interrupted', 'stopped', 'failed']);

export function isResumable(status: RunStatus): boolean {
  return RESUMABLE.has(status);
}

export interface RunHeaderProps {
  readonly run: RunDetails;
  readonly live: RunLive | null;
  readonly goTo: (step: StepName) => void;
}

export function RunHeader({ run, live, goTo }: RunHeaderProps) {
  const words = trainWords.run;
  const { host } = useClient();
  const initialAdapter = run.initialAdapter && words.wentOnFrom(run.initialAdapter.name, run.initialAdapter.id !== null);
  const lastCheckpoint = run.checkpointSteps.at(-1);
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          <Title order={2} size="h5">
            {run.name}
          </Title>
          <StatusBadge status={run.status} />
          <Text size="sm" c="dimmed">
            {[run.modelName, run.dataName, initialAdapter].filter((name) => name !== null).join(' · ')}
          </Text>
        </Group>
        <Group gap="xs">
          {run.status === 'completed' ? <CompareBoth run={run} goTo={goTo} /> : null}
          <RunActions run={run} live={live} />
        </Group>
      </Group>
      {run.queuePosition === null ? null : <Text size="sm">{words.place(run.queuePosition)}</Text>}
      {isResumable(run.status) && lastCheckpoint !== undefined ? (
        <Text size="sm" c="dimmed">
          {words.resumes(lastCheckpoint)}
        </Text>
      ) : null}
      {live !== null && host === 'browser' ? (
        <Text size="xs" c="dimmed">
          {words.staysInBackground}
        </Text>
      ) : null}
    </>
  );
}

function RunActions({ run: { id, name, status }, live }: { readonly run: RunDetails; readonly live: RunLive | null }) {
  const words = trainWords.run;
  const [stopping, setStopping] = useState(false);
  const pause = useSend('runs.pause');
  const resume = useSend('runs.resume');
  const stop = useSend('runs.stop');
  const error = pause.error ?? resume.error ?? stop.error;
  const asked = live?.asked ?? null;
  return (
    <Group gap="xs">
      {error ? <Problem error={error} /> : null}
      {status === 'running' ? (
        <Button variant="default" size="xs" loading={asked === 'pause'} onClick={() => pause.mutate({ runId: id })}>
          {asked === 'pause' ? words.pausing : words.pause}
        </Button>
      ) : null}
      {status === 'paused' || isResumable(status) ? (
        <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate({ runId: id })}>
          {words.resume}
        </Button>
      ) : null}
      {status === 'running' || status === 'paused' ? (
        <Button variant="light" color="red" size="xs" loading={asked === 'stop'} onClick={() => setStopping(true)}>
          {asked === 'stop' ? words.stopping : words.stop}
        </Button>
      ) : null}
      {status === 'queued' ? (
        <Button variant="default" size="xs" loading={stop.isPending} onClick={() => stop.mutate({ runId: id })}>
          {words.unqueue}
        </Button>
      ) : null}
      <StopDialog run={{ id, name }} opened={stopping} onClose={() => setStopping(false)} />
    </Group>
  );
}
