/** @file Lets code that reports through callbacks speak in the event stream of a job. */

/** Events pushed while `work` runs, then its result. Nothing is lost; the consumer sees them in order. */
export async function* withEvents<Event, Result>(
  work: (emit: (event: Event) => void) => Promise<Result>,
): AsyncGenerator<Event, Result, undefined> {
  const queue: Event[] = [];
  let wake: () => void = () => undefined;
  const state = { finished: false };
  const result = work((event) => {
    queue.push(event);
    wake();
  }).finally(() => {
    state.finished = true;
    wake();
  });
  result.catch(() => undefined); // awaited below
  while (!state.finished || queue.length > 0) {
    const event = queue.shift();
    if (event !== undefined) yield event;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  return await result;
}
