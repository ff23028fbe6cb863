/** @file How screens ask: a request is a query or a mutation, named and typed by the contract. */
import { keepPreviousData, useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { InternalError, type AppError } from '#contract/errors.ts';
import type { EventName, EventPayload, InputArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import type { Client, ConnectionState } from './client.ts';

export const ClientContext = createContext<Client | null>(null);

/** @throws {InternalError} outside an App */
export function useClient(): Client {
  const client = use(ClientContext);
  if (!client) throw new InternalError('A screen was shown outside the app.');
  return client;
}

/** What a request answers, asked for again when an event of `stale-after.ts` says that it changed. */
export function useRequest<N extends RequestName>(name: N, ...input: InputArguments<N>): UseQueryResult<RequestOutput<N>, AppError> {
  const client = useClient();
  return useQuery({ queryKey: [name, ...input], queryFn: () => client.request(name, ...input) });
}

/**
 * What a request answers that takes long, and depends on more than its input: asked anew whenever `dependsOn` changes, even while the last answer
 * is awaited, which then is no answer any more. Until the new one is there, the last one is shown.
 */
export function useRequestOf<N extends RequestName>(
  name: N,
  { input, dependsOn }: { readonly input: RequestInput<N>; readonly dependsOn: unknown },
): UseQueryResult<RequestOutput<N>, AppError> {
  const client = useClient();
  return useQuery({
    queryKey: [name, input, dependsOn],
    queryFn: () => client.request(name, ...([input] as unknown as InputArguments<N>)),
    placeholderData: keepPreviousData,
  });
}

/** A request that changes something: `const create = useSend('projects.create'); create.mutate({ name })`. */
export function useSend<N extends RequestName>(name: N): UseMutationResult<RequestOutput<N>, AppError, RequestInput<N>> {
  const client = useClient();
  return useMutation({ mutationFn: (input: RequestInput<N>) => client.request(name, ...([input] as unknown as InputArguments<N>)) });
}

/** Calls the newest `listener` whenever main tells the event. */
export function useTold<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const client = useClient();
  const onTold = useEffectEvent(listener);
  useEffect(() => client.on(name, (payload) => onTold(payload)), [client, name]);
}

export function useConnection(): ConnectionState {
  const { connection } = useClient();
  return useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.current(),
  );
}
