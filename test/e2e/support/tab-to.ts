/** @file Reaches a part of the page as a person does who has no mouse. */
import type { Page } from 'playwright-core';

/** More parts than any screen has. */
const MOST_PRESSES = 150;

/**
 * Presses Tab until the part that has the focus is called so, and sees to it that the focus can be seen.
 * @param name - what a screen reader would read
 * @throws if it is not reached
 */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    await page.keyboard.press('Tab');
    const { called, isSeen } = await page.evaluate(focused);
    if (name.test(called)) {
      if (!isSeen) throw new Error(`“${called}” has the focus, but nobody sees it.`);
      return;
    }
    passed.push(called);
  }
  throw new Error(`${String(name)} was not reached by Tab. Passed: ${passed.slice(0, 60).join(' | ')}`);
}

/** In the page. */
function focused(): { readonly called: string; readonly isSeen: boolean } {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return { called: '', isSeen: false };
  const labelled = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
  const labels = 'labels' in element ? Array.from((element as HTMLInputElement).labels ?? [], ({ textContent }) => textContent) : [];
  const called =
    element.getAttribute('aria-label') ??
    (labelled.map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent ?? '').join(' ') ||
      labels.join(' ') ||
      element.textContent);
  // The ring may be drawn by the part itself, or beside an input that is not drawn.
  const near = [element, element.nextElementSibling, element.parentElement, ...Array.from(element.parentElement?.children ?? [])];
  const isSeen =
    element.matches(':focus-visible') &&
    near.some(
      (part) =>
        part !== null &&
        (getComputedStyle(part).outlineStyle !== 'none' ||
          getComputedStyle(part).boxShadow !== 'none' ||
          part.matches('input, textarea, select')),
    );
  return { called: called.trim(), isSeen };
}
