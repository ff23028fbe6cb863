/** @file One run as a whole: what it does now, its figures, curves, sample answers and log. */
import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import type { RunDetails } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { useRunHistory } from '#renderer/components/curves/use-run-history.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { trainWords } from '#renderer/words/train.ts';
import { ChartsPanel } from './charts-panel.tsx';
import { LogPane } from './log-pane.tsx';
import { PhaseProgress } from './phase-progress.tsx';
import { isResumable, RunHeader } from './run-header.tsx';
import { RunProblem } from './run-problem.tsx';
import { SamplesPanel } from './samples-panel.tsx';
import { StatTiles } from './stat-tiles.tsx';
import { useHints } from './use-hints.ts';
import { useLive, useLog, useSamples } from './use-run-progress.ts';

export interface CurrentRunProps {
  readonly runId: number;
  readonly goTo: (step: StepName) => void;
}

export function CurrentRun({ runId, goTo }: CurrentRunProps) {
  const run = useRequest('runs.get', { runId });
  if (run.isError) return <Problem error={run.error} />;
  if (run.isPending) return <Loading what={trainWords.run.loading} height={200} />;
  return <OpenRun key={runId} run={run.data} goTo={goTo} />;
}

function OpenRun({ run, goTo }: { readonly run: RunDetails; readonly goTo: (step: StepName) => void }) {
  const live = useLive(run);
  const { history, isLoading, error } = useRunHistory(run.id);
  const log = useLog(run.id);
  const samples = useSamples(run.id);
  const hints = useHints(run.id, history);
  const steps = samples.map(({ step }) => step).join();
  const sampleSteps = useMemo(() => [...new Set(steps === '' ? [] : steps.split(',').map(Number))], [steps]);
  return (
    <Stack gap="sm">
      <RunHeader run={run} live={live} goTo={goTo} />
      {run.problem ? <RunProblem problem={run.problem} isResumable={isResumable(run.status)} /> : null}
      {live ? <PhaseProgress live={live} status={run.status} /> : null}
      {run.status === 'queued' ? null : <StatTiles run={run} live={live} history={history} />}
      {error ? <Problem error={error} /> : null}
      <ChartsPanel runName={run.name} history={history} isLoading={isLoading} hints={hints} sampleSteps={sampleSteps} />
      {samples.length > 0 ? <SamplesPanel samples={samples} /> : null}
      <LogPane {...log} />
    </Stack>
  );
}
