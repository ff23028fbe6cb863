/** @file The history of a run on a screen: read page by page, then kept up to date by what main tells. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { EventPayload, RequestOutput } from '#contract/index.ts';
import type { RunSteps } from '#contract/run-progress.ts';
import type { Client } from '#renderer/api/client.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { RunHistory } from './run-history.ts';

const SHOW_EVERY_MS = 250;

export interface LoadedHistory {
  readonly history: RunHistory;
  readonly isLoading: boolean;
  readonly error: Error | null;
}

interface Loading extends LoadedHistory {
  readonly runId: number;
}

/** Begins anew when the connection was lost, since what was told meanwhile is unknown. */
export function useRunHistory(runId: number): LoadedHistory {
  const runIds = useMemo(() => [runId], [runId]);
  return useRunHistories(runIds)[0] ?? begun(runId);
}

/** Likewise of several runs, in their order. @param runIds - the same list as long as they are the same */
export function useRunHistories(runIds: readonly number[]): readonly LoadedHistory[] {
  const client = useClient();
  const [states, setStates] = useState<ReadonlyMap<number, Loading>>(new Map());
  useEffect(() => {
    const setState = (state: Loading): void => setStates((before) => new Map([...before, [state.runId, state]]));
    const followAll = (): (() => void)[] => runIds.map((runId) => follow(client, runId, setState));
    let ends = followAll();
    let wasLost = false;
    const unsubscribe = client.connection.subscribe(() => {
      const now = client.connection.current();
      if (now === 'open' && wasLost) {
        ends.forEach((end) => end());
        ends = followAll();
      }
      wasLost = now === 'lost';
    });
    return () => {
      ends.forEach((end) => end());
      unsubscribe();
    };
  }, [client, runIds]);
  // Until the effect has begun anew, what is there may belong to other runs.
  return useMemo(() => runIds.map((runId) => states.get(runId) ?? begun(runId)), [runIds, states]);
}

/** Shows again whenever the history has changed. @returns its version */
export function useHistoryVersion(history: RunHistory): number {
  return useSyncExternalStore(history.subscribe, () => history.version);
}

function begun(runId: number): Loading {
  return { runId, history: new RunHistory(), isLoading: true, error: null };
}

/** @returns how to end it */
function follow(client: Client, runId: number, setState: (state: Loading) => void): () => void {
  const state = begun(runId);
  const { history } = state;
  const ended = new AbortController();
  /** Told while pages are read, which come first. */
  let told: EventPayload<'runs.progressed'>[] | null = [];
  /** Comes ten times a second, which is more often than anyone can read. */
  let waiting: RunSteps[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    timer = null;
    if (waiting.length > 0) history.addSteps(waiting);
    waiting = [];
  };
  const take = ({ goesOnAfterStep, steps }: EventPayload<'runs.progressed'>): void => {
    if (goesOnAfterStep !== null) {
      flush();
      history.cutAfter(goesOnAfterStep);
    }
    waiting.push(...steps);
    if (waiting.length > 0) timer ??= setTimeout(flush, SHOW_EVERY_MS);
  };
  const unsubscribe = client.on('runs.progressed', (progress) => {
    if (progress.runId !== runId) return;
    if (told) told.push(progress);
    else take(progress);
  });
  /** What comes is shown whether or not what was could be read. */
  const settle = (error: Error | null): void => {
    for (const progress of told ?? []) take(progress);
    told = null;
    if (!ended.signal.aborted) setState({ ...state, isLoading: false, error });
  };
  setState(state);
  readPages(client, state, ended.signal).then(
    () => settle(null),
    (error: unknown) => settle(error instanceof Error ? error : new Error(String(error))),
  );
  return () => {
    ended.abort();
    if (timer !== null) clearTimeout(timer);
    unsubscribe();
  };
}

/** Everything that was measured until now. */
async function readPages(client: Client, { runId, history }: Loading, signal: AbortSignal): Promise<void> {
  for (let fromStep: number | null = 0; fromStep !== null && !signal.aborted;) {
    const page: RequestOutput<'runs.readMetrics'> = await client.request('runs.readMetrics', { runId, fromStep });
    if (signal.aborted) return;
    history.addSeries(page.series);
    fromStep = page.nextStep;
  }
}
