/** @file The desktop of a browser host: on this machine it may have a file manager, on a remote one it has none, and it never has dialogs. */
import { spawn } from 'node:child_process';
import type { Desktop } from '#ipc/services.ts';

export interface DesktopSurroundings {
  readonly platform: NodeJS.Platform;
  /** Whether this process can show anything. */
  readonly hasDisplay: boolean;
}

export function browserDesktop({ platform, hasDisplay }: DesktopSurroundings): Desktop {
  const open = (path: string): Promise<boolean> => (hasDisplay ? openWithSystem(platform, path) : Promise.resolve(false));
  return { reveal: open, open, pick: () => Promise.resolve(null), pickTarget: () => Promise.resolve(null) };
}

/** @returns whether the system's opener was found */
function openWithSystem(platform: NodeJS.Platform, path: string): Promise<boolean> {
  const [command, ...words] = openerOf(platform);
  const child = spawn(command, [...words, path], { detached: true, stdio: 'ignore' });
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  return ['xdg-open'];
}
