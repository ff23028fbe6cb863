/** @file Archives the program was opened with. */
import { useEffect, useEffectEvent } from 'react';
import { useClient, useTold } from '#renderer/api/hooks.ts';

export function useOpenedArchives(onArchive: (path: string) => void): void {
  const client = useClient();
  const take = async (): Promise<void> => {
    // A window that has no connection yet is told again when it has.
    const { paths } = await client.request('archives.takeOpened').catch(() => ({ paths: [] }));
    const [first] = paths;
    if (first !== undefined) onArchive(first);
  };
  const takeAtFirst = useEffectEvent(() => void take());
  useEffect(() => takeAtFirst(), []);
  useTold('archives.opened', () => void take());
}
