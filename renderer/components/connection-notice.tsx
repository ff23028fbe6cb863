/** @file Says when there is no connection to main, which only a browser can lose. */
import { Alert } from '@mantine/core';
import type { ConnectionState } from '#renderer/api/client.ts';
import { useConnection } from '#renderer/api/hooks.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const WORDS: Readonly<Record<ConnectionState, string | null>> = {
  connecting: null,
  open: null,
  lost: sharedWords.connectionLost,
  refused: sharedWords.linkRefused,
};

export function ConnectionNotice() {
  const words = WORDS[useConnection()];
  if (words === null) return null;
  return (
    <Alert color="orange" role="status" mb="md">
      {words}
    </Alert>
  );
}
