/** @file The probe prompts in the Settings step, as a person edits them. */
import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { findViolations } from './support/axe.ts';
import { setupClient, type SetupClient } from './support/setup-answers.ts';
import { showApp } from './support/show-app.tsx';

configure({ asyncUtilTimeout: 8000 });

const READY = { data: { versionId: 3, splitId: 4 }, modelFolder: '/models/tiny' };

async function open(client: SetupClient): Promise<HTMLElement> {
  showApp(client);
  return screen.findByRole('region', { name: 'Probe prompts' });
}

const textsIn = (panel: HTMLElement): string[] =>
  within(panel)
    .getAllByRole<HTMLTextAreaElement>('textbox')
    .map(({ value }) => value);

async function isKept(client: SetupClient, prompts: readonly string[] | null): Promise<void> {
  await waitFor(() => expect(client.choices().probePrompts).toEqual(prompts), { timeout: 4000 });
}

describe('probe prompts', () => {
  it('are what the held-out rows ask, until a person writes their own', async () => {
    const client = setupClient('settings', READY);
    const panel = await open(client);
    const list = await within(panel).findByRole('list', { name: /^Proposed prompts/ });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['Review my paper.', 'Is this figure clear?']);
    expect(client.choices().probePrompts).toBeNull();
    await userEvent.click(within(panel).getByRole('button', { name: 'Write your own' }));
    expect(textsIn(panel)).toEqual(['Review my paper.', 'Is this figure clear?']);
    await userEvent.type(within(panel).getByRole('textbox', { name: 'Probe prompt 2' }), ' Really?');
    await isKept(client, ['Review my paper.', 'Is this figure clear? Really?']);
  });

  it('are added, moved and removed, and given back to the rows', async () => {
    const client = setupClient('settings', { ...READY, probePrompts: ['a', 'b'] });
    const panel = await open(client);
    await userEvent.click(within(panel).getByRole('button', { name: 'Add a prompt' }));
    await userEvent.type(within(panel).getByRole('textbox', { name: 'Probe prompt 3' }), 'c');
    await userEvent.click(within(panel).getByRole('button', { name: 'Move prompt 3 up' }));
    await isKept(client, ['a', 'c', 'b']);
    await userEvent.click(within(panel).getByRole('button', { name: 'Remove prompt 1' }));
    await isKept(client, ['c', 'b']);
    expect(within(panel).getByRole('button', { name: 'Move prompt 1 up' }).hasAttribute('disabled')).toBe(true);
    await userEvent.click(within(panel).getByRole('button', { name: /^Ask what the held-out rows/ }));
    await isKept(client, null);
    expect(await within(panel).findByRole('list', { name: /^Proposed prompts/ })).toBeTruthy();
  });

  it('may be none', async () => {
    const client = setupClient('settings', { ...READY, probePrompts: ['a'] });
    const panel = await open(client);
    await userEvent.click(within(panel).getByRole('button', { name: 'Remove prompt 1' }));
    await isKept(client, []);
    expect(within(panel).getByText('Nothing is asked.')).toBeTruthy();
  });

  it('are kept only as far as they can be, and the panel says why', async () => {
    const client = setupClient('settings', { ...READY, probePrompts: ['a', 'b'] });
    const panel = await open(client);
    await userEvent.clear(within(panel).getByRole('textbox', { name: 'Probe prompt 2' }));
    await isKept(client, ['a']);
    await userEvent.type(within(panel).getByRole('textbox', { name: 'Probe prompt 2' }), 'a');
    expect((await within(panel).findByRole('alert')).textContent).toContain('Two probe prompts are the same');
    await userEvent.type(within(panel).getByRole('textbox', { name: 'Probe prompt 2' }), 'c');
    await isKept(client, ['a', 'ac']);
    expect(within(panel).queryByRole('alert')).toBeNull();
  });

  it('are no more than can be answered again and again', async () => {
    const panel = await open(setupClient('settings', { ...READY, probePrompts: 'abcdefgh'.split('') }));
    expect(within(panel).getByRole('button', { name: 'Add a prompt' }).hasAttribute('disabled')).toBe(true);
    expect(within(panel).getByText(/^At most 8/)).toBeTruthy();
  });

  it('go with the run that is started', async () => {
    const client = setupClient('settings', { ...READY, probePrompts: ['a'] }, { 'runs.create': () => [] });
    await open(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Start training' }));
    await waitFor(() => expect(client.asked.findLast(([name]) => name === 'runs.create')?.[1]).toMatchObject({ probePrompts: ['a'] }));
  });

  it('say what is wrong where rows can not be read, and what there is where they are none', async () => {
    const fail = () => Promise.reject(new AppError('store', 'The store is damaged.'));
    const panel = await open(setupClient('settings', READY, { 'probePrompts.propose': fail }));
    expect((await within(panel).findByRole('alert')).textContent).toContain('The store is damaged.');
  });

  it('can be written before there are rows, and a screen reader finds its way', async () => {
    const panel = await open(setupClient('settings', {}, { 'probePrompts.propose': () => [] }));
    expect(await within(panel).findByText(/no rows with a text/)).toBeTruthy();
    await userEvent.click(within(panel).getByRole('button', { name: 'Write your own' }));
    expect(textsIn(panel)).toEqual(['']);
    expect(await findViolations()).toEqual([]);
  });
});
