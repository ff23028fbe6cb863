/** @file One project: its name, its steps from data to export, and the screen of the chosen one. */
import { Box, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import type { Project } from '#contract/projects.ts';
import { StepName, type Step } from '#contract/steps.ts';
import { useRequest, useTold } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { ProjectTasks } from '#renderer/components/project-tasks.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { ProjectMenu } from '#renderer/features/projects/project-menu.tsx';
import { stepsWords } from '#renderer/words/steps.ts';
import { StepBar } from './wizard/step-bar.tsx';
import { STEP_SCREENS } from './wizard/step-registry.ts';

export interface ProjectScreenProps {
  readonly project: Project;
  /** Shows another project. */
  readonly onChoose: (id: number) => void;
}

export function ProjectScreen({ project, onChoose }: ProjectScreenProps) {
  const steps = useRequest('steps.list', { projectId: project.id });
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Title order={1} size="h3" lineClamp={1}>
          {project.name}
        </Title>
        <Group gap="sm" wrap="nowrap">
          <ProjectMenu project={project} onChoose={onChoose} />
        </Group>
      </Group>
      {steps.isError ? <Problem error={steps.error} /> : null}
      {steps.isPending ? <Loading what={stepsWords.loading} /> : null}
      {steps.data ? <Steps project={project} steps={steps.data} /> : null}
    </Stack>
  );
}

function Steps({ project, steps }: { readonly project: Project; readonly steps: readonly Step[] }) {
  const [chosen, choose] = useKeptState(`step of project ${project.id}`, (text) => StepName.safeParse(text).data ?? null);
  // Remembered: what becomes done while a person looks at it must not take them elsewhere.
  const [first] = useState(() => firstToDo(steps));
  useTold('files.opened', () => choose('data'));
  useTold('app.menuChosen', ({ command }) => {
    if (command === 'import') choose('data');
  });
  const step = steps.find(({ name }) => name === (chosen ?? first));
  if (!step) return null;
  const Screen = STEP_SCREENS[step.name];
  return (
    <>
      <StepBar steps={steps} current={step.name} onChoose={choose} />
      <ProjectTasks projectId={project.id} />
      <Box component="section" aria-label={stepsWords.titles[step.name]}>
        <Screen project={project} step={step} goTo={choose} />
      </Box>
    </>
  );
}

/** Where a person goes on who opens a project. */
function firstToDo(steps: readonly Step[]): StepName {
  return steps.find(({ state }) => state === 'open')?.name ?? 'data';
}
