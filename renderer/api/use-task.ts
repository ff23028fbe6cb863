/** @file A request that takes long, and all work that goes on: how far it is, whichever window began it. */
import { useState } from 'react';
import { AppError } from '#contract/errors.ts';
import type { InputArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import type { Task } from '#contract/tasks.ts';
import { useClient, useRequest, useTold } from './hooks.ts';

/** Requests that name a task. */
export type TaskRequestName = { [N in RequestName]: RequestInput<N> extends { readonly task: string } ? N : never }[RequestName];

export interface TaskRequest<N extends TaskRequestName> {
  readonly isRunning: boolean;
  /** Of the last time; null if it was cancelled, too. */
  readonly error: AppError | null;
  /** @returns what it gave, or null if it failed (`error` says why) or was cancelled */
  readonly start: (input: Omit<RequestInput<N>, 'task'>) => Promise<RequestOutput<N> | null>;
  /** Forgets the error. */
  readonly reset: () => void;
}

export function useTask<N extends TaskRequestName>(name: N): TaskRequest<N> {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  return {
    isRunning,
    error,
    async start(input) {
      setIsRunning(true);
      setError(null);
      try {
        return await client.request(name, ...([{ ...input, task: crypto.randomUUID() }] as unknown as InputArguments<N>));
      } catch (reason) {
        if (!(reason instanceof AppError)) throw reason;
        if (reason.code !== 'cancelled') setError(reason);
        return null;
      } finally {
        setIsRunning(false);
      }
    },
    reset: () => setError(null),
  };
}

/** All work that goes on, whichever window began it. */
export function useTasks(): readonly Task[] {
  const first = useRequest('tasks.list');
  const [told, setTold] = useState<readonly Task[] | null>(null);
  useTold('tasks.changed', ({ tasks }) => setTold(tasks));
  return told ?? first.data ?? [];
}
