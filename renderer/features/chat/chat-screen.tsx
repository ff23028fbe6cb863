/** @file A conversation: which it is, the models side by side, what was said, and the line to say more. */
import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { ChatDetails, ChatSummary } from '#contract/chats.ts';
import type { Playground } from '#contract/playground.ts';
import type { Project } from '#contract/projects.ts';
import type { StepName } from '#contract/steps.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { ChatBar } from './chat-bar.tsx';
import { Composer } from './composer.tsx';
import { FeedbackBar } from './feedback-bar.tsx';
import { PaneHeads } from './pane-heads.tsx';
import { PlaygroundNotice } from './playground-notice.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { Talk } from './talk.tsx';
import { useChat } from './use-chat.ts';
import classes from './chat.module.css';

export interface ChatScreenProps {
  readonly project: Project;
  readonly chats: readonly ChatSummary[];
  readonly chosen: ChatSummary;
  readonly playground: Playground;
  readonly onChoose: (chatId: number) => void;
  readonly goTo: (step: StepName) => void;
}

export function ChatScreen({ project, chats, chosen, playground, onChoose, goTo }: ChatScreenProps) {
  const chat = useChat(chosen.id);
  const [showsSettings, setShowsSettings] = useState(false);
  return (
    <Stack gap="xs" className={classes['screen']}>
      <ChatBar
        projectId={project.id}
        chats={chats}
        chosen={chosen}
        playground={playground}
        onChoose={onChoose}
        onSettings={() => setShowsSettings(true)}
      />
      {chat.isError ? <Problem error={chat.error} /> : null}
      {chat.isPending ? <Loading what={chatWords.loadingOne} height={280} /> : null}
      {chat.data ? <Conversation key={chosen.id} chat={chat.data} playground={playground} goTo={goTo} /> : null}
      {chat.data ? (
        <SettingsSheet opened={showsSettings} onClose={() => setShowsSettings(false)} chat={chat.data} playground={playground} />
      ) : null}
    </Stack>
  );
}

interface ConversationProps extends Pick<ChatScreenProps, 'playground' | 'goTo'> {
  readonly chat: ChatDetails;
}

function Conversation({ chat, playground, goTo }: ConversationProps) {
  const isWriting = chat.turns.some(({ answers }) => answers.some(({ state }) => state === 'writing'));
  const isOpen = playground.phase === 'open';
  return (
    <>
      <PaneHeads chat={chat} playground={playground} isWriting={isWriting} />
      <Talk chat={chat} canAsk={isOpen && !isWriting} />
      <Stack gap="xs" className={classes['foot']}>
        <PlaygroundNotice projectId={chat.projectId} playground={playground} />
        <Composer chatId={chat.id} isOpen={isOpen} isWriting={isWriting} />
        <FeedbackBar projectId={chat.projectId} chat={chat} goTo={goTo} />
      </Stack>
    </>
  );
}
