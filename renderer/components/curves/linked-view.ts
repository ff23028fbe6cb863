/** @file What charts beside each other share: the step under the pointer, and the part of the run that is shown. */

export interface ViewRange {
  readonly from: number;
  readonly to: number;
}

/** Apart from React, because a pointer moves sixty times a second over a dozen charts. All in steps, whatever the axis shows. */
export class LinkedView {
  readonly #hoverListeners = new Set<() => void>();
  readonly #rangeListeners = new Set<() => void>();
  #hovered: number | null = null;
  #range: ViewRange | null = null;

  get hovered(): number | null {
    return this.#hovered;
  }

  /** Null: the whole run. */
  get range(): ViewRange | null {
    return this.#range;
  }

  hover(step: number | null): void {
    if (step === this.#hovered) return;
    this.#hovered = step;
    for (const listener of this.#hoverListeners) listener();
  }

  show(range: ViewRange | null): void {
    this.#range = range;
    for (const listener of this.#rangeListeners) listener();
  }

  onHover = (listener: () => void): (() => void) => {
    this.#hoverListeners.add(listener);
    return () => void this.#hoverListeners.delete(listener);
  };

  onRange = (listener: () => void): (() => void) => {
    this.#rangeListeners.add(listener);
    return () => void this.#rangeListeners.delete(listener);
  };
}
