/** @file Data: from the empty screen over a file with bad rows to its rows. */
import { BROKEN_CSV, dropFile, makeProject, sampleExamples } from '#test/e2e/support/data-files.ts';
import type { Scene } from './scene.ts';

export const dataScene: Scene = {
  name: 'data',
  async play({ page, shoot }) {
    await makeProject(page, 'Support answers');
    await page.getByText('Drop a file of rated answers here').waitFor();
    await shoot('data-empty');
    await dropFile(page, { name: 'ratings.csv', content: BROKEN_CSV });
    await page.getByRole('table', { name: 'What becomes of the first rows' }).waitFor();
    await shoot('data-import');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: /can not be imported/ }).waitFor();
    await shoot('data-bad-rows');
    await page.getByRole('button', { name: /^Skip/ }).click();
    await page.getByText('7 rows imported.').waitFor();
    await page.getByRole('button', { name: 'Add data' }).click();
    await dropFile(page, { name: 'reviewer2.jsonl', content: await sampleExamples() });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(/^2,000 rows imported/).waitFor();
    await page.getByRole('grid', { name: 'Rows' }).getByRole('row').nth(3).click();
    await page.getByRole('region', { name: /^Row / }).waitFor();
    await shoot('data-rows');
  },
};
