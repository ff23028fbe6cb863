/** @file The screen of a step that something else comes before: what it will be, why it is not yet, and the way there. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { stepsWords } from '#renderer/words/steps.ts';
import type { StepScreenProps } from './step-screen.ts';

export interface BlockedStepProps extends Pick<StepScreenProps, 'step' | 'goTo'> {
  readonly title: string;
  /** What will be here. */
  readonly about: string;
}

export function BlockedStep({ step: { note, first }, goTo, title, about }: BlockedStepProps) {
  return (
    <Stack align="center" justify="center" gap="xs" mih="50vh">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={480}>
        {about}
      </Text>
      <Text ta="center">{note}</Text>
      {first === null ? null : (
        <Button variant="light" mt="xs" onClick={() => goTo(first)}>
          {stepsWords.goTo(stepsWords.titles[first])}
        </Button>
      )}
    </Stack>
  );
}
