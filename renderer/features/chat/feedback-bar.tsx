/** @file How much feedback there is, and the way to train on it. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ChatDetails } from '#contract/chats.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { TrainOnFeedback } from './train-on-feedback.tsx';

const words = chatWords.feedback;

export interface FeedbackBarProps {
  readonly projectId: number;
  readonly chat: ChatDetails;
  readonly goTo: (step: StepName) => void;
}

export function FeedbackBar({ projectId, chat, goTo }: FeedbackBarProps) {
  const { data, error } = useRequest('chats.getFeedback', { projectId });
  const [isOpen, setIsOpen] = useState(false);
  if (error) return <Problem error={error} />;
  const hasRows = data !== undefined && data !== null && data.rows > 0;
  return (
    <Group justify="space-between" gap="xs" role="group" aria-label={words.label} mih={26}>
      <Text size="xs" c="dimmed">
        {hasRows ? `${words.rows(data.rows)}: ${words.labels(data.desirable, data.undesirable)}` : words.none}
      </Text>
      {hasRows ? (
        <>
          <Button size="compact-sm" variant="light" onClick={() => setIsOpen(true)}>
            {words.train}
          </Button>
          {isOpen ? <TrainOnFeedback feedback={data} chat={chat} goTo={goTo} onClose={() => setIsOpen(false)} /> : null}
        </>
      ) : null}
    </Group>
  );
}
