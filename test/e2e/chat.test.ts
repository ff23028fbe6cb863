/** @file From a run to an answer, to a thumb, to a run on the feedback, to another answer: in a real browser, on the real llama.cpp and engine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setPlaygroundOptions } from '#playground/playground-options.ts';
import { openStore } from '#store/open-store.ts';
import { axeViolations } from './support/axe-violations.ts';
import { goToStep } from './support/data-files.ts';
import { complaintsOf } from './support/complaints.ts';
import { noChromium, openChromium } from './support/open-chromium.ts';
import { startHost, type StartedHost } from './support/start-host.ts';
import { makeReviewerProject } from './support/train-project.ts';

const PROJECT = 'Reviewer #2';
/** A run of a few steps, large ones: its adapter says other things. */
const SETTINGS = { max_steps: 6, per_device_train_batch_size: 4, learning_rate: 1e-2, lr_scheduler_type: 'constant', eval_ratio: 0 };

describe.skipIf(noChromium !== null)(`in Chromium${noChromium === null ? '' : ` (${noChromium})`}`, { timeout: 240_000 }, () => {
  let browser: Browser;
  let page: Page;
  let host: StartedHost;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    const dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
    makeReviewerProject(dataDir, PROJECT, { settings: SETTINGS });
    const store = openStore(dataDir);
    setPlaygroundOptions(store, { processorOnly: true });
    store.close();
    host = await startHost(dataDir);
    const context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
    complaints = complaintsOf(context);
    page = await context.newPage();
    page.setDefaultTimeout(90_000);
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(host.dataDir, { recursive: true, force: true });
  });

  async function train(): Promise<void> {
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('heading', { level: 2 }).locator('..').getByText('Completed', { exact: true }).waitFor();
  }

  async function ask(text: string): Promise<void> {
    const question = page.getByRole('textbox', { name: 'Your question' });
    // Its answer, too: what is done next is done to the last one.
    const answers = page.getByRole('article', { name: 'Answer of starter-model' });
    const before = await answers.count();
    await question.fill(text);
    await question.press('Enter');
    await answers.nth(before).waitFor();
  }

  /** Of the last question. */
  async function answerOf(speaker: string): Promise<string> {
    const answer = page.getByRole('article', { name: `Answer of ${speaker}` }).last();
    await answer.getByText(/\d tokens( ·|$)/).waitFor();
    return (await answer.locator('p').nth(1).textContent()) ?? '';
  }

  /** The small model may come to its end before the key does, which is no fault: it is asked again then. */
  async function stopAnAnswer(): Promise<void> {
    const stopped = page.getByText(/· stopped$/);
    await expect
      .poll(
        async () => {
          await ask('Please read the article "Sparse Retrieval" and write a review.');
          await page.keyboard.press('Escape');
          await page.locator('[data-writing]').first().waitFor({ state: 'detached' });
          return stopped.count();
        },
        { timeout: 90_000 },
      )
      .toBeGreaterThan(0);
  }

  async function setSampling(values: Readonly<Record<string, string>>): Promise<void> {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    for (const [name, value] of Object.entries(values)) {
      const field = page.getByRole('textbox', { name, exact: true });
      await field.fill(value);
      await field.press('Enter');
      await expect.poll(() => page.getByRole('textbox', { name, exact: true }).inputValue()).toBe(value);
    }
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  test('what was trained is talked to, voted on, trained further on the votes, and answers differently then', async () => {
    await page.goto(host.url);
    await page.getByRole('button', { name: PROJECT }).click();
    await train();
    await goToStep(page, 'Chat');
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await page.getByRole('button', { name: 'Open starter-model' }).click();
    await page.getByText('Differs from the base model').waitFor();

    // Streams, and Esc stops it.
    await setSampling({ temperature: '10', top_p: '1', max_new_tokens: '480' });
    await stopAnAnswer();

    // What was said at random is no part of what comes next.
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('article').first().waitFor({ state: 'detached' });

    // A greedy answer is the same each time, whoever asks.
    await setSampling({ temperature: '0', max_new_tokens: '60' });
    const questions = ['Write a review of "Adaptive Tutoring".', 'Write a review of "Hybrid Embedding".'];
    for (const question of questions) {
      await ask(question);
      const [base, kto] = [await answerOf('starter-model'), await answerOf('KTO 1')];
      expect(kto).not.toBe(base);
      await page.getByRole('button', { name: 'Bad answer of starter-model' }).last().click();
      await page.getByRole('button', { name: 'Good answer of KTO 1' }).last().click();
    }
    await page.getByText('4 rows of feedback: 2 desirable, 2 undesirable').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      expect([colorScheme, await axeViolations(page)]).toEqual([colorScheme, []]);
    }

    // Another tab is in step.
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole('button', { name: PROJECT }).click();
    await other.getByRole('button', { name: /^Chat,/ }).click();
    await other.getByText('4 rows of feedback: 2 desirable, 2 undesirable').waitFor();
    await other.close();

    // The feedback is a dataset like any other, and the next run goes on from the adapter.
    await page.getByRole('button', { name: 'Train on feedback' }).click();
    await page.getByRole('button', { name: 'To the settings' }).click();
    const begins = page.getByRole('combobox', { name: 'Adapter to begin with' });
    await expect.poll(() => begins.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe('KTO 1');
    await goToStep(page, 'Train');
    await page.getByText('Configure', { exact: true }).click();
    await page.getByText('Goes on from KTO 1').waitFor();
    await train();
    await page.getByText(/Feedback, version 4 · goes on from KTO 1/).waitFor();

    // The run took the memory, and says so; the new adapter answers differently.
    await goToStep(page, 'Chat');
    await page.getByText('KTO 2 is being trained and needs the memory, so the model was unloaded.').waitFor();
    await page.getByRole('button', { name: 'Open starter-model again' }).click();
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByRole('combobox', { name: 'Model 3' }).waitFor();
    await expect.poll(() => page.getByText('Differs from the base model').count(), { timeout: 60_000 }).toBe(2);
    // With the models of the last conversation.
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByText('Ask something. All models above answer it.').waitFor();
    await ask(questions[1] ?? '');
    expect(await answerOf('KTO 2')).not.toBe(await answerOf('KTO 1'));
    expect(complaints).toEqual([]);
  });
});
