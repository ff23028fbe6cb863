/** @file Keeps what must not be cut off unasked, such as runs. */
import type { Activity } from '#ipc/services.ts';

export interface ActivityList extends Activity {
  /** Called when work begins where there was none (true), and when the last ends (false). */
  onBusy(listener: (busy: boolean) => void): void;
}

export function createActivityList(): ActivityList {
  const running = new Map<symbol, string>();
  const listeners: ((busy: boolean) => void)[] = [];
  const tell = (busy: boolean): void => listeners.forEach((listener) => listener(busy));
  return {
    get current() {
      return [...running.values()];
    },
    begin(what) {
      const key = Symbol(what);
      running.set(key, what);
      if (running.size === 1) tell(true);
      return () => {
        if (running.delete(key) && running.size === 0) tell(false);
      };
    },
    onBusy: (listener) => void listeners.push(listener),
  };
}
