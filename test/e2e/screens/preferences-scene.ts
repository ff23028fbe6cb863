/** @file Preferences: what can compute on this machine, after it was tested. */
import type { Scene } from './scene.ts';

export const preferencesScene: Scene = {
  name: 'preferences',
  async play({ page, shoot }) {
    await page.getByRole('button', { name: 'Preferences…' }).click();
    await page.getByRole('button', { name: 'Test all' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.getByRole('button', { name: 'Test all' }).waitFor({ timeout: 300_000 });
    await shoot('preferences');
  },
};
