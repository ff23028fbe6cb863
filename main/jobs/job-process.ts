/** @file A job seen from outside: starts its process, hands on what it tells, and sees to it that it ends. */
import { type AppError, InternalError, OutOfMemoryError } from '#contract/errors.ts';
import type { ChildHandle, Spawn } from '#processes/child-handle.ts';
import { fromFailure } from '#processes/failure.ts';
import { fromJobSchema } from './job-messages.ts';
import type { FromJob, ToJob } from './job-messages.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

export type SpawnJob = Spawn<ToJob>;

/** How a job ended; what it had to tell was told before. */
export type JobEnd =
  /** Finished, or stopped as asked: the last event says which. */
  | { readonly how: 'done' }
  | { readonly how: 'failed'; readonly error: AppError }
  /** The process was killed or crashed: the run can be resumed from its last checkpoint. */
  | { readonly how: 'died'; readonly error: AppError };

export interface JobListeners {
  readonly onEvents: (events: readonly JobEvent[]) => void;
  readonly onPaused: (paused: boolean) => void;
  readonly onMemory: (memory: { readonly residentBytes: number; readonly peakResidentBytes: number }) => void;
  readonly onEnd: (end: JobEnd) => void;
}

export class JobProcess {
  readonly #child: ChildHandle<ToJob>;
  readonly #listeners: JobListeners;
  #end: JobEnd | null = null;
  #hasEnded = false;
  #lastSignOfLifeMs: number;
  readonly #nowMs: () => number;

  /** @param nowMs - a monotonic clock */
  constructor(spawn: SpawnJob, request: TrainingRequest, listeners: JobListeners, nowMs: () => number) {
    this.#listeners = listeners;
    this.#nowMs = nowMs;
    this.#lastSignOfLifeMs = nowMs();
    this.#child = spawn();
    this.#child.onMessage((message) => this.#receive(message, request));
    this.#child.onExit((exitCode, signal) => this.#exited(exitCode, signal));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How long the job has been silent. A large model may compute for a minute between two signs of life. */
  get silentForMs(): number {
    return this.#hasEnded ? 0 : this.#nowMs() - this.#lastSignOfLifeMs;
  }

  /** After the chunk that is being computed; everything stays in memory. */
  pause(): void {
    this.#send({ type: 'pause' });
  }

  resume(): void {
    this.#send({ type: 'resume' });
  }

  /** After the chunk that is being computed; a checkpoint is saved. */
  stop(): void {
    this.#send({ type: 'stop' });
  }

  /** At once; the run loses what it did since its last checkpoint. */
  kill(): void {
    if (!this.#hasEnded) this.#child.kill();
  }

  #send(message: ToJob): void {
    if (!this.#hasEnded) this.#child.send(message);
  }

  #receive(data: unknown, request: TrainingRequest): void {
    this.#lastSignOfLifeMs = this.#nowMs();
    const parsed = fromJobSchema.safeParse(data);
    if (parsed.success) {
      this.#handle(parsed.data, request);
      return;
    }
    this.#end = { how: 'died', error: new InternalError('The job sent a message that is not understood.', {}, { cause: parsed.error }) };
    this.kill();
  }

  #handle(message: FromJob, request: TrainingRequest): void {
    switch (message.type) {
      case 'ready':
        this.#send({ type: 'train', request });
        return;
      case 'events':
        this.#listeners.onEvents(message.events);
        return;
      case 'paused':
      case 'resumed':
        this.#listeners.onPaused(message.type === 'paused');
        return;
      case 'heartbeat':
        this.#listeners.onMemory(message);
        return;
      case 'done':
        this.#end = { how: 'done' };
        return;
      case 'failed':
        this.#end = { how: 'failed', error: fromFailure(message.error) };
        return;
      default:
        message satisfies never;
    }
  }

  #exited(exitCode: number | null, signal: string | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listeners.onEnd(this.#end ?? { how: 'died', error: deathError(exitCode, signal) });
  }
}

/** The system kills what needs more memory than there is with SIGKILL, without a word; so may a person. */
function deathError(exitCode: number | null, signal: string | null): AppError {
  const how = signal === null ? `with exit code ${exitCode ?? 'unknown'}` : `by ${signal}`;
  const advice = 'Resume the run to continue from its last checkpoint.';
  if (signal === 'SIGKILL') {
    return new OutOfMemoryError(
      `The training process was ended ${how}: by someone, or by the system because memory ran out. ${advice} If it happens again, lower per_device_train_batch_size, max_length or the memory budget.`,
      { neededBytes: 0, availableBytes: 0 },
    );
  }
  return new InternalError(`The training process ended ${how}. ${advice}`, { exitCode, signal });
}
