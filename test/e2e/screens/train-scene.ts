/** @file Train: what will run, a run while it learns, the question before it is stopped, and the history. */
import { goToStep } from '#test/e2e/support/data-files.ts';
import { makeReviewerProject } from '#test/e2e/support/train-project.ts';
import type { Scene } from './scene.ts';

/** Its rows, model and settings are there already. */
const PROJECT = 'Reviewer #2 (training)';

export const trainScene: Scene = {
  name: 'train',
  prepare: (dataDir) => void makeReviewerProject(dataDir, PROJECT),
  async play({ page, shoot }) {
    await page.getByRole('button', { name: PROJECT }).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    const start = page.getByRole('button', { name: 'Start training' });
    await start.waitFor();
    await shoot('train-configure');
    await start.click();
    await page.getByRole('figure', { name: 'Loss' }).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(8000);
    await shoot('train-running');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('figure', { name: 'Reward margin' }).scrollIntoViewIfNeeded();
    await shoot('train-curves');
    await page.mouse.wheel(0, -4000);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').waitFor();
    await shoot('train-stop');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.getByText(/^Resume goes on after step/).waitFor();
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('table', { name: 'Runs of this project' }).waitFor();
    await shoot('train-history');
  },
};
