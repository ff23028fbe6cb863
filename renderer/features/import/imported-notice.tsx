/** @file What an import gave: how many rows, how many were repaired, skipped and left out, and what to know about the files. */
import { Alert, Text } from '@mantine/core';
import { useState } from 'react';
import type { Imported } from '#contract/imports.ts';
import { importWords } from '#renderer/words/import.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const words = importWords.done;

export function ImportedNotice({ imported }: { readonly imported: Imported }) {
  const [closed, setClosed] = useState(false);
  if (closed) return null;
  const { fixedRows, skippedRows, leftOut, notes } = imported;
  const sentences = [
    ...(fixedRows > 0 ? [words.fixed(fixedRows)] : []),
    ...(skippedRows > 0 ? [words.skipped(skippedRows)] : []),
    ...leftOut.map(({ count, reason }) => words.leftOut(count, reason)),
    ...notes,
  ];
  return (
    <Alert
      color="teal"
      role="status"
      title={words.title(imported)}
      // Mantine's own has too little contrast on the light ground.
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      py="xs"
      withCloseButton
      closeButtonLabel={sharedWords.close}
      onClose={() => setClosed(true)}
    >
      {sentences.length === 0 ? null : <Text size="sm">{sentences.join(' ')}</Text>}
    </Alert>
  );
}
