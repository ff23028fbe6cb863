/** @file The curves of the chosen runs over each other: one colour a run, what is held out dashed. */
import { SimpleGrid, Skeleton, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { memo, useCallback, useDeferredValue, useMemo, useState, useSyncExternalStore } from 'react';
import { CHART_COLOURS, lineColour } from '#renderer/components/curves/chart-colours.ts';
import { CHART_GROUPS } from '#renderer/components/curves/chart-groups.ts';
import { ChartsToolbar, DEFAULT_SMOOTHING } from '#renderer/components/curves/charts-toolbar.tsx';
import { CurveChart } from '#renderer/components/curves/curve-chart.tsx';
import type { CurveAxis, CurveLine } from '#renderer/components/curves/curve-line.ts';
import { LinkedView } from '#renderer/components/curves/linked-view.ts';
import type { RunHistory } from '#renderer/components/curves/run-history.ts';
import { saveCsv } from '#renderer/components/curves/save-curves.ts';
import { useRunHistories } from '#renderer/components/curves/use-run-history.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import type { ChosenRun } from './run-colour.tsx';

const words = compareWords.curves;
const NO_SAMPLES: readonly number[] = [];

/** A metric of every run that has measured it. */
interface Chart {
  readonly title: string;
  readonly fileName: string;
  readonly mayBeLogarithmic: boolean;
  readonly lines: readonly CurveLine[];
}

/** @param runs - the same list as long as the same runs are chosen */
export const CurvesSection = memo(function CurvesSection({ runs }: { readonly runs: readonly ChosenRun[] }) {
  const [smoothing, setSmoothing] = useState(DEFAULT_SMOOTHING);
  const [axis, setAxis] = useState<CurveAxis>('step');
  const [view] = useState(() => new LinkedView());
  const scheme = useComputedColorScheme('light');
  const loaded = useRunHistories(useMemo(() => runs.map(({ id }) => id), [runs]));
  const histories = useMemo(() => loaded.map(({ history }) => history), [loaded]);
  const keys = useKeys(histories);
  const charts = useMemo(() => chartsOf(runs, histories, { keys, scheme }), [runs, histories, keys, scheme]);
  const look = useDeferredValue(useMemo(() => ({ axis, smoothing }), [axis, smoothing]));
  const failed = loaded.find(({ error }) => error !== null)?.error ?? null;
  const save = (): void => saveCsv(allLines(runs, histories), runs.map(({ name }) => name.replaceAll(' ', '-')).join('-vs-'));
  return (
    <Section title={words.title} about={words.about}>
      {failed ? <Problem error={failed} /> : null}
      {charts.length === 0 ? (
        <Waiting isLoading={loaded.some(({ isLoading }) => isLoading)} />
      ) : (
        <Stack gap="sm">
          <ChartsToolbar {...{ smoothing, setSmoothing, axis, setAxis, view }} onSave={save} />
          <SimpleGrid cols={{ base: 2 }} spacing="sm">
            {charts.map((chart) => (
              <CurveChart key={chart.title} {...chart} look={look} view={view} sampleSteps={NO_SAMPLES} colours={CHART_COLOURS[scheme]} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </Section>
  );
});

function Waiting({ isLoading }: { readonly isLoading: boolean }) {
  if (isLoading) return <Skeleton height={220} role="progressbar" aria-label={words.loading} />;
  return (
    <Text size="sm" c="dimmed">
      {words.empty}
    </Text>
  );
}

/** Metrics of all runs, as one text: it changes only when there is a new one. */
function useKeys(histories: readonly RunHistory[]): string {
  const keys = (): string => histories.map((history) => history.keys.join(' ')).join('\n');
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = histories.map((history) => history.subscribe(listener));
      return () => ends.forEach((end) => end());
    },
    [histories],
  );
  return useSyncExternalStore(subscribe, keys);
}

interface ChartsOptions {
  readonly keys: string;
  readonly scheme: 'light' | 'dark';
}

/** What stands in one chart on a run's own page (desirable and undesirable rewards) would be too much of several runs: one metric a chart. */
function chartsOf(runs: readonly ChosenRun[], histories: readonly RunHistory[], { keys, scheme }: ChartsOptions): Chart[] {
  const known = keys.split('\n').map((line) => new Set(line.split(' ')));
  const charts = CHART_GROUPS.flatMap(({ title, fileName, mayBeLogarithmic, metrics }) =>
    metrics.map(({ metric, label }): Chart => {
      const lines = runs.flatMap(({ name }, place) => {
        const history = histories[place];
        if (!history) return [];
        const line = { history, run: name, colour: lineColour(place, scheme) };
        const both = [
          { ...line, metric, label: name, dashed: false },
          { ...line, metric: `eval_${metric}`, label: words.evaluation(name), dashed: true },
        ];
        return both.filter((one) => known[place]?.has(one.metric) === true);
      });
      const isOneOfSome = metrics.length > 1;
      return {
        title: isOneOfSome ? `${title}: ${label.toLowerCase()}` : title,
        fileName: isOneOfSome ? `${fileName}-${label.toLowerCase()}` : fileName,
        mayBeLogarithmic,
        lines,
      };
    }),
  );
  return charts.filter(({ lines }) => lines.length > 0);
}

function allLines(runs: readonly ChosenRun[], histories: readonly RunHistory[]): CurveLine[] {
  return histories.flatMap((history, place) =>
    history.keys.map((metric) => ({ history, metric, run: runs[place]?.name ?? '', label: metric, colour: '', dashed: false })),
  );
}
