/** @file Keeps the machine awake while something computes (its screen may sleep), and tells when it slept all the same. */
import { powerMonitor, powerSaveBlocker } from 'electron';
import type { ActivityList } from '#host/activity-list.ts';
import type { Emit, Logger } from '#ipc/services.ts';

export interface PowerOptions {
  readonly activity: ActivityList;
  readonly emit: Emit;
  readonly logger: Logger;
}

export function watchPower({ activity, emit, logger }: PowerOptions): void {
  let blocker: number | null = null;
  activity.onAwake((awake) => {
    if (awake) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  });
  powerMonitor.on('suspend', () => {
    logger.info('The machine goes to sleep.');
    emit('app.powerChanged', { state: 'suspended' });
  });
  powerMonitor.on('resume', () => {
    logger.info('The machine woke up.');
    emit('app.powerChanged', { state: 'resumed' });
  });
}
