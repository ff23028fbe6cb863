/** @file The list of projects, how to make one, and how the program looks. */
import { Button, Divider, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useRequest, useTold } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { NewProjectDialog } from './new-project-dialog.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export interface ProjectsSidebarProps {
  readonly chosenId: number | null;
  readonly onChoose: (id: number) => void;
  readonly onAbout: () => void;
}

export function ProjectsSidebar({ chosenId, onChoose, onAbout }: ProjectsSidebarProps) {
  const [making, setMaking] = useState(false);
  useTold('app.menuChosen', ({ command }) => {
    if (command === 'new-project') setMaking(true);
  });
  return (
    <Stack h="100%" gap={0}>
      <Group justify="space-between" p="sm">
        <Text fw={600}>Projects</Text>
        <Button size="compact-sm" variant="light" onClick={() => setMaking(true)}>
          New
        </Button>
      </Group>
      <ScrollArea flex={1} component="nav" aria-label="Projects">
        <ProjectList chosenId={chosenId} onChoose={onChoose} />
      </ScrollArea>
      <Divider />
      <Stack gap="xs" p="sm">
        <ThemeChoice />
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onAbout}>
          About Prospect
        </Button>
      </Stack>
      <NewProjectDialog opened={making} onClose={() => setMaking(false)} onMade={onChoose} />
    </Stack>
  );
}

function ProjectList({ chosenId, onChoose }: Omit<ProjectsSidebarProps, 'onAbout'>) {
  const projects = useRequest('projects.list');
  if (projects.isError) return <Problem error={projects.error} />;
  if (projects.isPending) return <Loading what="Loading projects" />;
  if (projects.data.length === 0) {
    return (
      <Text c="dimmed" size="sm" px="sm">
        None yet. Press New to make the first.
      </Text>
    );
  }
  return projects.data.map(({ id, name }) => (
    <NavLink
      key={id}
      component="button"
      label={name}
      active={id === chosenId}
      aria-current={id === chosenId ? 'page' : undefined}
      onClick={() => onChoose(id)}
    />
  ));
}
