/** @file Which conversation it is, what can be done with it, and the model that is open. */
import { Button, Group, Menu, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ChatSummary } from '#contract/chats.ts';
import type { Playground } from '#contract/playground.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { ConfirmDialog } from '#renderer/components/confirm-dialog.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { sharedWords } from '#renderer/words/shared.ts';
import { useStartChat } from './use-start-chat.ts';

const words = chatWords.list;

export interface ChatBarProps {
  readonly projectId: number;
  readonly chats: readonly ChatSummary[];
  readonly chosen: ChatSummary;
  readonly playground: Playground;
  readonly onChoose: (chatId: number) => void;
  readonly onSettings: () => void;
}

export function ChatBar({ projectId, chats, chosen, playground: { open, models }, onChoose, onSettings }: ChatBarProps) {
  const { start, isPending, error } = useStartChat(projectId, onChoose);
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const close = (): void => setDialog(null);
  const model = models.find(({ id }) => id === open?.modelId)?.name ?? '';
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={6} wrap="nowrap" miw={0}>
          <NativeSelect
            size="xs"
            w={260}
            aria-label={words.label}
            value={String(chosen.id)}
            onChange={({ currentTarget }) => onChoose(Number(currentTarget.value))}
            data={chats.map((chat) => ({ value: String(chat.id), label: nameOf(chat) }))}
          />
          <Button size="xs" variant="default" loading={isPending} onClick={start} aria-label={words.newLabel}>
            {words.new}
          </Button>
          <Menu>
            <Menu.Target>
              <Button size="xs" variant="subtle" aria-label={words.more} px={8}>
                ⋯
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('rename')}>{words.rename}</Menu.Item>
              <Menu.Item onClick={() => setDialog('delete')}>{words.delete}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
        <Group gap="xs" wrap="nowrap" miw={0}>
          {open ? (
            <Text size="xs" c="dimmed" truncate>
              {chatWords.model.facts(model, open.device, open.weights, open.contextTokens)}
            </Text>
          ) : null}
          <Button size="xs" variant="default" flex="none" onClick={onSettings}>
            {chatWords.sheet.open}
          </Button>
        </Group>
      </Group>
      {error ? <Problem error={error} /> : null}
      {dialog === 'rename' ? <RenameDialog chat={chosen} onClose={close} /> : null}
      <DeleteDialog chat={chosen} opened={dialog === 'delete'} onClose={close} />
    </>
  );
}

function nameOf({ title }: ChatSummary): string {
  return title === '' ? words.untitled : title;
}

function RenameDialog({ chat, onClose }: { readonly chat: ChatSummary; readonly onClose: () => void }) {
  const [title, setTitle] = useState(chat.title);
  const rename = useSend('chats.rename');
  return (
    <Modal opened onClose={onClose} title={chatWords.rename.title} centered closeButtonProps={{ 'aria-label': sharedWords.close }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate({ chatId: chat.id, title }, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={chatWords.rename.name}
            value={title}
            maxLength={120}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          {rename.error ? <Problem error={rename.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {sharedWords.cancel}
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={title.trim() === ''}>
              {chatWords.rename.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function DeleteDialog({ chat, opened, onClose }: { readonly chat: ChatSummary; readonly opened: boolean; readonly onClose: () => void }) {
  const remove = useSend('chats.delete');
  const { title, text, confirm } = chatWords.remove;
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={title(nameOf(chat))}
      confirm={confirm}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ chatId: chat.id }, { onSuccess: onClose })}
    >
      {text}
    </ConfirmDialog>
  );
}
