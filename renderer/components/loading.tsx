/** @file What is shown until an answer is there: in words, and about as large as what will come. */
import { Skeleton, Stack, Text } from '@mantine/core';

/** @param what - a sentence's beginning: "Loading the steps" */
export function Loading({ what, height = 36 }: { readonly what: string; readonly height?: number }) {
  return (
    <Stack gap={4} role="progressbar" aria-label={what}>
      <Text size="sm" c="dimmed" aria-hidden>
        {what}…
      </Text>
      <Skeleton height={height} aria-hidden />
    </Stack>
  );
}
