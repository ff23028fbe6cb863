/** @file Asks for a name and makes a project. */
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSend } from '#renderer/api/hooks.ts';
import { frameWords } from '#renderer/words/frame.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const words = frameWords.projects;

export interface NewProjectDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: (id: number) => void;
}

export function NewProjectDialog({ opened, onClose, onMade }: NewProjectDialogProps) {
  const [name, setName] = useState('');
  const create = useSend('projects.create');
  const close = (): void => {
    setName('');
    create.reset();
    onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate(
      { name },
      {
        onSuccess: ({ id }) => {
          onMade(id);
          close();
        },
      },
    );
  };
  return (
    <Modal opened={opened} onClose={close} title={words.dialog} centered>
      <form onSubmit={submit}>
        <TextInput
          label={words.name}
          placeholder={words.example}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={create.error?.message}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            {sharedWords.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            {words.create}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
