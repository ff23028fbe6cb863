/** @file Where converted weights are kept when nobody says so. */
import { isAbsolute, join } from 'node:path';
import type { CliHost } from './host.ts';

/** PROSPECT_DATA_DIR, or the folder that the system has for caches. */
export function defaultCacheFolder({ env, platform, homeDir }: Pick<CliHost, 'env' | 'platform' | 'homeDir'>): string {
  const chosen = env['PROSPECT_DATA_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (platform === 'darwin') return join(homeDir, 'Library', 'Caches', 'Prospect');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homeDir, 'AppData', 'Local'), 'Prospect', 'Cache');
  // The XDG standard says that a relative path there is to be ignored.
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDir, '.cache'), 'prospect');
}
