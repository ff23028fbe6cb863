/** @file Asks for a name and makes a project. */
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSend } from '#renderer/api/hooks.ts';

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
    <Modal opened={opened} onClose={close} title="New project" centered>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          placeholder="Reviewer #2"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={create.error?.message}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Create
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
