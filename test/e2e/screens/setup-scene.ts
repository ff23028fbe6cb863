/** @file Model and Settings: from no model to the card of the next run. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dropFile, goToStep, makeProject, samplePairs } from '#test/e2e/support/data-files.ts';
import { ROOT } from '#test/e2e/support/spawn-host.ts';
import type { Scene } from './scene.ts';

export const setupScene: Scene = {
  name: 'setup',
  async play({ page, folder, shoot }) {
    // Where somebody's models might lie.
    const models = join(folder, 'models');
    await mkdir(models, { recursive: true });
    await cp(join(ROOT, 'resources/starter-model'), join(models, 'starter-model'), { recursive: true });
    await makeProject(page, 'A harsher reviewer');
    await dropFile(page, { name: 'pairs.jsonl', content: await samplePairs() });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(/^1,000 rows imported/).waitFor();
    await goToStep(page, 'Model');
    const path = page.getByLabel('Path of its folder on this machine');
    await path.fill(models);
    await page.getByRole('button', { name: 'Use path' }).click();
    await page
      .getByRole('alert')
      .getByText(/has no config\.json/)
      .waitFor();
    await shoot('model-empty');
    await path.fill(join(models, 'starter-model'));
    await page.getByRole('button', { name: 'Use path' }).click();
    const slider = page.getByRole('slider', { name: 'Maximum length' });
    await slider.waitFor({ timeout: 60_000 });
    await slider.focus();
    await page.keyboard.press('Home');
    for (let times = 0; times < 3; times++) await page.keyboard.press('PageUp');
    await page.getByRole('button', { name: /^Keep every row whole/ }).waitFor();
    await shoot('model');
    await goToStep(page, 'Settings');
    await page.getByRole('radio', { name: /^Blog/ }).click();
    await page.getByText(/a step,/).waitFor({ timeout: 60_000 });
    await shoot('settings');
    await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.002');
    await page.getByText(/KTO may become unstable/).waitFor();
    await page.getByText('Both, to compare').click();
    await page
      .getByRole('complementary', { name: 'The next two runs' })
      .getByText(/a step,/)
      .nth(1)
      .waitFor({ timeout: 60_000 });
    await page.getByText(/KTO may become unstable/).scrollIntoViewIfNeeded();
    await shoot('settings-warning');
  },
};
