/** @file The `prospect` command: gives the command line its process. */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CliHost, CliJobs } from '#cli/host.ts';
import type { ToInquiry } from '#inquiries/inquiry-messages.ts';

// Compiled code is kept in the system's temporary folder; it halves the time until the first line. Only modules imported later profit.
enableCompileCache();
const { StorageError } = await import('#contract/errors.ts');
const { programName } = await import('#cli/program-name.ts');
const { reportError } = await import('#cli/report-error.ts');
const { runCli } = await import('#cli/run-cli.ts');
const { stopOnSignals } = await import('#cli/stop-on-signals.ts');

const argv = process.argv.slice(2);
const stop = new AbortController();
stopOnSignals(process, stop);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (stop.signal.aborted) return;
  // Whoever read the output has gone (`| head`).
  if (error.code === 'EPIPE') stop.abort('EPIPE');
  else stop.abort(new StorageError(`Could not write the output: ${error.message}.`, { file: 'stdout' }, { cause: error }));
});
process.stderr.on('error', () => undefined); // there is no other place to say it

process.on('uncaughtException', (error) => process.exit(report(error)));

// Loaded when a command needs them: the runtime takes long to load, and the help must not wait for it.
const jobs: CliJobs = {
  async *train(request, options) {
    const { trainingJob } = await import('#jobs/training-job.ts');
    yield* trainingJob(request, options);
  },
  async plan(request, options) {
    const { planJob } = await import('#jobs/plan-job.ts');
    return planJob(request, options);
  },
  async *pretrain(request, options) {
    const { pretrainJob } = await import('#jobs/pretrain/pretrain-job.ts');
    yield* pretrainJob(request, options);
  },
  async *generate(request, options) {
    const { generateJob } = await import('#jobs/generate/generate-job.ts');
    yield* generateJob(request, options);
  },
  async engines({ cacheDir, names }, { signal, onTested }) {
    const { testEngines } = await import('#engines/list-engines.ts');
    const { forkChild } = await import('#processes/fork-child.ts');
    const { testEngineApart } = await import('#inquiries/test-engine-apart.ts');
    const spawn = forkChild<ToInquiry>(fileURLToPath(import.meta.resolve('#inquiries/worker.ts')), () => undefined);
    return testEngines({ cacheDir, signal, onTested, test: (engine) => testEngineApart(spawn, engine, { signal }) }, names);
  },
  async *score(request, options) {
    const { scoreJob } = await import('#jobs/score-job.ts');
    yield* scoreJob(request, options);
  },
};

const host: CliHost = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: {
    isTTY: process.stdin.isTTY,
    async *lines(signal) {
      const { linesOf } = await import('#cli/lines-of.ts');
      yield* linesOf(process.stdin, signal);
    },
  },
  env: process.env,
  platform: process.platform,
  homeDir: homedir(),
  signal: stop.signal,
  nowMs: () => performance.now(),
  jobs,
  program: programName({ script: process.argv[1] ?? '', node: process.argv0, cwd: process.cwd(), env: process.env }),
};

const exitCode = await runCli(argv, host);
// A pipe may still hold the last lines; that they could not be written may come out only now.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(exitCode === 0 && stop.signal.reason instanceof StorageError ? report(stop.signal.reason) : exitCode);

/** @returns the exit code */
function report(error: unknown): number {
  const reported = reportError(error, { signal: stop.signal, verbose: argv.includes('--verbose') });
  if (reported.text !== null) process.stderr.write(reported.text);
  return reported.exitCode;
}
