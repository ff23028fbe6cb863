/** @file `prospect train`: starts the job, shows its events, and says how to go on when it was stopped. */
import { CancelledError } from '#contract/errors.ts';
import { checkRunFolder } from '#jobs/run-folder.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { buildTrainingRequest } from './build-training-request.ts';
import type { Command, Invocation } from './command.ts';
import { FAILURE, stoppedCode, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { Screen } from './screen.ts';
import { shellCommand } from './shell-command.ts';
import { TRAIN_OPTIONS } from './train-options.ts';
import { TrainReport } from './train-report.ts';
import { writeLine } from './write-line.ts';

export const TRAIN: Command = { options: TRAIN_OPTIONS, run: train };

async function train({ given, argv }: Invocation, host: CliHost): Promise<number> {
  const request = await buildTrainingRequest(given, host);
  const screen = new Screen(host);
  const announceStop = () => {
    if (host.signal.reason === 'SIGINT') screen.remark('Stopping, and saving what has been done. Ctrl-C again ends at once.');
    else screen.remark('Stopping, and saving what has been done.');
  };
  host.signal.addEventListener('abort', announceStop, { once: true });
  try {
    const show = given.get('json') === true ? jsonLines(host) : plainLines(screen, host);
    const last = await follow(request, host, show);
    if (last?.kind === 'finished') return SUCCESS;
    screen.remark(await stoppedText(last?.kind === 'stopped' ? last : null, { request, argv, host }));
    return host.signal.aborted ? stoppedCode(host.signal) : FAILURE;
  } finally {
    screen.clear();
    host.signal.removeEventListener('abort', announceStop);
  }
}

/** @returns the event the job ended with; null if it was cancelled before it could say so */
async function follow(
  request: TrainingRequest,
  { jobs, signal }: CliHost,
  show: (event: JobEvent) => Promise<void>,
): Promise<JobEvent | null> {
  let last: JobEvent | null = null;
  try {
    for await (const event of jobs.train(request, { signal })) {
      last = event;
      await show(event);
    }
  } catch (error) {
    if (!(error instanceof CancelledError) || !signal.aborted) throw error;
  }
  return last;
}

function jsonLines({ stdout, signal }: CliHost): (event: JobEvent) => Promise<void> {
  return (event) => writeLine(stdout, JSON.stringify(event), signal);
}

function plainLines(screen: Screen, { nowMs }: CliHost): (event: JobEvent) => Promise<void> {
  const report = new TrainReport(screen, nowMs);
  return (event) => Promise.resolve(report.show(event));
}

interface Stop {
  readonly request: TrainingRequest;
  readonly argv: readonly string[];
  readonly host: CliHost;
}

async function stoppedText(stopped: Extract<JobEvent, { kind: 'stopped' }> | null, { request, argv, host }: Stop): Promise<string> {
  const checkpoint = stopped?.checkpointDir ?? null;
  const what =
    checkpoint === null
      ? 'Stopped before the first step was done.'
      : `Stopped after step ${stopped?.step ?? 0}; the checkpoint is ${checkpoint}.`;
  const canResume = checkpoint !== null || (await holdsRun(request.outDir));
  const args = argv.filter((arg) => arg !== '--resume');
  const command = shellCommand(host.program, canResume ? [...args, '--resume'] : args, host.platform);
  return `${what} To ${checkpoint === null ? 'start again' : 'continue'}:\n  ${command}`;
}

async function holdsRun(outDir: string): Promise<boolean> {
  try {
    await checkRunFolder(outDir, true);
    return true;
  } catch {
    return false; // the job will say what is wrong with the folder, if anything is
  }
}
