/** @file An error on its way between processes: it loses its class; code, message, details and stack stay. */
import { z } from 'zod';
import { AppError, InternalError, type ErrorCode, type ErrorDetails } from '#contract/errors.ts';

export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  stack: z.string().nullable(),
});
export type Failure = z.infer<typeof failureSchema>;

/** @param what - begins the sentence of an error that is none of ours: "The job failed" */
export function toFailure(error: unknown, what: string): Failure {
  const known = error instanceof AppError ? error : new InternalError(`${what}: ${String(error)}.`, {}, { cause: error });
  const { code, message, details, stack } = known;
  return { code, message, details: { ...details }, stack: stack ?? null };
}

export function fromFailure({ code, message, details, stack }: Failure): AppError {
  const error = new AppError(code as ErrorCode, message, details as ErrorDetails);
  if (stack !== null) error.stack = stack;
  return error;
}
