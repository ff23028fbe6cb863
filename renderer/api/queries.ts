/** @file How answers are kept: main is on this machine, so nothing is asked twice without a reason and nothing is tried again by itself. */
import { QueryClient } from '@tanstack/react-query';

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The browser's idea of being offline says nothing about a connection inside this machine.
      queries: { networkMode: 'always', retry: false, staleTime: Infinity, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
