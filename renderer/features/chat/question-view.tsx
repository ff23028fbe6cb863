/** @file A question, which can be asked differently. */
import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ChatTurn } from '#contract/chats.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import classes from './chat.module.css';

const words = chatWords.talk;

export interface QuestionViewProps {
  readonly chatId: number;
  readonly turn: ChatTurn;
  readonly canAsk: boolean;
  readonly isLast: boolean;
}

export function QuestionView({ chatId, turn: { turn, question, answers }, canAsk, isLast }: QuestionViewProps) {
  const [isEdited, setIsEdited] = useState(false);
  const regenerate = useSend('chats.regenerate');
  if (isEdited) return <Editor chatId={chatId} turn={turn} question={question} onEnd={() => setIsEdited(false)} />;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" justify="flex-end">
      {regenerate.error ? <Problem error={regenerate.error} /> : null}
      {canAsk ? (
        <Group gap={2} wrap="nowrap">
          {isLast && answers.length > 1 ? (
            <Button size="compact-xs" variant="subtle" onClick={() => regenerate.mutate({ chatId, pane: null })}>
              {words.againAll}
            </Button>
          ) : null}
          <Button size="compact-xs" variant="subtle" aria-label={words.editLabel} onClick={() => setIsEdited(true)}>
            {words.edit}
          </Button>
        </Group>
      ) : null}
      <Paper className={classes['question']} component="article" aria-label={words.question}>
        <Text size="sm" className={classes['text']}>
          {question}
        </Text>
      </Paper>
    </Group>
  );
}

interface EditorProps {
  readonly chatId: number;
  readonly turn: number;
  readonly question: string;
  readonly onEnd: () => void;
}

function Editor({ chatId, turn, question, onEnd }: EditorProps) {
  const [text, setText] = useState(question);
  const edit = useSend('chats.edit');
  return (
    <Stack gap={6}>
      <Textarea
        label={words.editLabel}
        description={words.editNote}
        autosize
        maxRows={8}
        autoFocus
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onEnd();
        }}
      />
      {edit.error ? <Problem error={edit.error} /> : null}
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={onEnd}>
          {words.cancel}
        </Button>
        <Button
          size="xs"
          disabled={text.trim() === ''}
          loading={edit.isPending}
          onClick={() => edit.mutate({ chatId, turn, text }, { onSuccess: onEnd })}
        >
          {words.editSend}
        </Button>
      </Group>
    </Stack>
  );
}
