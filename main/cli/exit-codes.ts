/** @file What the exit codes mean. */
import type { StopReason } from './host.ts';

export const SUCCESS = 0;
/** It was tried and failed. */
export const FAILURE = 1;
/** What was typed can't be carried out: an unknown option, an impossible value. */
export const BAD_USAGE = 2;

/** 128 and the signal's number, as a shell reports it. */
const STOPPED: Readonly<Record<StopReason, number>> = { SIGINT: 130, SIGTERM: 143, EPIPE: 141 };

/** The exit code of a command that was stopped before its end. */
export function stoppedCode(signal: AbortSignal): number {
  return STOPPED[signal.reason as StopReason] ?? STOPPED.SIGINT;
}
