/** @file The side sheet: the system prompt, how words are drawn, and how the model is kept in memory. */
import { Divider, Drawer, Stack, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { ChatDetails } from '#contract/chats.ts';
import type { Playground } from '#contract/playground.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { sharedWords } from '#renderer/words/shared.ts';
import { MemoryInputs } from './memory-inputs.tsx';
import { SamplingInputs } from './sampling-inputs.tsx';

const words = chatWords.sheet;

export interface SettingsSheetProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly chat: ChatDetails;
  readonly playground: Playground;
}

export function SettingsSheet({ opened, onClose, chat, playground }: SettingsSheetProps) {
  const configure = useSend('chats.configure');
  const { id: chatId, projectId, settings } = chat;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={words.title}
      position="right"
      size={360}
      closeButtonProps={{ 'aria-label': sharedWords.close }}
    >
      <Stack gap="md">
        <SystemPrompt
          key={settings.system}
          system={settings.system}
          onSet={(system) => configure.mutate({ chatId, changes: { system } })}
        />
        <Divider />
        <SamplingInputs sampling={settings.sampling} onSet={(sampling) => configure.mutate({ chatId, changes: { sampling } })} />
        {configure.error ? <Problem error={configure.error} /> : null}
        <Divider />
        <Stack gap="sm" component="section" aria-label={words.memory}>
          <Title order={3} size="h6">
            {words.memory}
          </Title>
          <MemoryInputs projectId={projectId} playground={playground} />
        </Stack>
      </Stack>
    </Drawer>
  );
}

/** Kept when the field is left. */
function SystemPrompt({ system, onSet }: { readonly system: string; readonly onSet: (system: string) => void }) {
  const [text, setText] = useState(system);
  return (
    <Textarea
      label={words.system}
      description={words.systemNote}
      autosize
      minRows={2}
      maxRows={8}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => text !== system && onSet(text)}
    />
  );
}
