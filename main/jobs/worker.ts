/** @file The program of a job's process: takes one request, trains, tells what happens, and ends. */
import { InternalError } from '#contract/errors.ts';
import { endProcess } from '#processes/end-process.ts';
import { toFailure } from '#processes/failure.ts';
import { batchEvents } from './batch-events.ts';
import { parentChannel } from './job-channel.ts';
import type { ToJob } from './job-messages.ts';
import { createGate, pausable } from './pausable.ts';
import type { TrainingRequest } from './training-request.ts';

const HEARTBEAT_MS = 1000;

const channel = parentChannel();
const gate = createGate();
const stop = new AbortController();
let started = false;

channel.receive(handle, (error) => fail(new InternalError('The job was sent a message it does not understand.', {}, { cause: error })));
// Whoever started the job is gone: what has been computed is saved, and nothing is left running.
channel.onClosed(() => stopTraining());
channel.send({ type: 'ready' });

function handle(message: ToJob): void {
  switch (message.type) {
    case 'train':
      if (started) return;
      started = true;
      void train(message.request);
      return;
    case 'pause':
      gate.pause();
      return;
    case 'resume':
      gate.resume();
      channel.send({ type: 'resumed' });
      return;
    case 'stop':
      stopTraining();
      return;
    default:
      message satisfies never;
  }
}

function stopTraining(): void {
  stop.abort();
  gate.resume();
  if (!started) process.exit(0);
}

async function train(request: TrainingRequest): Promise<void> {
  const batcher = batchEvents(
    (events) => channel.send({ type: 'events', events: [...events] }),
    () => performance.now(),
  );
  let beatMs = -Infinity;
  const beat = () => {
    if (performance.now() - beatMs < HEARTBEAT_MS) return;
    beatMs = performance.now();
    const { rss } = process.memoryUsage();
    channel.send({ type: 'heartbeat', residentBytes: rss, peakResidentBytes: process.resourceUsage().maxRSS * 1024 });
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    const { trainingJob } = await import('./training-job.ts');
    for await (const event of pausable(trainingJob(request, { signal: stop.signal }), gate)) {
      batcher.add(event);
      beat();
      if (!gate.isPaused) continue;
      batcher.flush();
      channel.send({ type: 'paused' });
    }
    batcher.flush();
    channel.send({ type: 'done' });
    endProcess(0);
  } catch (error) {
    batcher.flush();
    fail(error);
  } finally {
    clearInterval(timer);
  }
}

function fail(error: unknown): void {
  channel.send({ type: 'failed', error: toFailure(error, 'The job failed') });
  endProcess(1);
}
