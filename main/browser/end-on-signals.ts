/** @file What Ctrl+C does to the browser host: the first ends it in order, a second one at once. */

/** npm passes Ctrl+C on to a process that has it from the terminal already; a person does not press again within this time. */
const ECHO_MS = 250;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface EndableProcess {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

/** @param close - never rejects */
export function endOnSignals(target: EndableProcess, close: () => Promise<void>): void {
  const onSignal = (): void => {
    void close().finally(() => target.exit(0));
    // Without a listener the system ends the process at once.
    setTimeout(() => SIGNALS.forEach((name) => target.off(name, onSignal)), ECHO_MS).unref();
  };
  for (const name of SIGNALS) target.on(name, onSignal);
}
