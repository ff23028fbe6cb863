/** @file Words for the name of tests that are skipped, so that the list of tests says why. */
export function skippedFor(reason: string | null): string {
  return reason === null ? '' : ` (skipped: ${reason})`;
}
