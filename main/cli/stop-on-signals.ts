/** @file What Ctrl-C does: the first asks the work to end in good order, the next one ends the process. */
import type { StopReason } from './host.ts';

/**
 * npm passes Ctrl-C on to a process that has got it from the terminal already, so the first one may arrive twice; a person does
 * not press again within this time.
 */
const ECHO_MS = 250;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const satisfies readonly StopReason[];

interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Aborts with the name of the signal as reason. */
export function stopOnSignals(source: SignalSource, controller: AbortController): void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) return;
    controller.abort(signal);
    // Without a listener the system ends the process at once, even while native code computes and no script could run.
    setTimeout(() => SIGNALS.forEach((name) => source.off(name, onSignal)), ECHO_MS).unref();
  };
  for (const name of SIGNALS) source.on(name, onSignal);
}
