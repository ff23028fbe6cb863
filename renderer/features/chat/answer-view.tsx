/** @file An answer: its words as they come, how fast they came, why it ended, and what can be done with it. */
import { Button, CopyButton, Group, Paper, Stack, Text } from '@mantine/core';
import type { ChatAnswer } from '#contract/chats.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { Sentence } from '#renderer/components/sentence.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { AnswerVotes } from './answer-votes.tsx';
import classes from './chat.module.css';

const words = chatWords.talk;

export interface AnswerViewProps {
  readonly answer: ChatAnswer;
  /** The conversation in which it can be answered again; null where it can't. */
  readonly againIn: number | null;
}

export function AnswerView({ answer, againIn }: AnswerViewProps) {
  const { speaker, state, text, facts, problem, pane } = answer;
  const isWriting = state === 'writing';
  return (
    <Paper
      withBorder
      className={classes['answer']}
      style={{ gridColumn: pane + 1 }}
      component="article"
      aria-label={words.answerOf(speaker)}
      aria-busy={isWriting}
    >
      <Stack gap={4}>
        <Text size="xs" c="dimmed" fw={600}>
          {speaker}
        </Text>
        <Text size="sm" className={classes['text']} {...(isWriting && { 'data-writing': true })}>
          {text === '' ? <AbsentText isWriting={isWriting} isFailed={state === 'failed'} /> : text}
        </Text>
        {problem === null ? null : (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            <Sentence>{problem}</Sentence>
          </Text>
        )}
        {endOf(answer).map((sentence) => (
          <Text key={sentence} size="xs" c="var(--prospect-caution)">
            {sentence}
          </Text>
        ))}
        {isWriting ? null : <AnswerFoot answer={answer} againIn={againIn} />}
        {facts === null ? null : (
          <Text size="xs" c="dimmed" className={classes['figures']}>
            {figuresOf(answer)}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function AbsentText({ isWriting, isFailed }: { readonly isWriting: boolean; readonly isFailed: boolean }) {
  if (isFailed) return null;
  return (
    <Text span c="dimmed" size="sm">
      {isWriting ? words.waiting : words.nothing}
    </Text>
  );
}

function AnswerFoot({ answer, againIn }: AnswerViewProps) {
  const { speaker, text, pane } = answer;
  const regenerate = useSend('chats.regenerate');
  return (
    <>
      <Group gap={2}>
        <AnswerVotes answer={answer} />
        {text === '' ? null : (
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={words.copyLabel(speaker)}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
        )}
        {againIn === null ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={words.againLabel(speaker)}
            onClick={() => regenerate.mutate({ chatId: againIn, pane })}
          >
            {words.again}
          </Button>
        )}
      </Group>
      {regenerate.error ? <Problem error={regenerate.error} /> : null}
    </>
  );
}

function endOf({ facts }: ChatAnswer): string[] {
  if (!facts) return [];
  return [
    ...(facts.droppedMessages > 0 ? [words.dropped(facts.droppedMessages)] : []),
    ...(facts.reason === 'length' ? [words.cut(facts.tokens)] : []),
    ...(facts.reason === 'context' ? [words.full] : []),
  ];
}

function figuresOf({ facts, seed, state }: ChatAnswer): string {
  return [
    ...(facts?.tokensPerSecond ? [words.speed(facts.tokensPerSecond)] : []),
    words.tokens(facts?.tokens ?? 0),
    ...(seed === null ? [] : [words.seed(seed)]),
    ...(state === 'stopped' ? [words.stopped] : []),
  ].join(' · ');
}
