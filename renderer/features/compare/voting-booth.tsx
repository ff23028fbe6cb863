/** @file One contest: what is to be voted on next, by buttons or keys, and at the end what came of it. */
import { Button, Group, Kbd, Paper, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { MeasureSettings, VoteChoice, Voting } from '#contract/comparisons.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import classes from './compare.module.css';
import type { Rivals } from './rivals.ts';
import { MORE_PROMPTS, useMoreAnswers } from './use-more-answers.ts';
import { VotesTally } from './votes-tally.tsx';

const words = compareWords.votes;
const KEYS: Readonly<Record<string, VoteChoice>> = { '1': 'left', '2': 'right', '0': 'equal' };

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
      {data.open && !reveal ? <Open contest={contest} voting={data} onReveal={() => setReveal(true)} /> : null}
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

interface OpenProps {
  readonly contest: { readonly projectId: number; readonly firstId: number; readonly secondId: number | null };
  readonly voting: Voting;
  readonly onReveal: () => void;
}

function Open({ contest, voting: { open, voted, total, canTakeBack }, onReveal }: OpenProps) {
  const queries = useQueryClient();
  const send = useSend('comparisons.vote');
  const takeBack = useSend('comparisons.takeBack');
  const [isVoting, setIsVoting] = useState(false);
  const booth = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isVoting) booth.current?.focus();
  }, [isVoting, open?.key]);
  if (!open) return null;
  const take = (next: Voting): void => {
    queries.setQueryData(['comparisons.getVoting', { ...contest, reveal: false }], next);
  };
  const vote = (choice: VoteChoice): void => {
    if (!send.isPending) send.mutate({ ...contest, key: open.key, choice }, { onSuccess: take });
  };
  const back = (): void => {
    if (canTakeBack && !takeBack.isPending) takeBack.mutate(contest, { onSuccess: take });
  };
  const byKey = (event: KeyboardEvent): void => {
    const choice = KEYS[event.key];
    if (choice !== undefined) vote(choice);
    else if (event.key === 'Backspace') back();
    else return;
    event.preventDefault();
  };
  if (!isVoting) {
    return (
      <Group gap="sm">
        <Button size="xs" onClick={() => setIsVoting(true)}>
          {voted === 0 ? words.start : words.goOn}
        </Button>
        <Text size="sm">{words.progress(voted + 1, total)}</Text>
        {voted > 0 ? <Reveal onReveal={onReveal} /> : null}
      </Group>
    );
  }
  const error = send.error ?? takeBack.error;
  return (
    <Stack gap="sm" ref={booth} tabIndex={0} role="group" aria-label={words.title} className={classes['ballot']} onKeyDown={byKey}>
      <Text size="sm" fw={600} aria-live="polite">
        {words.progress(voted + 1, total)}
      </Text>
      <Text size="sm" c="dimmed" className={classes['answer']}>
        {open.prompt}
      </Text>
      <div className={classes['columns']}>
        <Side name={words.left} text={open.left} shortcut="1" label={words.leftBetter} onVote={() => vote('left')} />
        <Side name={words.right} text={open.right} shortcut="2" label={words.rightBetter} onVote={() => vote('right')} />
      </div>
      <Group justify="space-between" gap="sm">
        <Button size="xs" variant="default" onClick={() => vote('equal')} rightSection={<Kbd size="xs">0</Kbd>}>
          {words.equal}
        </Button>
        <Group gap="sm">
          <Button size="xs" variant="subtle" color="gray" disabled={!canTakeBack} onClick={back}>
            {words.takeBack}
          </Button>
          {voted > 0 ? <Reveal onReveal={onReveal} /> : null}
        </Group>
      </Group>
      <Text size="xs" c="dimmed">
        {words.keys}
      </Text>
      {error ? <Problem error={error} /> : null}
    </Stack>
  );
}

function Reveal({ onReveal }: { readonly onReveal: () => void }) {
  return (
    <Button size="xs" variant="subtle" color="gray" onClick={onReveal}>
      {words.reveal}
    </Button>
  );
}

interface SideProps {
  readonly name: string;
  readonly text: string;
  readonly shortcut: string;
  readonly label: string;
  readonly onVote: () => void;
}

function Side({ name, text, shortcut, label, onVote }: SideProps) {
  return (
    <Paper withBorder p="sm" component="article" aria-label={name}>
      <Stack gap="sm" h="100%" justify="space-between">
        <Text size="sm" className={classes['answer']} {...(text.trim() === '' ? { c: 'dimmed' } : {})}>
          {text.trim() === '' ? compareWords.answers.empty : text}
        </Text>
        <Button size="xs" variant="light" w="fit-content" onClick={onVote} rightSection={<Kbd size="xs">{shortcut}</Kbd>}>
          {label}
        </Button>
      </Stack>
    </Paper>
  );
}
