/** @file Ends a child process after its last message was sent. */

/** Messages are written asynchronously, so the process may not end at once. */
export function endProcess(exitCode: number): void {
  process.exitCode = exitCode;
  setTimeout(() => process.exit(exitCode), 100);
}
