/** @file The long work of a project that goes on, whichever window or step began it. */
import { Paper, Stack } from '@mantine/core';
import { useClient } from '#renderer/api/hooks.ts';
import { useTasks } from '#renderer/api/use-task.ts';
import { TaskProgress } from './task-progress.tsx';

export function ProjectTasks({ projectId }: { readonly projectId: number }) {
  const client = useClient();
  const tasks = useTasks().filter((task) => task.projectId === projectId && !task.waiting);
  if (tasks.length === 0) return null;
  return (
    <Stack gap="xs">
      {tasks.map((task) => (
        <Paper key={task.id} withBorder p="sm">
          <TaskProgress task={task} onCancel={() => void client.request('tasks.cancel', { id: task.id })} />
        </Paper>
      ))}
    </Stack>
  );
}
