/** @file Blind votes on the answers of two runs, or of a run and the base model: who they are is told at the end. */
import { Select, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { MeasureSettings } from '#contract/comparisons.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import { rivalsKey, rivalsOf } from './rivals.ts';
import type { ChosenRun } from './run-colour.tsx';
import { VotingBooth } from './voting-booth.tsx';

const words = compareWords.votes;

export interface VotesSectionProps {
  readonly projectId: number;
  readonly runs: readonly ChosenRun[];
  readonly settings: MeasureSettings;
}

export function VotesSection({ projectId, runs, settings }: VotesSectionProps) {
  const answers = useRequest('comparisons.listAnswers', { projectId });
  const runIds = answers.data?.runIds;
  const rivals = useMemo(() => rivalsOf(runs, runIds ?? []), [runs, runIds]);
  const [chosen, choose] = useState<string | null>(null);
  const pair = rivals.find((two) => rivalsKey(two) === chosen) ?? rivals[0];
  return (
    <Section title={words.title} about={words.about}>
      {answers.isError ? <Problem error={answers.error} /> : null}
      {answers.isPending ? <Loading what={words.loading} height={80} /> : null}
      {answers.data && !pair ? <Text size="sm">{compareWords.measured.noRuns}</Text> : null}
      {pair ? (
        <>
          <Select
            label={words.between}
            size="xs"
            maw={320}
            data={rivals.map((two) => ({ value: rivalsKey(two), label: words.contest(...two.names) }))}
            value={rivalsKey(pair)}
            allowDeselect={false}
            onChange={choose}
          />
          <VotingBooth key={rivalsKey(pair)} projectId={projectId} rivals={pair} settings={settings} more={answers.data?.more ?? 0} />
        </>
      ) : null}
    </Section>
  );
}
