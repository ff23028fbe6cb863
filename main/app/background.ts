/** @file A program whose window was closed while a run went on: it ends when the run has, so that nothing is left behind unseen. */
import { app, BrowserWindow } from 'electron';
import type { ActivityList } from '#host/activity-list.ts';

export function quitWhenDone(activity: ActivityList): void {
  activity.onBusy((busy) => {
    if (!busy && isInBackground()) app.quit();
  });
}

/** There is a window, but nobody can see it; without any the program has ended, or is to stay as macOS has it. */
function isInBackground(): boolean {
  const windows = BrowserWindow.getAllWindows();
  return windows.length > 0 && windows.every((window) => !window.isVisible() && !window.isMinimized());
}
