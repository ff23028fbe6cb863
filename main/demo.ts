/** @file `npm run demo`: aligns the starter model on the Reviewer #2 data with KTO and DPO, and shows what came of it. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SettingsError } from '#contract/errors.ts';
import { reportError } from '#cli/report-error.ts';
import { Screen } from '#cli/screen.ts';
import { stopOnSignals } from '#cli/stop-on-signals.ts';
import { reportJson, reportLines } from '#demo/demo-report.ts';
import { runDemo } from '#demo/run-demo.ts';
import { dataDirFor } from '#host/data-dir.ts';
import { forkChild } from '#processes/fork-child.ts';

/** Two and a half minutes on two cores. */
const STEPS = '160';
const PROMPTS = '100';

const stop = new AbortController();
stopOnSignals(process, stop);
const screen = new Screen({ stdout: process.stdout, stderr: process.stderr, nowMs: () => performance.now() });
try {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      steps: { type: 'string', default: STEPS },
      prompts: { type: 'string', default: PROMPTS },
      'data-dir': { type: 'string' },
    },
  });
  const startedMs = performance.now();
  const result = await runDemo({
    dataFolder: dataDirFor({ chosen: values['data-dir'], env: process.env, platform: process.platform, homeDir: homedir() }),
    resourcesDir: join(import.meta.dirname, '../resources'),
    spawnJob: forkChild(join(import.meta.dirname, 'jobs/worker.ts'), (text) => screen.remark(text.trim())),
    steps: wholeNumber('steps', values.steps),
    prompts: wholeNumber('prompts', values.prompts),
    signal: stop.signal,
    onProgress: (progress) => screen.progress(progress),
    say: (line) => screen.remark(line),
  });
  const seconds = (performance.now() - startedMs) / 1000;
  for (const line of reportLines(result)) screen.result(line);
  screen.result(values.json ? reportJson(result, seconds) : `Done in ${Math.round(seconds)} s.`);
} catch (error) {
  screen.clear();
  const { text, exitCode } = reportError(error, { signal: stop.signal, verbose: process.argv.includes('--verbose') });
  if (text !== null) process.stderr.write(text);
  process.exitCode = exitCode;
}

/** @throws {SettingsError} */
function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new SettingsError(`--${name} must be a whole number of at least 1; it is ${text}.`, { field: name });
}
