/** @file A sequence that its owner can hold. */

export interface Gate {
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
  /** Settles when the gate is open. */
  whenOpen(): Promise<void>;
}

export function createGate(): Gate {
  let open: Promise<void> | null = null;
  let release: () => void = () => undefined;
  return {
    get isPaused() {
      return open !== null;
    },
    pause() {
      open ??= new Promise<void>((resolve) => (release = resolve));
    },
    resume() {
      open = null;
      release();
    },
    async whenOpen() {
      for (let wait = open; wait !== null; wait = open) await wait; // it may have been closed again meanwhile
    },
  };
}

/** The same items; the source is not asked for the next one while the gate is closed. */
export async function* pausable<Item>(items: AsyncIterable<Item>, gate: Gate): AsyncGenerator<Item> {
  for await (const item of items) {
    yield item;
    await gate.whenOpen();
  }
}
