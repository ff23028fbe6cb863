/** @file The hints about a run, asked for again now and then while its curves grow. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RunHint } from '#contract/runs.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import type { RunHistory } from '#renderer/components/curves/run-history.ts';

/** Patterns take many steps to show. */
const ASK_AGAIN_MS = 10_000;

export function useHints(runId: number, history: RunHistory): readonly RunHint[] {
  const queries = useQueryClient();
  const hints = useRequest('runs.listHints', { runId });
  useEffect(() => {
    let asked = history.version;
    const timer = setInterval(() => {
      if (history.version === asked) return;
      asked = history.version;
      void queries.invalidateQueries({ queryKey: ['runs.listHints', { runId }] });
    }, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [history, queries, runId]);
  return hints.data ?? [];
}
