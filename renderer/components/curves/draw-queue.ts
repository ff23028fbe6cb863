/** @file Draws many charts without holding up the page: a few milliseconds in each frame, the rest in the next. */

/** Half of a frame at sixty a second; the other half is the page's. */
const BUDGET_MS = 8;

const waiting = new Set<() => void>();
let frame: number | null = null;

/** In one of the next frames, once, however often it is asked for. */
export function drawSoon(draw: () => void): void {
  waiting.add(draw);
  frame ??= requestAnimationFrame(work);
}

export function doNotDraw(draw: () => void): void {
  waiting.delete(draw);
}

function work(beganMs: number): void {
  frame = null;
  const began = Math.max(beganMs, performance.now());
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - began > BUDGET_MS) break;
  }
  if (waiting.size > 0) frame = requestAnimationFrame(work);
}
