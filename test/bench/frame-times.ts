/** @file Times between the frames of a page while something is done to it. */
import type { Page } from 'playwright-core';

/** As text, because tests and benches know no browser's names. */
const RECORD = `
  window.frames_ = [];
  window.stop_ = false;
  let before = performance.now();
  const next = (now) => {
    window.frames_.push(now - before);
    before = now;
    if (!window.stop_) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
`;
const RECORDED = 'window.stop_ = true; window.frames_.slice(1)';

/** Prints them. */
export async function reportFrames(page: Page, what: string, work: () => Promise<void>): Promise<void> {
  await page.evaluate(RECORD);
  await work();
  const frames = (await page.evaluate(RECORDED)) as number[];
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (part: number): string => `${(sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(1)} ms`;
  print(what, `median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}, longest ${at(1)}, ${frames.length} frames`);
}

export function print(what: string, figures: string): void {
  process.stdout.write(`${what.padEnd(26)} ${figures}\n`);
}
