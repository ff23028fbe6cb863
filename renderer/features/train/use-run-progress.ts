/** @file What a run tells while it is under way: how far it is, its log and its samples. */
import { useEffect, useMemo, useState } from 'react';
import type { LogLine, RunLive, RunSample } from '#contract/run-progress.ts';
import type { RunDetails } from '#contract/runs.ts';
import { useRequest, useTold } from '#renderer/api/hooks.ts';

/** The newest of what the run said by itself and what was asked for. */
export function useLive({ id, live, status }: Pick<RunDetails, 'id' | 'live' | 'status'>): RunLive | null {
  const [told, setTold] = useState<{ readonly id: number; readonly live: RunLive } | null>(null);
  useTold('runs.progressed', (progress) => {
    if (progress.runId === id) setTold({ id, live: progress.live });
  });
  const isUnderWay = status === 'running' || status === 'paused';
  // What was told by an earlier process says nothing about this one.
  useEffect(() => {
    if (!isUnderWay) setTold(null);
  }, [isUnderWay]);
  if (!isUnderWay) return null;
  return told?.id === id ? told.live : live;
}

export function useLog(runId: number): { readonly lines: readonly LogLine[]; readonly isLoading: boolean } {
  const read = useRequest('runs.readLog', { runId });
  const [told, setTold] = useState<{ readonly runId: number; readonly lines: readonly LogLine[] }>({ runId, lines: [] });
  useTold('runs.progressed', (progress) => {
    if (progress.runId !== runId || progress.lines.length === 0) return;
    setTold((before) => ({ runId, lines: [...(before.runId === runId ? before.lines : []), ...progress.lines] }));
  });
  const { data, isPending } = read;
  const lines = useMemo(() => {
    const known = new Set((data ?? []).map(({ at, text }) => `${at} ${text}`));
    const fresh = told.runId === runId ? told.lines.filter(({ at, text }) => !known.has(`${at} ${text}`)) : [];
    return [...(data ?? []), ...fresh];
  }, [data, told, runId]);
  return { lines, isLoading: isPending };
}

export function useSamples(runId: number): readonly RunSample[] {
  const read = useRequest('runs.listSamples', { runId });
  const [told, setTold] = useState<{ readonly runId: number; readonly samples: readonly RunSample[] }>({ runId, samples: [] });
  useTold('runs.progressed', (progress) => {
    if (progress.runId !== runId || progress.samples.length === 0) return;
    setTold((before) => ({ runId, samples: [...(before.runId === runId ? before.samples : []), ...progress.samples] }));
  });
  const { data } = read;
  return useMemo(() => {
    // One answer a prompt and step: a run that goes on from a checkpoint answers again.
    const byPlace = new Map<string, RunSample>();
    for (const sample of [...(data ?? []), ...(told.runId === runId ? told.samples : [])]) {
      byPlace.set(`${sample.step} ${sample.prompt}`, sample);
    }
    return [...byPlace.values()].sort((a, b) => a.step - b.step);
  }, [data, told, runId]);
}
