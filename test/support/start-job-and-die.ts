/** @file Starts a job and is killed while the job trains. */
import { forkChild } from '#processes/fork-child.ts';
import { JobProcess } from '#jobs/job-process.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';

const [worker = '', request = ''] = process.argv.slice(2);
const none = () => undefined;
const job = new JobProcess(
  forkChild(worker, none),
  JSON.parse(request) as TrainingRequest,
  {
    onEvents: (events) => events.some(({ kind }) => kind === 'checkpoint') && process.kill(process.pid, 'SIGKILL'),
    onPaused: none,
    onMemory: none,
    onEnd: none,
  },
  () => performance.now(),
);
setTimeout(() => job.kill(), 60_000).unref();
