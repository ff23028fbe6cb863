/** @file Compare: runs side by side, from their curves to blind votes on their answers. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Comparison } from '#contract/comparisons.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { compareWords } from '#renderer/words/compare.ts';
import { AnswersSection } from './answers-section.tsx';
import { CurvesSection } from './curves-section.tsx';
import { MeasuredSection } from './measured-section.tsx';
import { RunsSection } from './runs-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { VotesSection } from './votes-section.tsx';

export function CompareStep({ project: { id: projectId }, step, goTo }: StepScreenProps) {
  const comparison = useRequest('comparisons.get', { projectId });
  if (comparison.isError) return <Problem error={comparison.error} />;
  if (comparison.isPending) return <Loading what={compareWords.loading} height={320} />;
  if (comparison.data.candidates.length === 0) {
    const blocked = step.first === null ? ({ ...step, first: 'train' } as const) : step;
    return <BlockedStep step={blocked} goTo={goTo} title={compareWords.blockedTitle} about={compareWords.about} />;
  }
  return (
    <Stack gap="md">
      <RunsSection projectId={projectId} comparison={comparison.data} />
      {comparison.data.chosen.length < 2 ? (
        <TooFew comparison={comparison.data} onTrain={() => goTo('train')} />
      ) : (
        <Chosen projectId={projectId} comparison={comparison.data} />
      )}
    </Stack>
  );
}

function TooFew({ comparison: { candidates, chosen }, onTrain }: { readonly comparison: Comparison; readonly onTrain: () => void }) {
  const words = compareWords.runs;
  const mayChoose = candidates.length > 1;
  return (
    <Alert color="gray" role="status" title={words.tooFew}>
      <Group justify="space-between">
        <Text size="sm">{mayChoose ? (chosen.length === 0 ? words.chooseTwo : words.choose) : words.trainBoth}</Text>
        {mayChoose ? null : (
          <Button size="xs" variant="light" onClick={onTrain}>
            {words.goToTrain}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function Chosen({ projectId, comparison }: { readonly projectId: number; readonly comparison: Comparison }) {
  const names = new Map(comparison.candidates.map(({ run }) => [run.id, run.name]));
  const key = comparison.chosen.map((id) => `${id} ${names.get(id) ?? ''}`).join('\n');
  // The same list as long as the same runs are chosen: charts begin anew with another one.
  const runs = useMemo(
    () =>
      key.split('\n').map((line) => {
        const [id = '', ...name] = line.split(' ');
        return { id: Number(id), name: name.join(' ') };
      }),
    [key],
  );
  return (
    <>
      <MeasuredSection projectId={projectId} comparison={comparison} runs={runs} />
      <CurvesSection key={`curves ${key}`} runs={runs} />
      <SettingsSection runs={runs} />
      <VotesSection projectId={projectId} runs={runs} settings={comparison.settings} />
      <AnswersSection projectId={projectId} runs={runs} settings={comparison.settings} />
    </>
  );
}
