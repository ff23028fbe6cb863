/** @file Asks for a name, and says at the name why it can't be. */
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { sharedWords } from '#renderer/words/shared.ts';

export interface NameDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly label: string;
  /** What is proposed. */
  readonly name?: string;
  readonly example?: string;
  /** Names what is done: "Create". */
  readonly confirm: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: (name: string) => void;
  readonly onClose: () => void;
}

/** What was typed is forgotten when it is closed. */
export function NameDialog({ opened, title, onClose, ...form }: NameDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <NameForm {...form} onClose={onClose} />
    </Modal>
  );
}

function NameForm({
  label,
  name: proposed = '',
  example,
  confirm,
  isPending,
  error,
  onConfirm,
  onClose,
}: Omit<NameDialogProps, 'opened' | 'title'>) {
  const [name, setName] = useState(proposed);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onConfirm(name);
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={label}
        placeholder={example}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={error?.message}
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {sharedWords.cancel}
        </Button>
        <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
          {confirm}
        </Button>
      </Group>
    </form>
  );
}
