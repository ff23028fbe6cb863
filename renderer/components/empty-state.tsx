/** @file What an empty screen says: that it is empty, and what to do next. */
import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function EmptyState({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="xs" mih="60vh">
      <Title order={1} size="h4">
        {title}
      </Title>
      <Text c="dimmed">{children}</Text>
    </Stack>
  );
}
