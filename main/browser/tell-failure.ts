/** @file Says in one line why the browser host does not start. */
import { AppError } from '#contract/errors.ts';

/** @returns the exit code: 2 for a wrong option, else 1 */
export function tellFailure(error: unknown, output: { write(text: string): unknown }): number {
  if (error instanceof AppError && error.code !== 'internal') {
    output.write(`prospect: ${error.message}\n`);
    return error.code === 'settings' ? 2 : 1;
  }
  output.write(`prospect: This is a bug in Prospect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
