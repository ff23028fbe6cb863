/** @file Lets code that reports through callbacks speak in the event stream of a job. */

/**
 * Events pushed while `work` runs, then its result. Nothing is lost; the consumer sees them in order. A consumer that leaves early aborts
 * the work and waits until it has stopped, so that nothing goes on behind the back of whoever cleans up.
 * @param signal - handed on to `work`, which must stop with an error when it is aborted
 */
export async function* withEvents<Event, Result>(
  work: (emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Event, Result, undefined> {
  const queue: Event[] = [];
  let wake: () => void = () => undefined;
  let finished = false;
  const emit = (event: Event) => {
    queue.push(event);
    wake();
  };
  const left = new AbortController();
  const result = work(emit, AbortSignal.any([signal, left.signal])).finally(() => {
    finished = true;
    wake();
  });
  const settled = result.catch(() => undefined); // an error is thrown below
  try {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) yield event;
      else if (finished) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    left.abort();
    await settled;
  }
  return await result;
}
