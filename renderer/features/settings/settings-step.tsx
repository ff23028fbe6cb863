/** @file Settings: the screen of its step. */
import { Text } from '@mantine/core';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';

export function SettingsStep({ step }: StepScreenProps) {
  return <Text c="dimmed">{step.note}</Text>;
}
