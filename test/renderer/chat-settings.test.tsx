/** @file Beside the talk in Chat: settings of a conversation and of the model in memory, thumbs, and the way to train on feedback. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { findViolations } from './support/axe.ts';
import { answer, askedOf as asked, chatClient, OPEN, TALK } from './support/chat-answers.ts';
import { showApp } from './support/show-app.tsx';

describe('settings', () => {
  test('system prompt and sampling are kept when a field is left, and what can not be is said', async () => {
    const client = chatClient();
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Settings' }));
    const system = await screen.findByRole('textbox', { name: 'System prompt' });
    await userEvent.type(system, 'Be short.');
    await userEvent.tab();
    expect(asked(client, 'chats.configure')).toEqual({ chatId: 5, changes: { system: 'Be short.' } });
    const temperature = screen.getByRole('textbox', { name: 'temperature' });
    await userEvent.clear(temperature);
    await userEvent.type(temperature, '-1');
    expect(await screen.findByText('temperature is 0 or more.')).toBeTruthy();
    await userEvent.clear(temperature);
    await userEvent.type(temperature, '0{Enter}');
    expect(asked(client, 'chats.configure')).toMatchObject({ changes: { sampling: { temperature: 0, top_p: 0.95, seed: null } } });
    await userEvent.type(screen.getByRole('textbox', { name: 'seed' }), '7{Enter}');
    expect(asked(client, 'chats.configure')).toMatchObject({ changes: { sampling: { seed: 7 } } });
    await waitFor(async () => expect(await findViolations()).toEqual([]));
  });

  test('of the model in memory are kept for all projects; it is opened again, or unloaded', async () => {
    const client = chatClient();
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Settings' }));
    await userEvent.click(await screen.findByRole('radio', { name: 'F16' }));
    expect(asked(client, 'playground.setOptions')).toEqual({ weights: 'F16' });
    await userEvent.click(screen.getByRole('switch', { name: 'Compute on the processor only' }));
    expect(asked(client, 'playground.setOptions')).toEqual({ processorOnly: true });
    await userEvent.type(screen.getByRole('textbox', { name: 'Context' }), '256{Enter}');
    expect(asked(client, 'playground.setOptions')).toEqual({ contextTokens: 256 });
    expect(screen.getByText('Verified: it is the same.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Unload the model' }));
    expect(asked(client, 'playground.close')).toEqual({ projectId: 1 });
    await userEvent.click(screen.getByRole('button', { name: 'Open it again with these' }));
    expect(asked(client, 'playground.open')).toMatchObject({ projectId: 1, modelId: 1 });
  });
});

describe('a thumb', () => {
  test('is given with a reason, and taken back by the same one', async () => {
    const client = chatClient();
    showApp(client);
    const up = await screen.findByRole('button', { name: 'Good answer of KTO 1' });
    await userEvent.click(up);
    expect(asked(client, 'chats.vote')).toEqual({ messageId: 92, thumb: { value: 'up', reason: null } });
    expect(screen.getByText('Thumbs on answers become rows to train on.')).toBeTruthy();
  });

  test('that was given asks why, and shows it', async () => {
    const given = (thumb: { value: 'up' | 'down'; reason: string | null }) => ({
      ...TALK,
      turns: [{ turn: 0, question: 'Review this.', answers: [answer({ thumb })] }],
    });
    let chat = given({ value: 'up', reason: null });
    const client = chatClient(chat, OPEN, { 'chats.get': () => chat });
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Bad answer of tiny' }));
    chat = given({ value: 'down', reason: null });
    client.tell('chats.changed', { projectId: 1, chatId: 5 });
    await userEvent.type(await screen.findByRole('textbox', { name: 'Why? (optional)' }), 'too polite{Enter}');
    expect(asked(client, 'chats.vote')).toEqual({ messageId: 91, thumb: { value: 'down', reason: 'too polite' } });
    chat = given({ value: 'down', reason: 'too polite' });
    client.tell('chats.changed', { projectId: 1, chatId: 5 });
    expect(await screen.findByText('“too polite”')).toBeTruthy();
    expect(await findViolations()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Bad answer of tiny', pressed: true }));
    expect(asked(client, 'chats.vote')).toEqual({ messageId: 91, thumb: null });
  });

  test('leads to a run that goes on from the adapter, or begins anew', async () => {
    const feedback = { datasetId: 2, versionId: 11, name: 'Feedback', rows: 3, desirable: 3, undesirable: 0 };
    const client = chatClient(TALK, OPEN, { 'chats.getFeedback': () => feedback });
    showApp(client);
    expect(await screen.findByText('3 rows of feedback: 3 desirable, 0 undesirable')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Train on feedback' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/All rows have the same label/)).toBeTruthy();
    expect(dialog.getByRole<HTMLInputElement>('checkbox', { name: 'Go on from KTO 1 instead of a fresh adapter' }).checked).toBe(true);
    await waitFor(async () => expect(await findViolations()).toEqual([]));
    await userEvent.click(dialog.getByRole('button', { name: 'To the settings' }));
    await waitFor(() =>
      expect(client.choices()).toMatchObject({
        data: { versionId: 11, splitId: null },
        methods: ['kto'],
        adapterId: 7,
        modelFolder: '/models/tiny',
      }),
    );
    expect(await screen.findByRole('region', { name: 'Settings' })).toBeTruthy();
  });
});
