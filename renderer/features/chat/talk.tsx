/** @file What was said: each question, and below it the answers side by side. The end stays in sight while it grows, unless a person looks elsewhere. */
import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ChatDetails } from '#contract/chats.ts';
import { chatWords } from '#renderer/words/chat.ts';
import { AnswerView } from './answer-view.tsx';
import classes from './chat.module.css';
import { QuestionView } from './question-view.tsx';

const words = chatWords.talk;
/** Pixels from the end that still count as being there. */
const NEAR = 60;

export function Talk({ chat, canAsk }: { readonly chat: ChatDetails; readonly canAsk: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { turns, settings, id: chatId } = chat;
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [turns]);
  const watch = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: React.UIEvent<HTMLDivElement>): void => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
  };
  const last = turns.at(-1)?.turn;
  return (
    // Focusable, so that it can be scrolled by keyboard.
    <div ref={box} className={classes['talk']} onScroll={watch} tabIndex={0} role="region" aria-label={words.label}>
      {turns.length === 0 ? (
        <Text c="dimmed" ta="center" py="xl">
          {words.first}
        </Text>
      ) : null}
      <Stack gap="md">
        {turns.map((turn) => (
          <Stack key={turn.turn} gap="xs">
            <QuestionView chatId={chatId} turn={turn} canAsk={canAsk} isLast={turn.turn === last} />
            <div
              className={classes['columns']}
              style={{ '--panes': Math.max(1, ...turn.answers.map(({ pane }) => pane + 1)) } as React.CSSProperties}
            >
              {turn.answers.map((answer) => (
                <AnswerView
                  key={answer.pane}
                  answer={answer}
                  againIn={turn.turn === last && canAsk && answer.pane < settings.panes.length ? chatId : null}
                />
              ))}
            </div>
          </Stack>
        ))}
      </Stack>
      <VisuallyHidden role="status">{spoken(chat)}</VisuallyHidden>
    </div>
  );
}

/** Not every word: that answers are written, and that they are there. */
function spoken({ turns }: ChatDetails): string {
  const answers = turns.at(-1)?.answers ?? [];
  const writing = answers.filter(({ state }) => state === 'writing').length;
  if (writing > 0) return words.writing(writing);
  return answers.length > 0 ? words.done(answers.length) : '';
}
