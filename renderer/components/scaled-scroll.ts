/**
 * @file Lets a scroll bar stand for more pixels than an element can have: browsers cut elements at 17 to 33 million pixels, which is less
 * than a table of a million rows needs. Offsets of the table are those of the element times a scale.
 */
import type { ReactVirtualizerOptions } from '@tanstack/react-virtual';

type Observe = NonNullable<ReactVirtualizerOptions<HTMLDivElement, Element>['observeElementOffset']>;
type Scroll = NonNullable<ReactVirtualizerOptions<HTMLDivElement, Element>['scrollToFn']>;

/** Firefox's limit is the lowest. */
const MOST_PIXELS = 16_000_000;
const STILL_MS = 150;

/** @param pixels - that all rows would need */
export function scaleOf(pixels: number): number {
  return Math.max(1, pixels / MOST_PIXELS);
}

export function observeScaledOffset(scale: number): Observe {
  return ({ scrollElement }, tell) => {
    if (!scrollElement) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => tell(scrollElement.scrollTop * scale, false), STILL_MS);
      tell(scrollElement.scrollTop * scale, true);
    };
    tell(scrollElement.scrollTop * scale, false);
    scrollElement.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      scrollElement.removeEventListener('scroll', onScroll);
    };
  };
}

export function scrollScaled(scale: number): Scroll {
  return (offset, { adjustments = 0, behavior }, { scrollElement }) => {
    scrollElement?.scrollTo({ top: (offset + adjustments) / scale, ...(behavior ? { behavior } : {}) });
  };
}
