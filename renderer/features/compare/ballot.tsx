/** @file Two answers without names, and a vote on them by button or key. */
import { Button, Group, Kbd, Paper, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { VoteChoice, Voting } from '#contract/comparisons.ts';
import type { AppError } from '#contract/errors.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import classes from './compare.module.css';

const words = compareWords.votes;
const KEYS: Readonly<Record<string, VoteChoice>> = { '1': 'left', '2': 'right', '0': 'equal' };

export interface BallotProps {
  readonly contest: { readonly projectId: number; readonly firstId: number; readonly secondId: number | null };
  readonly voting: Voting;
  readonly open: NonNullable<Voting['open']>;
  readonly onReveal: () => void;
}

/** Closed until a person wants to vote, since the keys then belong to it. */
export function Ballot(props: BallotProps) {
  const { voted, total } = props.voting;
  const [isVoting, setIsVoting] = useState(false);
  if (isVoting) return <OpenBallot {...props} />;
  return (
    <Group gap="sm">
      <Button size="xs" onClick={() => setIsVoting(true)}>
        {voted === 0 ? words.start : words.goOn}
      </Button>
      <Text size="sm">{words.progress(voted + 1, total)}</Text>
      {voted > 0 ? <Reveal onReveal={props.onReveal} /> : null}
    </Group>
  );
}

function OpenBallot(props: BallotProps) {
  const { open, voting, onReveal } = props;
  const { vote, takeBack, error } = useVotes(props);
  const booth = useRef<HTMLDivElement>(null);
  useEffect(() => booth.current?.focus(), [open.key]);
  const byKey = (event: KeyboardEvent): void => {
    const choice = KEYS[event.key];
    if (choice === undefined && event.key !== 'Backspace') return;
    event.preventDefault();
    if (choice === undefined) takeBack();
    else vote(choice);
  };
  return (
    <Stack gap="sm" ref={booth} tabIndex={0} role="group" aria-label={words.title} className={classes['ballot']} onKeyDown={byKey}>
      <Text size="sm" fw={600} aria-live="polite">
        {words.progress(voting.voted + 1, voting.total)}
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
          <Button size="xs" variant="subtle" color="gray" disabled={!voting.canTakeBack} onClick={takeBack}>
            {words.takeBack}
          </Button>
          {voting.voted > 0 ? <Reveal onReveal={onReveal} /> : null}
        </Group>
      </Group>
      <Text size="xs" c="dimmed">
        {words.keys}
      </Text>
      {error ? <Problem error={error} /> : null}
    </Stack>
  );
}

interface Votes {
  readonly vote: (choice: VoteChoice) => void;
  readonly takeBack: () => void;
  readonly error: AppError | null;
}

/** One at a time: a key that is held down votes once. */
function useVotes({ contest, open, voting: { canTakeBack } }: BallotProps): Votes {
  const queries = useQueryClient();
  const send = useSend('comparisons.vote');
  const back = useSend('comparisons.takeBack');
  const isBusy = send.isPending || back.isPending;
  const take = (next: Voting): void => {
    queries.setQueryData(['comparisons.getVoting', { ...contest, reveal: false }], next);
  };
  return {
    error: send.error ?? back.error,
    vote(choice) {
      if (!isBusy) send.mutate({ ...contest, key: open.key, choice }, { onSuccess: take });
    },
    takeBack() {
      if (canTakeBack && !isBusy) back.mutate(contest, { onSuccess: take });
    },
  };
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
