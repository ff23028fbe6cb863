/** @file Pieces of an answer, gathered before they are sent: a message between processes costs as much as a token of a small model. */

/** Milliseconds; a window draws no more often. */
const INTERVAL_MS = 25;

export interface GatheredText {
  readonly add: (text: string) => void;
  /** What waits is told now. */
  readonly flush: () => void;
}

/** The first words are told at once. */
export function gatheredText(tell: (text: string) => void): GatheredText {
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;
  let isFirst = true;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (waiting !== '') tell(waiting);
    waiting = '';
  };
  return {
    add(text) {
      waiting += text;
      if (isFirst) flush();
      else timer ??= setTimeout(flush, INTERVAL_MS);
      isFirst = false;
    },
    flush,
  };
}
