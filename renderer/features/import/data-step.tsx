/** @file Data: the screen of its step. */
import { Text } from '@mantine/core';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';

export function DataStep({ step }: StepScreenProps) {
  return <Text c="dimmed">{step.note}</Text>;
}
