/** @file Shows how far work on a dataset is. */
import type { WorkOptions, WorkProgress } from '#datasets/work-progress.ts';
import type { CliHost } from '#cli/host.ts';
import { Screen } from '#cli/screen.ts';

/** Passed to the work; `screen` for what is said beside it. */
export function showWork(host: CliHost): { readonly screen: Screen; readonly options: WorkOptions & { readonly signal: AbortSignal } } {
  const screen = new Screen(host);
  const onProgress = ({ stage, rows, share, msLeft }: WorkProgress): void => {
    const label = stage.charAt(0).toUpperCase() + stage.slice(1);
    const percent = Math.floor(share * 100);
    if (rows === 0) screen.progress({ label, done: percent, total: 100, unit: 'percent', msLeft });
    else screen.progress({ label, done: rows, total: share === 1 ? rows : null, unit: 'rows', share, msLeft });
  };
  return { screen, options: { signal: host.signal, onProgress, nowMs: host.nowMs } };
}
