/** @file Asks before something is done that can't be taken back; says what goes with it. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { sharedWords } from '#renderer/words/shared.ts';
import { Problem } from './problem.tsx';

export interface ConfirmDialogProps {
  readonly opened: boolean;
  /** A question. */
  readonly title: string;
  /** What happens. */
  readonly children: ReactNode;
  /** Names what is done: "Delete dataset". */
  readonly confirm: string;
  readonly isPending?: boolean;
  readonly error?: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({
  opened,
  title,
  children,
  confirm,
  isPending = false,
  error = null,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Stack gap="md">
        <Text component="div" size="sm">
          {children}
        </Text>
        {error ? <Problem error={error} /> : null}
        <Group justify="flex-end">
          {/* What does nothing has the focus. */}
          <Button variant="default" onClick={onClose} data-autofocus>
            {sharedWords.cancel}
          </Button>
          <Button color="red.9" onClick={onConfirm} loading={isPending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
