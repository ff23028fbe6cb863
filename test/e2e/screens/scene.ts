/** @file A part of the program that is photographed: what is done in the window, and when. */
import type { Page } from 'playwright-core';

export interface SceneTools {
  readonly page: Page;
  /** An empty folder for files that are dropped or imported. */
  readonly folder: string;
  /** Takes a picture as it looks now. @param name - of the file in docs/screens, without theme and ending */
  readonly shoot: (name: string) => Promise<void>;
}

/** Scenes run one after the other in one window over one data folder; each begins where the window opens. */
export interface Scene {
  readonly name: string;
  /** What must be in the data folder before the program opens it. */
  readonly prepare?: (dataDir: string) => void;
  readonly play: (tools: SceneTools) => Promise<void>;
}
