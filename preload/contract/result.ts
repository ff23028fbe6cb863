/** @file The answer to a request: a value, or an error as data, since classes don't survive the way between processes. */
import { AppError, type ErrorCode, type ErrorDetails } from './errors.ts';

export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorRecord };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail({ code, message, details }: AppError): Result<never> {
  return { ok: false, error: { code, message, details } };
}

/**
 * The way back: what was asked for.
 * @throws {AppError} with the code, message and details it had on the other side
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new AppError(result.error.code, result.error.message, result.error.details);
}
