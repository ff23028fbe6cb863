/** @file What a browser has and jsdom lacks, as far as Mantine asks for it. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
});
window.ResizeObserver = class {
  observe = (): void => undefined;
  unobserve = (): void => undefined;
  disconnect = (): void => undefined;
};
// Charts draw nothing there; their legends and everything around them work.
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) {
  if (typeof to !== 'object' || to.top === undefined) return;
  this.scrollTop = to.top;
  this.dispatchEvent(new Event('scroll'));
};
Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// A busy machine shows a whole page in more than a second.
configure({ asyncUtilTimeout: 5000 });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});
