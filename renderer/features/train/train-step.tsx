/** @file Train: configure a run, watch it, and look at earlier ones. */
import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import type { RunSummary } from '#contract/runs.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { trainWords } from '#renderer/words/train.ts';
import { ConfigurePane } from './configure-pane.tsx';
import { CurrentRun } from './current-run.tsx';
import { HistoryTable } from './history-table.tsx';

const TABS = ['configure', 'current', 'history'] as const;
type Tab = (typeof TABS)[number];

export function TrainStep(props: StepScreenProps) {
  const { project, step } = props;
  const runs = useRequest('runs.list', { projectId: project.id });
  if (runs.isError) return <Problem error={runs.error} />;
  if (runs.isPending) return <Loading what={trainWords.history.loading} height={200} />;
  if (step.state === 'blocked' && runs.data.length === 0) {
    return <BlockedStep {...props} title={trainWords.blockedTitle} about={trainWords.about} />;
  }
  return <TrainTabs {...props} runs={runs.data} />;
}

function TrainTabs({ project, goTo, runs }: StepScreenProps & { readonly runs: readonly RunSummary[] }) {
  const [kept, setTab] = useKeptState(`train tab of project ${project.id}`, (text) => TABS.find((tab) => tab === text) ?? null);
  const [keptRun, setRun] = useKeptState(`run of project ${project.id}`, (text) => (text === '' ? null : Number(text)));
  const underWay = runs.find(({ status }) => status === 'running' || status === 'paused') ?? null;
  const shown = runs.find(({ id }) => id === keptRun) ?? underWay ?? runs[0] ?? null;
  const tab: Tab = kept ?? (shown === null ? 'configure' : 'current');
  const open = (runId: number): void => {
    setRun(runId);
    setTab('current');
  };
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={trainWords.tabs.label}
          data={TABS.map((value) => ({ value, label: trainWords.tabs[value] }))}
          value={tab}
          onChange={(value) => setTab(value)}
        />
      </Group>
      <HeldQueue />
      {tab === 'configure' ? <ConfigurePane projectId={project.id} underWay={underWay} goTo={goTo} onStarted={open} /> : null}
      {tab === 'current' ? <Shown run={shown} goTo={goTo} onConfigure={() => setTab('configure')} /> : null}
      {tab === 'history' ? <HistoryTable projectId={project.id} onOpen={open} goTo={goTo} /> : null}
    </Stack>
  );
}

interface ShownProps {
  readonly run: RunSummary | null;
  readonly goTo: StepScreenProps['goTo'];
  readonly onConfigure: () => void;
}

function Shown({ run, goTo, onConfigure }: ShownProps) {
  if (run) return <CurrentRun runId={run.id} goTo={goTo} />;
  return (
    <Stack align="center" gap="xs" py="xl">
      <Text fw={600}>{trainWords.run.none}</Text>
      <Text c="dimmed">{trainWords.run.noneNote}</Text>
      <Button variant="light" onClick={onConfigure}>
        {trainWords.run.goConfigure}
      </Button>
    </Stack>
  );
}

/** Of all projects: no run begins by itself when the program is opened. */
function HeldQueue() {
  const held = useRequest('runs.isQueueHeld');
  const start = useSend('runs.startQueue');
  if (held.data !== true) return null;
  return (
    <Alert color="gray" role="status">
      <Group justify="space-between">
        <Text size="sm">{trainWords.run.held}</Text>
        <Button size="xs" onClick={() => start.mutate(undefined)}>
          {trainWords.run.startQueue}
        </Button>
      </Group>
    </Alert>
  );
}
