/** @file Keeps what must not be cut off unasked, such as runs. */
import type { Activity } from '#ipc/services.ts';

export interface ActivityList extends Activity {
  /** Called when work begins where there was none (true), and when the last ends (false). */
  onBusy(listener: (busy: boolean) => void): void;
  /** Likewise for work during which the machine must not go to sleep. */
  onAwake(listener: (awake: boolean) => void): void;
}

export function createActivityList(): ActivityList {
  const running = new Map<symbol, string>();
  const busy = createCount();
  const awake = createCount();
  return {
    get current() {
      return [...running.values()];
    },
    begin(what, { keepsAwake } = { keepsAwake: true }) {
      const key = Symbol(what);
      const counts = keepsAwake ? [busy, awake] : [busy];
      running.set(key, what);
      for (const count of counts) count.add(1);
      return () => {
        if (running.delete(key)) for (const count of counts) count.add(-1);
      };
    },
    onBusy: busy.listen,
    onAwake: awake.listen,
  };
}

/** Tells when there is one where there was none, and when there is none any more. */
function createCount(): { add(change: 1 | -1): void; readonly listen: (listener: (some: boolean) => void) => void } {
  const listeners: ((some: boolean) => void)[] = [];
  let count = 0;
  return {
    add(change) {
      const before = count > 0;
      count += change;
      if (before !== count > 0) listeners.forEach((listener) => listener(count > 0));
    },
    listen: (listener) => void listeners.push(listener),
  };
}
