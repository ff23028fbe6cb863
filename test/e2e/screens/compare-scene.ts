/** @file Compare: two runs before and after they were measured, their curves, a blind vote and its tally, and answers side by side. */
import { goToStep } from '#test/e2e/support/data-files.ts';
import { makeReviewerProject } from '#test/e2e/support/train-project.ts';
import type { Scene } from './scene.ts';

const PROJECT = 'Reviewer #2 (two methods)';
const SETTINGS = { per_device_train_batch_size: 8, num_train_epochs: 2, learning_rate: 4e-3, logging_steps: 1, eval_steps: 5 };
/** Two runs and everything that is measured of them. */
const LONG = { timeout: 240_000 };

export const compareScene: Scene = {
  name: 'compare',
  prepare: (dataDir) =>
    void makeReviewerProject(dataDir, PROJECT, { rows: 120, heldOutEvery: 3, methods: ['kto', 'dpo'], settings: SETTINGS }),
  async play({ page, shoot }) {
    await page.getByRole('button', { name: PROJECT }).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start both runs' }).click();
    await page.getByRole('button', { name: 'Compare these two' }).click(LONG);
    await page.getByRole('figure', { name: 'Loss' }).waitFor();
    await shoot('compare-open');
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await page.getByRole('table', { name: 'On held-out pairs' }).waitFor(LONG);
    await page.getByRole('button', { name: 'Vote', exact: true }).waitFor(LONG);
    // From the verdict down to most of the figures.
    await page.getByRole('heading', { name: 'On held-out pairs' }).evaluate((heading) => heading.scrollIntoView());
    await shoot('compare');
    await page.getByRole('figure', { name: 'Loss' }).scrollIntoViewIfNeeded();
    await page.getByRole('figure', { name: 'Reward margin' }).scrollIntoViewIfNeeded();
    await shoot('compare-curves');
    await page.getByRole('table', { name: 'Settings' }).scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Vote', exact: true }).click();
    const ballot = page.getByRole('group', { name: 'Blind vote' });
    await ballot.scrollIntoViewIfNeeded();
    await shoot('compare-vote');
    for (const key of ['1', '2', '1', '0', '1', '2', '1']) {
      if ((await ballot.count()) === 0) break;
      await page.keyboard.press(key);
      await page.waitForTimeout(300);
    }
    await page.getByRole('group', { name: 'Tally' }).scrollIntoViewIfNeeded();
    await shoot('compare-tally');
    await page.getByRole('button', { name: 'Show answers with names' }).click();
    await page.getByRole('article', { name: 'Prompt 2' }).scrollIntoViewIfNeeded();
    await shoot('compare-answers');
  },
};
