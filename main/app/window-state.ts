/** @file Where the window was the last time, kept in a small file, since it is not worth a row of the store. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

export const MIN_WIDTH = 1024;
export const MIN_HEIGHT = 700;
const DEFAULT = { width: 1280, height: 860 };

const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(MIN_WIDTH),
  height: z.int().min(MIN_HEIGHT),
  maximized: z.boolean(),
});

export interface WindowPlace {
  /** x and y are missing where it was never placed, or where no screen is any more. */
  readonly bounds: Partial<Rectangle>;
  readonly maximized: boolean;
}

/** A file that is missing or damaged is like a first start. */
export function readWindowPlace(file: string): WindowPlace {
  const state = WindowState.safeParse(readJson(file));
  if (!state.success) return { bounds: DEFAULT, maximized: false };
  const { maximized, ...bounds } = state.data;
  return { bounds: clamp(bounds), maximized };
}

/** @throws nothing: where it was is not worth an error */
export function saveWindowPlace(file: string, window: BrowserWindow): void {
  try {
    // The size it has when it is not maximised.
    writeFileSync(`${file}.new`, JSON.stringify({ ...window.getNormalBounds(), maximized: window.isMaximized() }));
    renameSync(`${file}.new`, file);
  } catch {
    // Next time it is where it was before.
  }
}

/** Onto a screen that is there now: one may have been unplugged, or be smaller. */
function clamp(bounds: Rectangle): Partial<Rectangle> {
  const visible = screen.getAllDisplays().some(({ workArea }) => overlaps(bounds, workArea));
  if (!visible) return DEFAULT;
  const { workArea } = screen.getDisplayMatching(bounds);
  const width = Math.max(MIN_WIDTH, Math.min(bounds.width, workArea.width));
  const height = Math.max(MIN_HEIGHT, Math.min(bounds.height, workArea.height));
  return {
    width,
    height,
    x: Math.max(workArea.x, Math.min(bounds.x, workArea.x + workArea.width - width)),
    y: Math.max(workArea.y, Math.min(bounds.y, workArea.y + workArea.height - height)),
  };
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
