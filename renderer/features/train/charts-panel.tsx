/** @file All curves of a run, with what applies to all of them above: smoothing, axis, zoom. */
import { Alert, SimpleGrid, Skeleton, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { memo, useDeferredValue, useMemo, useState, useSyncExternalStore } from 'react';
import type { RunHint } from '#contract/runs.ts';
import { CHART_GROUPS, type ChartGroup } from '#renderer/components/curves/chart-groups.ts';
import { CHART_COLOURS, lineColour } from '#renderer/components/curves/chart-colours.ts';
import { ChartsToolbar, DEFAULT_SMOOTHING } from '#renderer/components/curves/charts-toolbar.tsx';
import type { CurveAxis, CurveLine } from '#renderer/components/curves/curve-line.ts';
import { CurveChart } from '#renderer/components/curves/curve-chart.tsx';
import { LinkedView } from '#renderer/components/curves/linked-view.ts';
import type { RunHistory } from '#renderer/components/curves/run-history.ts';
import { saveCsv } from '#renderer/components/curves/save-curves.ts';
import { trainWords } from '#renderer/words/train.ts';

const HINT_COLOURS = { good: 'prospect', note: 'gray', warning: 'orange' } as const satisfies Record<RunHint['kind'], string>;

export interface ChartsPanelProps {
  readonly runName: string;
  readonly history: RunHistory;
  readonly isLoading: boolean;
  readonly hints: readonly RunHint[];
  readonly sampleSteps: readonly number[];
}

export const ChartsPanel = memo(function ChartsPanel({ runName, history, isLoading, hints, sampleSteps }: ChartsPanelProps) {
  const words = trainWords.charts;
  const [smoothing, setSmoothing] = useState(DEFAULT_SMOOTHING);
  const [axis, setAxis] = useState<CurveAxis>('step');
  const [view] = useState(() => new LinkedView());
  const scheme = useComputedColorScheme('light');
  const keys = useSyncExternalStore(history.subscribe, () => history.keys);
  const charts = useMemo(() => chartsOf(history, keys, scheme), [history, keys, scheme]);
  // The slider follows the hand; the charts come after as fast as they can.
  const look = useDeferredValue(useMemo(() => ({ axis, smoothing }), [axis, smoothing]));
  if (charts.length === 0) {
    return isLoading ? <Skeleton height={220} role="progressbar" aria-label={words.loading} /> : <Text c="dimmed">{words.empty}</Text>;
  }
  const save = (): void =>
    saveCsv(
      keys.map((metric) => ({ history, metric, label: metric, colour: '', dashed: false })),
      runName,
    );
  return (
    <Stack gap="sm" component="section" aria-label={words.title}>
      <ChartsToolbar {...{ smoothing, setSmoothing, axis, setAxis, view }} onSave={save} />
      <SimpleGrid cols={{ base: 2 }} spacing="sm">
        {charts.map(({ group, lines }) => (
          <Stack key={group.title} gap={6} h="100%">
            <CurveChart
              title={group.title}
              fileName={`${runName} ${group.fileName}`.replaceAll(' ', '-')}
              lines={lines}
              look={look}
              mayBeLogarithmic={group.mayBeLogarithmic}
              view={view}
              sampleSteps={sampleSteps}
              colours={CHART_COLOURS[scheme]}
            />
            <Hints hints={hints.filter((hint) => hint.group === group.hints)} />
          </Stack>
        ))}
      </SimpleGrid>
      {sampleSteps.length > 0 ? (
        <Text size="xs" c="dimmed">
          {words.samples}
        </Text>
      ) : null}
    </Stack>
  );
});

function Hints({ hints }: { readonly hints: readonly RunHint[] }) {
  return hints.map(({ text, kind }) => (
    <Alert key={text} color={HINT_COLOURS[kind]} variant="light" p="xs" role="note">
      {text}
    </Alert>
  ));
}

interface Shown {
  readonly group: ChartGroup;
  readonly lines: readonly CurveLine[];
}

function chartsOf(history: RunHistory, keys: readonly string[], scheme: 'light' | 'dark'): readonly Shown[] {
  const known = new Set(keys);
  return CHART_GROUPS.map((group) => ({
    group,
    lines: group.metrics.flatMap(({ metric, label, colour }) =>
      [
        { metric, label, dashed: false },
        { metric: `eval_${metric}`, label: trainWords.charts.heldOut, dashed: true },
      ]
        .filter((line) => known.has(line.metric))
        .map((line) => ({ ...line, history, colour: lineColour(colour, scheme) })),
    ),
  })).filter(({ lines }) => lines.length > 0);
}
