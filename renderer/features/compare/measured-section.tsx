/** @file What was measured of the chosen runs on held-out pairs: a verdict in plain words, and every figure with its interval. */
import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import type { Comparison, Measured } from '#contract/comparisons.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import { FiguresTable } from './figures-table.tsx';
import { MeasureFields } from './measure-fields.tsx';
import type { ChosenRun } from './run-colour.tsx';
import { SaveReport } from './save-report.tsx';

const words = compareWords.measured;

export interface MeasuredSectionProps {
  readonly projectId: number;
  readonly comparison: Comparison;
  readonly runs: readonly ChosenRun[];
}

export function MeasuredSection(props: MeasuredSectionProps) {
  const { projectId, comparison } = props;
  const measured = useRequest('comparisons.read', { projectId });
  return (
    <Section title={words.title} about={words.about}>
      {comparison.pairs === null ? <Text size="sm">{words.noPairs}</Text> : <PairsChoice {...props} />}
      {measured.isError ? <Problem error={measured.error} /> : null}
      {measured.isPending ? <Loading what={words.loading} height={160} /> : null}
      {measured.data && comparison.pairs !== null ? <Figures {...props} measured={measured.data} /> : null}
    </Section>
  );
}

function PairsChoice({ projectId, comparison: { offered, pairs, settings } }: MeasuredSectionProps) {
  const choose = useSend('comparisons.choose');
  const keyOf = (source: { readonly versionId: number; readonly splitId: number | null }): string =>
    `${source.versionId} ${source.splitId ?? ''}`;
  const chosen = offered.find((source) => pairs !== null && keyOf(source) === keyOf(pairs));
  const change = (key: string | null): void => {
    const source = offered.find((other) => keyOf(other) === key);
    if (source) choose.mutate({ projectId, changes: { pairs: { versionId: source.versionId, splitId: source.splitId } } });
  };
  return (
    <Stack gap={4}>
      <Select
        label={words.pairs}
        size="xs"
        maw={460}
        data={offered.map((source) => ({ value: keyOf(source), label: words.option(source.name, source.pairs) }))}
        value={pairs && keyOf(pairs)}
        allowDeselect={false}
        onChange={change}
      />
      {chosen?.note ? (
        <Text size="xs" c="dimmed">
          {chosen.note}
        </Text>
      ) : null}
      <MeasureFields settings={settings} onChange={(changes) => choose.mutate({ projectId, changes: { settings: changes } })} />
      {choose.error ? <Problem error={choose.error} /> : null}
    </Stack>
  );
}

function Figures({ projectId, runs, measured }: MeasuredSectionProps & { readonly measured: Measured }) {
  const measure = useTask('comparisons.measure');
  const answer = useTask('comparisons.answer');
  const start = async (): Promise<void> => {
    if ((await measure.start({ projectId })) !== null) await answer.start({ projectId });
  };
  if (measured.runIds.length === 0) return <Text size="sm">{words.noRuns}</Text>;
  const error = measure.error ?? answer.error;
  return (
    <>
      {error ? <Problem error={error} /> : null}
      {measured.missing > 0 ? (
        <Group gap="sm">
          <Button size="xs" loading={measure.isRunning} onClick={() => void start()}>
            {words.measure}
          </Button>
          <Text size="sm" role="status" flex={1}>
            {measure.isRunning ? words.running : words.missing(measured.missing, measured.pairCount)}
          </Text>
        </Group>
      ) : null}
      {measured.verdict ? <Verdict runs={runs} {...measured.verdict} /> : null}
      {measured.figures.length > 0 ? <FiguresTable measured={measured} runs={runs} /> : null}
      <SaveReport projectId={projectId} isReady={measured.missing === 0} />
    </>
  );
}

function Verdict({ runs, text, betterId }: NonNullable<Measured['verdict']> & Pick<MeasuredSectionProps, 'runs'>) {
  const better = runs.find(({ id }) => id === betterId)?.name ?? null;
  return (
    <Alert color={better === null ? 'gray' : 'prospect'} variant="light" role="note" p="sm" title={words.verdict(better)}>
      {text}
    </Alert>
  );
}
