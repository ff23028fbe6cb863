/**
 * @file A process that trains, and kills itself with SIGKILL while it writes a certain piece of a file, or is killed from outside. Started with
 * one argument, the JSON of `{request, dieAtChunk}`; says `running` when everything is open.
 */
import { flushCompileCache } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { trainingJob } from '#jobs/training-job.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';

export interface TrainAndDie {
  readonly request: TrainingRequest;
  /** Of all files of the run, from 1; null to live. */
  readonly dieAtChunk: number | null;
}

const { request, dieAtChunk } = JSON.parse(process.argv[2] ?? '') as TrainAndDie;
flushCompileCache(); // which a killed process could not do
let chunks = 0;
const writeChunk: ChunkWriter = async (handle, bytes) => {
  chunks++;
  if (chunks !== dieAtChunk) {
    if (dieAtChunk === null) await pause(1); // so that a kill from outside comes in the middle of something
    return handle.appendFile(bytes);
  }
  await handle.appendFile(bytes.subarray(0, bytes.length / 2));
  process.kill(process.pid, 'SIGKILL');
};

for await (const event of trainingJob(request, { signal: new AbortController().signal, writeChunk })) {
  if (event.kind === 'plan') process.stdout.write('running\n');
}
