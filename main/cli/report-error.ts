/** @file Tells a person what went wrong, in one line. */
import { AppError, CancelledError } from '#contract/errors.ts';
import { BAD_USAGE, FAILURE, stoppedCode, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';

export interface ErrorReport {
  /** One line, or with `verbose` the stack below it; null where nothing is to be said. */
  readonly text: string | null;
  readonly exitCode: number;
}

/** @param signal - tells a cancelled command that was asked to stop from one that failed */
export function reportError(error: unknown, { signal, verbose }: Pick<CliHost, 'signal'> & { readonly verbose: boolean }): ErrorReport {
  if (error instanceof CancelledError && signal.aborted) {
    if (signal.reason instanceof AppError) return reportError(signal.reason, { signal, verbose });
    if (signal.reason === 'EPIPE') return { text: null, exitCode: SUCCESS };
    return { text: 'prospect: Stopped.\n', exitCode: stoppedCode(signal) };
  }
  const stack = verbose ? `${stackOf(error)}\n` : '';
  if (error instanceof AppError && error.code !== 'internal') {
    return { text: `prospect: ${oneLine(error.message)}\n${stack}`, exitCode: error.code === 'settings' ? BAD_USAGE : FAILURE };
  }
  const message = error instanceof Error ? error.message : String(error);
  const advice = verbose ? 'Please report it with the lines below.' : 'Please report it with what --verbose shows.';
  return { text: `prospect: This is a bug in Prospect: ${oneLine(message)} (${advice})\n${stack}`, exitCode: FAILURE };
}

function oneLine(message: string): string {
  return message.trim().replace(/\s*[\r\n]+\s*/g, ' ');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return (error.stack ?? error.message) + cause;
}
