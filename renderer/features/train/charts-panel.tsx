/** @file All curves of a run, with what applies to all of them above: smoothing, axis, zoom. */
import { Alert, Button, Group, SegmentedControl, SimpleGrid, Skeleton, Slider, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { memo, useDeferredValue, useMemo, useState, useSyncExternalStore } from 'react';
import type { RunHint } from '#contract/runs.ts';
import type { CurveAxis, CurveLine } from '#renderer/components/curves/curve-line.ts';
import { CurveChart } from '#renderer/components/curves/curve-chart.tsx';
import { LinkedView } from '#renderer/components/curves/linked-view.ts';
import type { RunHistory } from '#renderer/components/curves/run-history.ts';
import { saveCsv } from '#renderer/components/curves/save-curves.ts';
import { trainWords } from '#renderer/words/train.ts';
import { CHART_GROUPS, colourOf, type ChartGroup } from './chart-groups.ts';

const DEFAULT_SMOOTHING = 0.6;
const COLOURS = {
  light: { text: '#495057', grid: '#e3e6e9', mark: '#868e96' },
  dark: { text: '#c9c9c9', grid: '#3b3b3b', mark: '#828282' },
} as const;
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
          <Stack key={group.title} gap={6}>
            <CurveChart
              title={group.title}
              fileName={`${runName} ${group.fileName}`.replaceAll(' ', '-')}
              lines={lines}
              look={look}
              mayBeLogarithmic={group.mayBeLogarithmic}
              view={view}
              sampleSteps={sampleSteps}
              colours={COLOURS[scheme]}
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

interface ChartsToolbarProps {
  readonly smoothing: number;
  readonly setSmoothing: (weight: number) => void;
  readonly axis: CurveAxis;
  readonly setAxis: (axis: CurveAxis) => void;
  readonly view: LinkedView;
  readonly onSave: () => void;
}

function ChartsToolbar({ smoothing, setSmoothing, axis, setAxis, view, onSave }: ChartsToolbarProps) {
  const words = trainWords.charts;
  return (
    <Group justify="space-between" gap="md">
      <Group gap="md">
        <Group gap={8} wrap="nowrap">
          <Text size="sm" id="smoothing-label">
            {words.smoothing}
          </Text>
          <Slider
            w={140}
            size="sm"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={setSmoothing}
            label={(value) => value.toFixed(2)}
            thumbProps={{ 'aria-labelledby': 'smoothing-label' }}
          />
          <Text size="sm" w={32} ff="monospace">
            {smoothing.toFixed(2)}
          </Text>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={words.axis}
          data={[
            { value: 'step', label: words.step },
            { value: 'epoch', label: words.epoch },
          ]}
          value={axis}
          onChange={(value) => setAxis(value)}
        />
        <ZoomOut view={view} />
      </Group>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={onSave}>
        {words.saveAll}
      </Button>
    </Group>
  );
}

function ZoomOut({ view }: { readonly view: LinkedView }) {
  const range = useSyncExternalStore(view.onRange, () => view.range);
  return (
    <Button variant="default" size="compact-sm" disabled={range === null} onClick={() => view.show(null)}>
      {trainWords.charts.zoomOut}
    </Button>
  );
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
        .map((line) => ({ ...line, history, colour: colourOf(colour, scheme) })),
    ),
  })).filter(({ lines }) => lines.length > 0);
}
