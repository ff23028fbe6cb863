/** @file The rows of a version page by page, as they come into sight; a version never changes, so a page is asked for once. */
import { useQueries } from '@tanstack/react-query';
import type { ShownRow } from '#contract/rows.ts';
import { useClient } from './hooks.ts';

/** More than a window shows. */
const PAGE_ROWS = 100;
/** A page that was scrolled away is forgotten, so that a million rows don't end up in memory. */
const KEPT_MS = 30_000;

export interface Rows {
  /** Undefined while it is not there yet. Asking for a row brings its page. */
  readonly rowAt: (index: number) => ShownRow | undefined;
  readonly error: Error | null;
}

/** @param first, last - indices in sight */
export function useRows(versionId: number, { first, last }: { readonly first: number; readonly last: number }): Rows {
  const client = useClient();
  const pages = Array.from(
    { length: Math.floor(last / PAGE_ROWS) - Math.floor(first / PAGE_ROWS) + 1 },
    (_, offset) => Math.floor(first / PAGE_ROWS) + offset,
  );
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['datasets.readRows', { versionId, page }],
      queryFn: () => client.request('datasets.readRows', { versionId, from: page * PAGE_ROWS, count: PAGE_ROWS }),
      gcTime: KEPT_MS,
    })),
  });
  const byPage = new Map(pages.map((page, index) => [page, results[index]?.data?.rows]));
  return {
    rowAt: (index) => byPage.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    error: results.find(({ error }) => error !== null)?.error ?? null,
  };
}
