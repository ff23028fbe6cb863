/** @file What a browser has and jsdom lacks, as far as Mantine asks for it. */
import { format } from 'node:util';
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

// What React complains about is a fault of the window, but for this: scrolling is synchronous here.
const IGNORED = /^flushSync was called from inside a lifecycle method/;
const complaints: string[] = [];
console.error = (...said: unknown[]) => {
  const complaint = format(...said);
  if (!IGNORED.test(complaint)) complaints.push(complaint);
};

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  const found = complaints.splice(0);
  if (found.length > 0) throw new Error(`The window complained: ${found.join('\n')}`);
});
