/** @file Electron's program, which npm does not install: the package fetches it when it is first wanted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** On a slow line; where nothing answers, it fails sooner by itself. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** @returns its path, or null if it is not here; nothing is fetched, as requiring the package would */
export function findElectron(root: string, env: Readonly<Record<string, string | undefined>>): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const name = readName(join(folder, 'path.txt'));
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) return existing(join(override, name ?? 'electron'));
  return name === null ? null : existing(join(folder, 'dist', name));
}

/** @returns whether it worked */
export async function installElectron(root: string): Promise<boolean> {
  const script = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(script)) return false;
  const child = spawn(process.execPath, [script], { stdio: 'ignore', timeout: INSTALL_TIMEOUT_MS });
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return exitCode === 0;
  } catch {
    return false;
  }
}

function readName(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null;
}
