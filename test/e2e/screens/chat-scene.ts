/** @file Chat: base model and adapter side by side, while they write and after, with thumbs; the settings; and the way to train on feedback. */
import { goToStep } from '#test/e2e/support/data-files.ts';
import { makeReviewerProject } from '#test/e2e/support/train-project.ts';
import type { Scene } from './scene.ts';

const PROJECT = 'Reviewer #2 (chat)';
const SETTINGS = { max_steps: 80, per_device_train_batch_size: 8, learning_rate: 5e-3, eval_ratio: 0 };

export const chatScene: Scene = {
  name: 'chat',
  prepare: (dataDir) => void makeReviewerProject(dataDir, PROJECT, { settings: SETTINGS }),
  async play({ page, shoot }) {
    await page.getByRole('button', { name: PROJECT }).click();
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Completed', { exact: true }).first().waitFor({ timeout: 180_000 });
    await goToStep(page, 'Chat');
    await shoot('chat-empty');
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await page.getByRole('button', { name: 'Open starter-model' }).waitFor();
    await shoot('chat-closed');
    await page.getByRole('button', { name: 'Open starter-model' }).click();
    await page.getByText('Differs from the base model').waitFor({ timeout: 120_000 });
    const question = page.getByRole('textbox', { name: 'Your question' });
    await question.fill('Please read the article "Sparse Retrieval for Crop Forecasts" and write a review.');
    await question.press('Enter');
    await page
      .getByText(/tokens\/s/)
      .nth(1)
      .waitFor();
    await page.getByRole('button', { name: 'Good answer of KTO 1' }).click();
    await page.getByRole('textbox', { name: 'Why? (optional)' }).fill('says what is wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Bad answer of starter-model' }).click();
    await page.getByText(/rows of feedback/).waitFor();
    await question.fill('Write a short review of "Adaptive Tutoring with Small Models".');
    await question.press('Enter');
    await page
      .getByText(/tokens\/s/)
      .nth(3)
      .waitFor();
    await shoot('chat');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByText('How it answers').waitFor();
    await shoot('chat-settings');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Train on feedback' }).click();
    await page.getByRole('dialog').waitFor();
    await shoot('chat-train');
    await page.keyboard.press('Escape');
  },
};
