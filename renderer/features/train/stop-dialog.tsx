/** @file Asks what stopping means: save and go on later, or throw away. Throwing away is asked twice. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { trainWords } from '#renderer/words/train.ts';

export interface StopDialogProps {
  readonly run: { readonly id: number; readonly name: string };
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function StopDialog({ run: { id, name }, opened, onClose }: StopDialogProps) {
  const words = trainWords.stopDialog;
  const [sure, setSure] = useState(false);
  const stop = useSend('runs.stop');
  const discard = useSend('runs.discard');
  const close = (): void => {
    setSure(false);
    onClose();
  };
  const error = stop.error ?? discard.error;
  return (
    <Modal opened={opened} onClose={close} title={words.title(name)} size="lg" centered>
      <Text size="sm">{words.text}</Text>
      {error ? <Problem error={error} /> : null}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={close} data-autofocus>
          {words.cancel}
        </Button>
        <Button
          color="red"
          variant={sure ? 'filled' : 'light'}
          loading={discard.isPending}
          onClick={() => (sure ? discard.mutate({ runId: id }, { onSuccess: close }) : setSure(true))}
        >
          {sure ? words.confirm : words.discard}
        </Button>
        <Button loading={stop.isPending} onClick={() => stop.mutate({ runId: id }, { onSuccess: close })}>
          {words.save}
        </Button>
      </Group>
    </Modal>
  );
}
