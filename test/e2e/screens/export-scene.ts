/** @file Export: the forms, an export that was checked, and what to type next. */
import { goToStep } from '#test/e2e/support/data-files.ts';
import { makeReviewerProject } from '#test/e2e/support/train-project.ts';
import type { Scene } from './scene.ts';

const PROJECT = 'Reviewer #2 (to take away)';

export const exportScene: Scene = {
  name: 'export',
  prepare: (dataDir) => void makeReviewerProject(dataDir, PROJECT, { epochs: 1 }),
  async play({ page, folder, shoot }) {
    await page.getByRole('button', { name: PROJECT }).click();
    await goToStep(page, 'Export');
    await shoot('export-empty');
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Completed', { exact: true }).waitFor({ timeout: 120_000 });
    await goToStep(page, 'Export');
    await page.getByRole('radio', { name: /^GGUF model/ }).click();
    await page.getByLabel('Folder to put it in').fill(folder);
    await page.getByText(/^Needs /).waitFor();
    await shoot('export');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByText(/^Verified: /).waitFor({ timeout: 60_000 });
    await page.getByText(/^Verified: /).evaluate((line) => {
      line.scrollIntoView({ block: 'start' });
    });
    await page.mouse.wheel(0, -160);
    await shoot('export-made');
  },
};
