/** @file One project: its name, and below it the steps from data to export. */
import { Text, Title } from '@mantine/core';
import type { Project } from '#contract/projects.ts';

export function ProjectScreen({ project }: { readonly project: Project }) {
  return (
    <>
      <Title order={1} size="h3">
        {project.name}
      </Title>
      <Text c="dimmed">Nothing here yet.</Text>
    </>
  );
}
