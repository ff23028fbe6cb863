/** @file The browser host: the window's services, served to a browser on this machine. Prints its link as a line of its own. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything large is imported: what is imported later starts in half the time.
enableCompileCache();

const { endOnSignals } = await import('#browser/end-on-signals.ts');
const { parseHostOptions } = await import('#browser/host-options.ts');
const { tellFailure } = await import('#browser/tell-failure.ts');

try {
  const { dataDir, port, open } = parseHostOptions(process.argv.slice(2));
  const { runBrowserHost } = await import('#browser/run-browser-host.ts');
  const host = await runBrowserHost({
    chosenDataDir: dataDir,
    port,
    open,
    env: process.env,
    platform: process.platform,
    distFolder: fileURLToPath(new URL('.', import.meta.url)),
  });
  endOnSignals(process, () => host.close());
  process.stdout.write(`${host.url}\n`);
} catch (error) {
  process.exitCode = tellFailure(error, process.stderr);
}
