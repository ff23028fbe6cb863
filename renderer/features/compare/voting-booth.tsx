/** @file One contest: what is to be voted on next, by buttons or keys, and at the end what came of it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { MeasureSettings } from '#contract/comparisons.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import { Ballot } from './ballot.tsx';
import type { Rivals } from './rivals.ts';
import { MORE_PROMPTS, useMoreAnswers } from './use-more-answers.ts';
import { VotesTally } from './votes-tally.tsx';

const words = compareWords.votes;

export interface VotingBoothProps {
  readonly projectId: number;
  readonly rivals: Rivals;
  readonly settings: MeasureSettings;
  /** Prompts that could be drawn. */
  readonly more: number;
}

export function VotingBooth({ projectId, rivals, settings, more }: VotingBoothProps) {
  const [reveal, setReveal] = useState(false);
  const contest = { projectId, firstId: rivals.firstId, secondId: rivals.secondId };
  const voting = useRequest('comparisons.getVoting', { ...contest, reveal });
  const answers = useMoreAnswers(projectId, settings);
  if (voting.isError) return <Problem error={voting.error} />;
  if (voting.isPending) return <Loading what={words.loading} height={80} />;
  const { data } = voting;
  const count = Math.min(MORE_PROMPTS, more);
  return (
    <Stack gap="sm">
      {answers.error ? <Problem error={answers.error} /> : null}
      {data.total === 0 && data.alike === 0 ? <NoAnswers answers={answers} /> : null}
      {data.open && !reveal ? <Ballot contest={contest} voting={data} open={data.open} onReveal={() => setReveal(true)} /> : null}
      {data.alike > 0 ? (
        <Text size="sm" c="dimmed">
          {data.total === 0 ? `${words.none} ` : ''}
          {words.alike(data.alike)}
        </Text>
      ) : null}
      {data.tally ? <VotesTally contest={contest} rivals={rivals} tally={data.tally} /> : null}
      <Group gap="sm">
        {data.open && reveal ? (
          <Button size="xs" variant="default" onClick={() => setReveal(false)}>
            {words.goOn}
          </Button>
        ) : null}
        {!data.open && data.total + data.alike > 0 && count > 0 ? (
          <Button size="xs" variant="default" loading={answers.isRunning} onClick={() => void answers.ask(count)}>
            {compareWords.answers.more(count)}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}

function NoAnswers({ answers }: { readonly answers: ReturnType<typeof useMoreAnswers> }) {
  return (
    <Group gap="sm">
      <Button size="xs" variant="default" loading={answers.isRunning} onClick={() => void answers.ask(0)}>
        {compareWords.answers.ask}
      </Button>
      <Text size="sm">{answers.isRunning ? compareWords.answers.running : words.noAnswers}</Text>
    </Group>
  );
}
