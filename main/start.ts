/** @file `npm start`: builds what is out of date and opens the window: Electron's, or where that can't be, a browser's. */
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '#start/build.ts';
import { chooseHost } from '#start/choose-host.ts';
import { hasDisplay } from '#host/has-display.ts';
import { parseStartOptions } from '#start/options.ts';
import { runElectron } from '#start/run-electron.ts';
import { AppError } from '#contract/errors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  const options = parseStartOptions(process.argv.slice(2));
  buildIfStale(ROOT, say);
  const choice = await chooseHost({ wantsBrowser: options.browser, root: ROOT, env: process.env, platform: process.platform, say });
  const failure = choice.kind === 'electron' ? await runElectron(choice.path, { root: ROOT, dataDir: options.dataDir }) : choice.why;
  if (failure !== null) await serveBrowser(failure, options);
} catch (error) {
  say(`prospect: ${error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error)}`);
  process.exitCode = error instanceof AppError && error.code === 'settings' ? 2 : 1;
}

async function serveBrowser(why: string, { browser, dataDir, port }: ReturnType<typeof parseStartOptions>): Promise<void> {
  if (why !== '') say(`${why} Prospect's window opens in a browser instead, at the address below. Ctrl+C ends it.`);
  const open = !browser && hasDisplay(process.platform, process.env);
  const words = [
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(port === undefined ? [] : ['--port', port]),
    ...(open ? ['--open'] : []),
  ];
  // In this process, which is ready sooner than another; it reads its words as if it had been started with them.
  process.argv.splice(2, Infinity, ...words);
  await import(new URL('../dist/browser-host.js', import.meta.url).href);
}
