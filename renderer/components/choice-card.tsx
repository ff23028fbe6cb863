/** @file One of several ways, as a card that says what it is for. Stands in a Radio.Group. */
import { Group, Radio, Stack, Text } from '@mantine/core';
import classes from './choice-card.module.css';

export interface ChoiceCardProps {
  readonly value: string;
  readonly title: string;
  readonly about: string;
  /** Why it can't be chosen, instead of what it is for; null if it can. */
  readonly problem?: string | null;
}

export function ChoiceCard({ value, title, about, problem = null }: ChoiceCardProps) {
  return (
    <Radio.Card value={value} className={classes.card} disabled={problem !== null} p="sm" radius="md">
      <Group wrap="nowrap" align="flex-start" gap="xs">
        <Radio.Indicator mt={3} size="xs" disabled={problem !== null} />
        <Stack gap={2}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="xs" c="dimmed" lh={1.45}>
            {problem ?? about}
          </Text>
        </Stack>
      </Group>
    </Radio.Card>
  );
}
