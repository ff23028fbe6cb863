/** @file The end: everything is closed in order before the process goes. */
import { app } from 'electron';
import type { Shutdown } from '#host/shutdown.ts';

export interface Quit {
  /** The person was asked, and wants to go on. */
  cancel(): void;
}

export function quitInOrder(shutdown: Shutdown, platform: NodeJS.Platform): Quit {
  let quitting = false;
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('window-all-closed', () => {
    // On macOS programs stay until they are quit.
    if (quitting || platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    void shutdown.run().then(() => app.exit(0));
  });
  return {
    cancel() {
      quitting = false;
    },
  };
}
