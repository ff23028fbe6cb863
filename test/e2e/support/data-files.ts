/** @file Files of rated answers for tests in the browser and for pictures. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from './spawn-host.ts';

/** Two answers are empty; a label is missing and one is neither, which the proposed mapping leaves out. */
export const BROKEN_CSV = [
  'question,answer,thumbs',
  'How do I reset my password?,"Open Settings, then Account, and choose Reset password.",up',
  'How do I reset my password?,Just guess it.,down',
  'Where is my invoice?,It is in your mailbox and under Billing.,up',
  'Where is my invoice?,I do not know.,',
  'Can I pay by card?,"Yes, with any card.",up',
  'Can I pay by card?,No idea.,maybe',
  'When do you open?,,down',
  'When do you open?,At nine on weekdays.,up',
  'Is there a phone number?,"Yes: 555 0100, from nine to five.",up',
  'Is there a phone number?,Stop asking.,down',
  'Do you ship abroad?,"  ",up',
].join('\n');

export function samplePairs(): Promise<Buffer> {
  return readFile(join(ROOT, 'resources/reviewer2/reviewer2-1k-paired.jsonl'));
}

export function sampleExamples(): Promise<Buffer> {
  return readFile(join(ROOT, 'resources/reviewer2/reviewer2-train-unpaired.jsonl'));
}

/** As from the desktop: on the element that takes drops. */
export async function dropFile(page: Page, { name, content }: { readonly name: string; readonly content: string | Buffer }): Promise<void> {
  const base64 = Buffer.from(content).toString('base64');
  const transfer = await page.evaluateHandle(
    ({ fileName, data }) => {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const moved = new DataTransfer();
      moved.items.add(new File([bytes], fileName));
      return moved;
    },
    { fileName: name, data: base64 },
  );
  const zone = page.locator('.mantine-Dropzone-root');
  for (const type of ['dragenter', 'dragover', 'drop']) await zone.dispatchEvent(type, { dataTransfer: transfer });
}

export async function makeProject(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

export async function goToStep(page: Page, step: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: new RegExp(`^${step},`) })
    .click();
  await page.getByRole('region', { name: step, exact: true }).waitFor();
}
