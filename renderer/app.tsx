/** @file The whole page: its providers, and the frame around the screens. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Client } from '#renderer/api/client.ts';
import { ClientContext } from '#renderer/api/hooks.ts';
import { keepFresh } from '#renderer/api/stale-after.ts';
import { Frame } from './frame.tsx';
import { cssVariables, theme } from './theme.ts';

export interface AppProps {
  readonly client: Client;
  readonly queries: QueryClient;
  /** Of the page's policy; empty where there is none. */
  readonly nonce: string;
}

export function App({ client, queries, nonce }: AppProps) {
  useEffect(() => keepFresh(client, queries), [client, queries]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <ClientContext value={client}>
          <Frame />
        </ClientContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
