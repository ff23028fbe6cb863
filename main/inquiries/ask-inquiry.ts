/** @file Asks one question of a process of its own, and sees to it that the process ends. */
import { type AppError, CancelledError, InternalError, OutOfMemoryError } from '#contract/errors.ts';
import type { Spawn } from '#processes/child-handle.ts';
import { fromFailure } from '#processes/failure.ts';
import { fromInquirySchema, type Answers, type InquiryProgress, type Question, type ToInquiry } from './inquiry-messages.ts';

export type SpawnInquiry = Spawn<ToInquiry>;

export interface AskOptions {
  /** When aborted, the process is killed and the promise rejects. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InquiryProgress) => void;
}

/**
 * @throws {AppError} what the process says went wrong, or that it died
 * @throws {CancelledError} if `signal` is aborted
 */
export function askInquiry<Q extends Question>(
  spawn: SpawnInquiry,
  question: Q,
  { signal, onProgress }: AskOptions = {},
): Promise<Answers[Q['kind']]> {
  if (signal?.aborted) return Promise.reject(new CancelledError());
  const { promise, resolve, reject } = Promise.withResolvers<Answers[Q['kind']]>();
  const child = spawn();
  const cancel = (): void => {
    child.kill();
    reject(new CancelledError());
  };
  signal?.addEventListener('abort', cancel, { once: true });
  child.onMessage((data) => {
    const message = fromInquirySchema.safeParse(data);
    if (!message.success) {
      child.kill();
      reject(new InternalError('The process sent a message that is not understood.', {}, { cause: message.error }));
    } else if (message.data.type === 'ready') child.send({ type: 'ask', question });
    else if (message.data.type === 'progress') onProgress?.(message.data.progress);
    else if (message.data.type === 'answer') resolve(message.data.answer as Answers[Q['kind']]);
    else reject(fromFailure(message.data.error));
  });
  // After an answer this changes nothing.
  child.onExit((exitCode, by) => reject(deathError(exitCode, by)));
  return promise.finally(() => signal?.removeEventListener('abort', cancel));
}

function deathError(exitCode: number | null, signal: string | null): AppError {
  if (signal === 'SIGKILL') {
    return new OutOfMemoryError(
      'The process that looked into it was ended by the system, probably because memory ran out. Close other programs, or use a smaller model.',
      { neededBytes: 0, availableBytes: 0 },
    );
  }
  return new InternalError(`The process that looked into it ended ${signal === null ? `with exit code ${exitCode}` : `by ${signal}`}.`, {
    exitCode,
    signal,
  });
}
