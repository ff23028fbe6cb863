/** @file Train: what will run, a run that has learned for a while, its curves and answers, the question before it is stopped, and the history. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { goToStep } from '#test/e2e/support/data-files.ts';
import { makeReviewerProject, STARTER_MODEL } from '#test/e2e/support/train-project.ts';
import type { Scene } from './scene.ts';

/** Its rows, model and settings are there already. */
const PROJECT = 'Reviewer #2 (training)';
/** Enough for the curves to show where they go. */
const STEPS = 225;
/** The one that stands in the README: a usual window instead of the smallest. */
const LARGE = { width: 1440, height: 900 };
/** On a machine that does something else, too. */
const PATIENCE = { timeout: 600_000 };

export const trainScene: Scene = {
  name: 'train',
  prepare(dataDir) {
    // Where Prospect would have put it; pictures show the path.
    const modelFolder = join(dataDir, 'models', 'starter-model');
    cpSync(STARTER_MODEL, modelFolder, { recursive: true });
    makeReviewerProject(dataDir, PROJECT, { modelFolder });
  },
  async play({ page, shoot }) {
    const small = page.viewportSize() ?? LARGE;
    await page.getByRole('button', { name: PROJECT }).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByText(/a step,/).waitFor({ timeout: 60_000 });
    await shoot('train-configure');
    await page.getByText('Both, to compare').click();
    await page.getByRole('button', { name: 'Start both runs' }).click();
    await page.getByRole('heading', { name: /^KTO \d+$/ }).waitFor(PATIENCE);
    await reaches(page, STEPS);
    await page.setViewportSize(LARGE);
    await shoot('train');
    await page.setViewportSize(small);
    await shoot('train-running');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('figure', { name: 'Reward margin' }).scrollIntoViewIfNeeded();
    await shoot('train-curves');
    await page.getByRole('region', { name: 'Sample answers' }).scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 400);
    await shoot('train-samples');
    await page.mouse.wheel(0, -9000);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').waitFor();
    await shoot('train-stop');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.getByText(/^Resume goes on after step/).waitFor(PATIENCE);
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('table', { name: 'Runs of this project' }).getByText('Running').waitFor(PATIENCE);
    await shoot('train-history');
    // What comes next shall have the machine for itself.
    await page.getByRole('button', { name: /^DPO \d+$/ }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor(PATIENCE);
  },
};

async function reaches(page: Page, step: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => Number(document.querySelector('dl[aria-label="Figures"] dd')?.textContent?.split('/')[0]?.replaceAll(',', '')) >= wanted,
    step,
    { ...PATIENCE, polling: 500 },
  );
}
