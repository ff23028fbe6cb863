/** @file How far long work is: what it is, how much, how fast, how long still, and how to cancel it. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { Task } from '#contract/tasks.ts';
import { sharedWords } from '#renderer/words/shared.ts';

export interface TaskProgressProps {
  readonly task: Task;
  readonly onCancel: () => void;
}

export function TaskProgress({ task, onCancel }: TaskProgressProps) {
  const { title, share: part, cancelling } = task;
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Text fw={500} truncate>
          {title}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onCancel} disabled={cancelling}>
          {cancelling ? sharedWords.cancelling : sharedWords.cancel}
        </Button>
      </Group>
      <Progress.Root size="sm" transitionDuration={100}>
        <Progress.Section
          value={part === null ? 100 : part * 100}
          animated={part === null}
          striped={part === null}
          aria-label={title}
          aria-valuetext={sharedWords.progress(task)}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" ff="text" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {sharedWords.progress(task)}
      </Text>
    </Stack>
  );
}
