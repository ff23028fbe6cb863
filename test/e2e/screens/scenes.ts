/** @file All scenes, in the order in which a project is made. A feature's scenes are a file of their own here: add it to the list. */
import { compareScene } from './compare-scene.ts';
import { chatScene } from './chat-scene.ts';
import { dataScene } from './data-scene.ts';
import { pairsScene } from './pairs-scene.ts';
import { exportScene } from './export-scene.ts';
import type { Scene } from './scene.ts';
import { preferencesScene } from './preferences-scene.ts';
import { setupScene } from './setup-scene.ts';
import { trainScene } from './train-scene.ts';

export const SCENES: readonly Scene[] = [
  preferencesScene,
  dataScene,
  pairsScene,
  setupScene,
  trainScene,
  exportScene,
  compareScene,
  chatScene,
];
