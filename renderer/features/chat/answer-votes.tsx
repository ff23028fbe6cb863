/** @file The thumbs on an answer: the same one again takes it back, and a reason can be given. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ChatAnswer, Thumb } from '#contract/chats.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { ThumbPicture } from './thumb-picture.tsx';

const words = chatWords.votes;

export function AnswerVotes({ answer: { messageId, thumb, speaker, state, text } }: { readonly answer: ChatAnswer }) {
  const vote = useSend('chats.vote');
  const [asksReason, setAsksReason] = useState(false);
  if (messageId === null || state === 'failed' || text.trim() === '') return null;
  const give = (next: Thumb | null): void => {
    vote.mutate({ messageId, thumb: next });
    setAsksReason(next !== null && next.reason === null);
  };
  return (
    <>
      {(['up', 'down'] as const).map((value) => {
        const isGiven = thumb?.value === value;
        return (
          <Button
            key={value}
            size="compact-xs"
            variant={isGiven ? 'light' : 'subtle'}
            color={isGiven ? (value === 'up' ? 'teal' : 'orange') : 'gray'}
            aria-label={words[value](speaker)}
            aria-pressed={isGiven}
            onClick={() => give(isGiven ? null : { value, reason: null })}
          >
            <ThumbPicture value={value} />
          </Button>
        );
      })}
      {thumb?.reason ? (
        <Text size="xs" c="dimmed">
          {words.because(thumb.reason)}
        </Text>
      ) : null}
      {thumb && asksReason ? <Reason onGive={(reason) => give({ ...thumb, reason })} onLeave={() => setAsksReason(false)} /> : null}
      {vote.error ? <Problem error={vote.error} /> : null}
    </>
  );
}

function Reason({ onGive, onLeave }: { readonly onGive: (reason: string) => void; readonly onLeave: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === '') onLeave();
        else onGive(reason);
      }}
    >
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          w={170}
          autoFocus
          aria-label={words.reason}
          placeholder={words.reason}
          maxLength={2000}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            onLeave();
          }}
        />
        <Button type="submit" size="compact-xs" variant="light" disabled={reason.trim() === ''}>
          {words.save}
        </Button>
      </Group>
    </form>
  );
}
