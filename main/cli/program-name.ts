/** @file What a person types to start the program, as this process was started. */
import { basename, isAbsolute, relative } from 'node:path';

/** Its name in texts. */
export const PROGRAM = 'prospect';

interface Start {
  /** The running script. */
  readonly script: string;
  /** Node as it was called. */
  readonly node: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `prospect` where it is installed under that name, `npm run prospect --` under npm, else Node and the script. */
export function programName({ script, node, cwd, env }: Start): string {
  if (!/^cli\.[jt]s$/.test(basename(script))) return PROGRAM;
  if (env['npm_lifecycle_event'] === 'prospect') return 'npm run prospect --';
  const near = relative(cwd, script);
  return `${node} ${near.startsWith('..') || isAbsolute(near) ? script : near}`;
}
