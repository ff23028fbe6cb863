/** @file Files the program was opened with ("Open with Prospect"). */
import { useEffect, useEffectEvent } from 'react';
import type { FileReference } from '#contract/files.ts';
import { useClient, useTold } from '#renderer/api/hooks.ts';

export function useOpenedFiles(onFiles: (files: readonly FileReference[]) => void): void {
  const client = useClient();
  const take = async (): Promise<void> => {
    // A window that has no connection yet is told again when it has.
    const { paths } = await client.request('files.takeOpened').catch(() => ({ paths: [] }));
    if (paths.length > 0) onFiles(paths.map((path) => ({ path })));
  };
  const takeAtFirst = useEffectEvent(() => void take());
  useEffect(() => takeAtFirst(), []);
  useTold('files.opened', () => void take());
}
