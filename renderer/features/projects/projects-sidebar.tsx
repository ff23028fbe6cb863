/** @file The list of projects, how to make one, and what there is beside them. */
import { Button, Divider, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useRequest, useTold } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { archiveWords } from '#renderer/words/archive.ts';
import { frameWords } from '#renderer/words/frame.ts';
import { preferencesWords } from '#renderer/words/preferences.ts';
import { BringInProject } from './bring-in-project.tsx';
import { NewProjectDialog } from './new-project-dialog.tsx';
import { useOpenedArchives } from './use-opened-archives.ts';

const words = frameWords.projects;

export interface ProjectsSidebarProps {
  readonly chosenId: number | null;
  readonly onChoose: (id: number) => void;
  readonly onOpen: (dialog: 'preferences' | 'about') => void;
}

export function ProjectsSidebar({ chosenId, onChoose, onOpen }: ProjectsSidebarProps) {
  const [making, setMaking] = useState(false);
  const [isBringing, setBringing] = useState(false);
  const [archive, setArchive] = useState('');
  useOpenedArchives((path) => {
    setArchive(path);
    setBringing(true);
  });
  useTold('app.menuChosen', ({ command }) => {
    if (command === 'new-project') setMaking(true);
  });
  return (
    <Stack h="100%" gap={0}>
      <Group justify="space-between" p="sm">
        <Text fw={600}>{words.title}</Text>
        <Button size="compact-sm" variant="light" onClick={() => setMaking(true)}>
          {words.new}
        </Button>
      </Group>
      <ScrollArea flex={1} component="nav" aria-label={words.title}>
        <ProjectList chosenId={chosenId} onChoose={onChoose} />
      </ScrollArea>
      <Divider />
      <Stack gap={4} p="sm">
        <Button size="compact-sm" variant="subtle" color="gray" justify="flex-start" onClick={() => setBringing(true)}>
          {archiveWords.read.openLabel}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" justify="flex-start" onClick={() => onOpen('preferences')}>
          {preferencesWords.open}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" justify="flex-start" onClick={() => onOpen('about')}>
          {frameWords.about.title}
        </Button>
      </Stack>
      <BringInProject
        opened={isBringing}
        path={archive}
        onClose={() => {
          setBringing(false);
          setArchive('');
        }}
        onBrought={onChoose}
      />
      <NewProjectDialog opened={making} onClose={() => setMaking(false)} onMade={onChoose} />
    </Stack>
  );
}

function ProjectList({ chosenId, onChoose }: Omit<ProjectsSidebarProps, 'onOpen'>) {
  const projects = useRequest('projects.list');
  if (projects.isError) return <Problem error={projects.error} />;
  if (projects.isPending) return <Loading what={words.loading} />;
  if (projects.data.length === 0) {
    return (
      <Text c="dimmed" size="sm" px="sm">
        {words.none}
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
