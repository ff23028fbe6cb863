/** @file How long the project's rows are in tokens of its model, and what max_length does to them. */
import { Alert, Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Choices, GivenSettings } from '#contract/choices.ts';
import type { LengthReport } from '#contract/models.ts';
import { useRequest, useRequestOf, useSend, useTold } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import { LengthChart } from './length-chart.tsx';
import { effectOf } from './row-effect.ts';
import { useMaxLength } from './use-max-length.ts';

const words = modelWords.lengths;

export interface LengthsPanelProps {
  readonly projectId: number;
  readonly data: Choices['data'];
  readonly settings: GivenSettings;
  readonly folder: string;
  readonly onGoToData: () => void;
}

export function LengthsPanel({ projectId, data, settings, folder, onGoToData }: LengthsPanelProps) {
  const lengths = useRequestOf('models.measureLengths', { input: { projectId }, dependsOn: { data, folder } });
  return (
    <Paper withBorder p="md" component="section" aria-label={words.title}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {words.title}
        </Title>
        {lengths.isFetching ? <Measuring projectId={projectId} /> : null}
        {lengths.isError && !lengths.isFetching ? <NotMeasured error={lengths.error} again={() => void lengths.refetch()} /> : null}
        {lengths.data === null ? (
          <Group>
            <Text c="dimmed" size="sm">
              {words.needsData}
            </Text>
            <Button size="compact-sm" variant="light" onClick={onGoToData}>
              {words.goToData}
            </Button>
          </Group>
        ) : null}
        {lengths.data && !lengths.isPlaceholderData ? (
          <Lengths key={folder} projectId={projectId} report={lengths.data} settings={settings} folder={folder} />
        ) : null}
      </Stack>
    </Paper>
  );
}

function Measuring({ projectId }: { readonly projectId: number }) {
  const [progress, setProgress] = useState<{ readonly rowsDone: number; readonly rowsTotal: number } | null>(null);
  const stop = useSend('models.stopMeasuring');
  useTold('models.measuring', (told) => {
    if (told.projectId === projectId) setProgress(told);
  });
  const part = progress === null || progress.rowsTotal === 0 ? 0 : (100 * progress.rowsDone) / progress.rowsTotal;
  return (
    <Group wrap="nowrap" gap="sm">
      <Stack gap={4} flex={1}>
        <Text size="sm" c="dimmed">
          {words.measuring}
          {progress === null ? '…' : `: ${words.counted(progress.rowsDone, progress.rowsTotal)}`}
        </Text>
        <Progress value={progress === null ? 100 : part} animated={progress === null} aria-label={words.measuring} />
      </Stack>
      <Button size="compact-sm" variant="default" onClick={() => stop.mutate({ projectId })}>
        {words.stop}
      </Button>
    </Group>
  );
}

function NotMeasured({ error, again }: { readonly error: Error & { readonly code?: string }; readonly again: () => void }) {
  return (
    <Stack gap="xs" align="flex-start">
      {error.code === 'cancelled' ? (
        <Text size="sm" c="dimmed">
          {words.stopped}
        </Text>
      ) : (
        <Problem error={error} />
      )}
      <Button size="compact-sm" variant="light" onClick={again}>
        {words.again}
      </Button>
    </Stack>
  );
}

function Lengths({
  projectId,
  report,
  settings,
  folder,
}: Pick<LengthsPanelProps, 'projectId' | 'settings' | 'folder'> & { readonly report: LengthReport }) {
  const model = useRequest('models.inspect', { folder });
  const { p50, p95, max, count } = report.sequence;
  const { limit, isNone, isPending, move, keep, error } = useMaxLength(projectId, settings, max);
  // Else the line would stand elsewhere for a moment.
  if (isPending) return <Loading what={modelWords.loading} height={200} />;
  const effect = effectOf(report, limit);
  const context = model.data?.shape?.contextTokens ?? Infinity;
  return (
    <Stack gap="xs">
      {report.uncounted > 0 ? (
        <Alert color="orange" role="alert" title={words.uncounted(report.uncounted)}>
          {report.firstProblem}
        </Alert>
      ) : null}
      {count === 0 ? null : (
        <>
          <Text size="sm">{words.summary(p50, p95, max)}</Text>
          <LengthChart report={report} limit={limit} onMove={move} onLeave={keep} />
          <Effect
            text={isNone ? words.none : words.effect(limit, effect)}
            isLoss={effect.cut + effect.dropped > 0}
            longest={max}
            onFit={() => keep(max)}
          />
          {Math.min(limit, max) > context ? (
            <Text size="sm" c="var(--prospect-caution)">
              {words.beyondContext(context)}
            </Text>
          ) : null}
          <Text size="xs" c="dimmed">
            {words.help}
          </Text>
        </>
      )}
      {error ? <Problem error={error} /> : null}
    </Stack>
  );
}

interface EffectProps {
  readonly text: string;
  /** Rows are cut or left out. */
  readonly isLoss: boolean;
  readonly longest: number;
  readonly onFit: () => void;
}

function Effect({ text, isLoss, longest, onFit }: EffectProps) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" role="status" fw={500} {...(isLoss ? { c: 'var(--prospect-caution)' } : {})}>
        {text}
      </Text>
      {isLoss ? (
        <Button size="compact-sm" variant="light" onClick={onFit}>
          {words.fit(longest)}
        </Button>
      ) : null}
    </Group>
  );
}
