/** @file Puts into the log what would otherwise be lost: crashes of this process, of the page's and of helpers'. */
import { app } from 'electron';
import type { Logger } from '#ipc/services.ts';

/** Without listeners Electron shows a dialog with a stack trace; with them the program goes on, as a window that still works is better than none. */
export function logCrashes(logger: Logger, process: NodeJS.EventEmitter): void {
  process.on('uncaughtException', (error: unknown) => logger.error('An error was not handled.', error));
  process.on('unhandledRejection', (reason: unknown) => logger.error('A promise failed and nobody looked.', reason));
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    logger.error(`The window's process ended (${reason}, exit code ${exitCode}).`);
    // A page that crashed as soon as it was loaded would crash forever.
    if (reason !== 'clean-exit' && reason !== 'launch-failed') contents.reload();
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') logger.warn(`The process ${name ?? type} ended (${reason}, exit code ${exitCode}).`);
  });
}
