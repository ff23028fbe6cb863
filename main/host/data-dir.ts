/** @file Which folder holds everything of a person: the same for the window, the browser host and the command line. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export interface DataDirSurroundings {
  /** What was asked for on the command line; relative to the working folder. */
  readonly chosen?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir?: string;
}

/** What follows `--data-dir` (or `--data-dir=`) among the words of a command line that holds others, too. */
export function dataDirArgument(argv: readonly string[]): string | undefined {
  const joined = argv.find((word) => word.startsWith('--data-dir='));
  if (joined !== undefined) return joined.slice('--data-dir='.length);
  const at = argv.indexOf('--data-dir');
  return at === -1 ? undefined : argv[at + 1];
}

/** @returns absolute; need not exist */
export function dataDirFor({ chosen, env, platform, homeDir = homedir() }: DataDirSurroundings): string {
  const asked = chosen ?? env['PROSPECT_DATA_DIR'];
  if (asked) return resolve(asked);
  if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'Prospect');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homeDir, 'AppData', 'Roaming'), 'Prospect');
  // The XDG standard says that a relative path there is to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(homeDir, '.local', 'share'), 'prospect');
}
