/** @file Files the program was opened with ("Open with Prospect"). */
import { useEffect, useEffectEvent } from 'react';
import type { FileReference } from '#contract/files.ts';
import { useClient, useTold } from '#renderer/api/hooks.ts';

export function useOpenedFiles(onFiles: (files: readonly FileReference[]) => void): void {
  const client = useClient();
  const take = async (): Promise<void> => {
    const { paths } = await client.request('files.takeOpened');
    if (paths.length > 0) onFiles(paths.map((path) => ({ path })));
  };
  const takeAtFirst = useEffectEvent(() => void take());
  useEffect(() => takeAtFirst(), []);
  useTold('files.opened', () => void take());
}
