/** @file Pairs: from a file of pairs to examples, held-out prompts and a report. */
import { dropFile, goToStep, makeProject, samplePairs } from '#test/e2e/support/data-files.ts';
import type { Scene } from './scene.ts';

export const pairsScene: Scene = {
  name: 'pairs',
  async play({ page, shoot }) {
    await makeProject(page, 'Reviewer #2');
    await dropFile(page, { name: 'reviews.jsonl', content: await samplePairs() });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(/^1,000 rows imported/).waitFor();
    await goToStep(page, 'Pairs');
    await page.getByText('Two examples').waitFor();
    await shoot('pairs-unpair');
    await page.getByRole('button', { name: 'Make examples' }).click();
    await page
      .getByRole('region', { name: 'Balance of labels' })
      .getByText(/1,000 desirable/)
      .waitFor();
    await page.getByRole('button', { name: 'Look for duplicates' }).click();
    await page.getByRole('button', { name: 'Hold out' }).click();
    await page.getByText(/^Held out: /).waitFor();
    await shoot('pairs-split');
    await page.getByRole('button', { name: 'Look at the quality' }).click();
    await page.getByText('Longest rows').waitFor();
    await page.getByRole('region', { name: 'Quality report' }).scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 4000);
    await shoot('pairs-report');
  },
};
