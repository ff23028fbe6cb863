/** @file The Chat step: its states, the conversation as it grows, keys, thumbs, settings, and the way to train on feedback. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { withPieces } from '#renderer/features/chat/use-chat.ts';
import { findViolations } from './support/axe.ts';
import { ADAPTER, answer, askedOf as asked, chatClient, CLOSED, OPEN, TALK } from './support/chat-answers.ts';
import { showApp } from './support/show-app.tsx';
import { stepsOf } from './support/steps.ts';

const article = (name: string): Promise<HTMLElement> => screen.findByRole('article', { name });
const WRITING = {
  ...TALK,
  turns: [{ turn: 0, question: 'Review this.', answers: [answer({ state: 'writing', messageId: null, text: 'A pol', facts: null })] }],
};

describe('before a conversation', () => {
  test('without a run the step says what comes first', async () => {
    const steps = stepsOf({ chat: { state: 'blocked', note: 'After the first run.', first: 'train' } });
    showApp(chatClient(null, CLOSED, { 'steps.list': () => steps }));
    await userEvent.click(await screen.findByRole('button', { name: 'Go to Train' }));
    expect(screen.getByRole('region', { name: 'Train' })).toBeTruthy();
  });

  test('it is empty, says what it is for, and begins one', async () => {
    const client = chatClient(null);
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Start a conversation' }));
    expect(asked(client, 'chats.create')).toEqual({ projectId: 1 });
    expect(await findViolations()).toEqual([]);
  });

  test('what can not be read says why', async () => {
    const fail = (): never => {
      throw new AppError('store', 'The store is damaged.');
    };
    showApp(chatClient(TALK, OPEN, { 'chats.get': fail }));
    expect(await screen.findByText('The store is damaged.')).toBeTruthy();
  });
});

describe('the model', () => {
  test('is opened when a person says so', async () => {
    const client = chatClient(TALK, CLOSED);
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Open tiny' }));
    expect(asked(client, 'playground.open')).toMatchObject({ projectId: 1, modelId: 1 });
    expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true);
    expect(await findViolations()).toEqual([]);
  });

  test.each([
    [{ kind: 'run', text: 'KTO 3 is being trained and needs the memory, so the model was unloaded.' }, 'KTO 3'],
    [{ kind: 'crashed', text: 'The chat process ended with exit code 1. Open the chat again.' }, null],
  ] as const)('that was taken away says why, and is opened again: %j', async (closed, training) => {
    showApp(chatClient(TALK, { ...CLOSED, closed, training }));
    expect(await screen.findByText(closed.text)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Open tiny again' })).toBeTruthy();
    expect(screen.queryByText(/takes memory and time from it/) !== null).toBe(training !== null);
  });

  test('that is being opened, is gone, or has no template says so', async () => {
    const first = showApp(chatClient(TALK, { ...CLOSED, phase: 'opening' }));
    expect(await screen.findByText('The model is being opened…')).toBeTruthy();
    first.unmount();
    const second = showApp(chatClient(TALK, { ...CLOSED, models: [{ id: 1, name: 'tiny', isThere: false }] }));
    expect(await screen.findByText('The folder of tiny is not there any more.')).toBeTruthy();
    second.unmount();
    showApp(chatClient(TALK, { ...OPEN, open: { ...OPEN.open!, hasChatTemplate: false } }));
    expect(await screen.findByText(/has no chat template/)).toBeTruthy();
  });

  test('says what it is; an adapter that changes nothing is said, not hidden', async () => {
    const first = showApp(chatClient(TALK, OPEN, { 'playground.check': () => ({ changes: 'nothing', largestGap: 0, tokens: 90 }) }));
    expect(await screen.findByText('tiny · CPU · Q8_0 · 512 tokens')).toBeTruthy();
    expect(await screen.findByText('This adapter changes nothing')).toBeTruthy();
    expect(await findViolations()).toEqual([]);
    first.unmount();
    const fail = (): never => {
      throw new AppError('store', 'KTO 1 was made for another model than tiny. Open its model to talk to it.');
    };
    showApp(chatClient(TALK, OPEN, { 'playground.check': fail }));
    expect(await screen.findByText(/made for another model than tiny/)).toBeTruthy();
  });
});

describe('a conversation', () => {
  test('shows base and adapter side by side with their speed, and is accessible', async () => {
    showApp(chatClient());
    const base = await article('Answer of tiny');
    expect(within(base).getByText('A polite review.')).toBeTruthy();
    expect(within(base).getByText('42 tokens/s · 5 tokens · seed 7')).toBeTruthy();
    expect(within(await article('Answer of KTO 1')).getByText('A harsh review.')).toBeTruthy();
    expect(await screen.findByText('Differs from the base model')).toBeTruthy();
    expect(await findViolations()).toEqual([]);
  });

  test('Enter asks, Shift+Enter begins a new line; what could not be asked is not lost', async () => {
    let isFailing = true;
    const client = chatClient(TALK, OPEN, {
      'chats.ask': () => {
        if (isFailing) throw new AppError('store', 'No model is open. Open one, then ask again.');
        return undefined;
      },
    });
    showApp(client);
    const box = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
    await userEvent.type(box, 'One{Shift>}{Enter}{/Shift}two{Enter}');
    expect(await screen.findByText(/No model is open/)).toBeTruthy();
    expect(box.value).toBe('One\ntwo');
    isFailing = false;
    await userEvent.type(box, '{Enter}');
    await waitFor(() => expect(box.value).toBe(''));
    expect(asked(client, 'chats.ask')).toEqual({ chatId: 5, text: 'One\ntwo' });
    // Nothing is not asked.
    client.asked.length = 0;
    await userEvent.type(box, ' {Enter}');
    expect(asked(client, 'chats.ask')).toBeUndefined();
  });

  test('grows as it is written, and Esc stops it', async () => {
    const client = chatClient(WRITING);
    showApp(client);
    const written = await article('Answer of tiny');
    expect(written.getAttribute('aria-busy')).toBe('true');
    client.tell('chats.streamed', { chatId: 5, pieces: [{ turn: 1, pane: 0, from: 5, text: 'ite rev' }] });
    await within(written).findByText('A polite rev');
    // Of another conversation, and what is known already.
    client.tell('chats.streamed', { chatId: 6, pieces: [{ turn: 1, pane: 0, from: 12, text: 'XX' }] });
    client.tell('chats.streamed', { chatId: 5, pieces: [{ turn: 1, pane: 0, from: 8, text: 'te' }] });
    expect(within(written).getByText('A polite rev')).toBeTruthy();
    expect(screen.getByText('An answer is being written.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(asked(client, 'chats.stop')).toEqual({ chatId: 5 });
    await userEvent.click(screen.getByRole('button', { name: /^Stop/ }));
    expect(client.asked.filter(([name]) => name === 'chats.stop')).toHaveLength(2);
    // What was missed is asked for.
    const before = client.asked.filter(([name]) => name === 'chats.get').length;
    client.tell('chats.streamed', { chatId: 5, pieces: [{ turn: 1, pane: 0, from: 99, text: 'end' }] });
    await waitFor(() => expect(client.asked.filter(([name]) => name === 'chats.get').length).toBeGreaterThan(before));
  });

  test('pieces are put where they belong, whatever main has said already', () => {
    const grown = (from: number, text: string) => withPieces(WRITING, [{ turn: 1, pane: 0, from, text }]);
    expect(grown(5, 'ite').next.turns[0]?.answers[0]?.text).toBe('A polite');
    expect(grown(2, 'polite').next.turns[0]?.answers[0]?.text).toBe('A polite');
    expect(grown(0, 'A').next.turns[0]?.answers[0]?.text).toBe('A pol');
    expect(grown(9, 'x').torn).toBe(true);
    expect(withPieces(TALK, [{ turn: 1, pane: 0, from: 0, text: 'x' }]).next.turns[0]?.answers[0]?.text).toBe('A polite review.');
  });

  test('says why an answer ended before its time', async () => {
    const facts = { tokens: 5, promptTokens: 20, tokensPerSecond: null, reason: 'length', droppedMessages: 2 } as const;
    const answers = [
      answer({ facts }),
      answer({
        pane: 1,
        messageId: 92,
        speaker: 'KTO 1',
        state: 'failed',
        facts: null,
        text: 'Half',
        problem: 'The chat process ended by SIGKILL.',
      }),
      answer({
        pane: 2,
        messageId: 93,
        speaker: 'KTO 2',
        state: 'stopped',
        text: '',
        facts: { ...facts, reason: 'context', droppedMessages: 0 },
      }),
    ];
    showApp(chatClient({ ...TALK, turns: [{ turn: 0, question: 'Go on.', answers }] }));
    expect(await screen.findByText('Cut off after 5 tokens (max_new_tokens).')).toBeTruthy();
    expect(screen.getByText('The oldest 2 messages no longer fit the context and were left out.')).toBeTruthy();
    const failed = within(await article('Answer of KTO 1'));
    expect(failed.getByText('The chat process ended by SIGKILL.')).toBeTruthy();
    expect(failed.queryByRole('button', { name: 'Good answer of KTO 1' })).toBeNull();
    const stopped = within(await article('Answer of KTO 2'));
    expect(stopped.getByText('It said nothing.')).toBeTruthy();
    expect(stopped.getByText(/Cut off: the context is full/)).toBeTruthy();
  });

  test('a question is asked differently, an answer is given again, a text is copied', async () => {
    const client = chatClient();
    const user = userEvent.setup();
    showApp(client);
    await user.click(await screen.findByRole('button', { name: 'Let KTO 1 answer again' }));
    expect(asked(client, 'chats.regenerate')).toEqual({ chatId: 5, pane: 1 });
    await user.click(screen.getByRole('button', { name: 'All again' }));
    expect(asked(client, 'chats.regenerate')).toEqual({ chatId: 5, pane: null });
    await user.click(screen.getByRole('button', { name: 'Copy the answer of tiny' }));
    expect(await navigator.clipboard.readText()).toBe('A polite review.');
    await user.click(screen.getByRole('button', { name: 'Edit this question' }));
    const editor = screen.getByRole('textbox', { name: 'Edit this question' });
    await user.clear(editor);
    await user.type(editor, 'Another one');
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    expect(asked(client, 'chats.edit')).toEqual({ chatId: 5, turn: 0, text: 'Another one' });
  });

  test('is begun and renamed', async () => {
    const client = chatClient();
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'New conversation' }));
    expect(asked(client, 'chats.create')).toEqual({ projectId: 1 });
    await userEvent.click(screen.getByRole('button', { name: 'What to do with this conversation' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Rename…' }));
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(name);
    await userEvent.type(name, 'Parsing{Enter}');
    expect(asked(client, 'chats.rename')).toEqual({ chatId: 5, title: 'Parsing' });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('is deleted after a question, which says what stays', async () => {
    const client = chatClient();
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'What to do with this conversation' }));
    console.log(
      'EXP',
      screen.getByRole('button', { name: 'What to do with this conversation' }).getAttribute('aria-expanded'),
      document.querySelectorAll('[role=menu]').length,
    );
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }));
    expect(await screen.findByText(/Rows that became of your thumbs stay/)).toBeTruthy();
    await userEvent.click(await screen.findByRole('button', { name: 'Delete conversation' }));
    expect(asked(client, 'chats.delete')).toEqual({ chatId: 5 });
  });

  test('has up to three models, each of which can be another', async () => {
    const client = chatClient(TALK, OPEN, { 'adapters.list': () => [{ ...ADAPTER, id: 8, name: 'KTO 2' }, ADAPTER] });
    showApp(client);
    await userEvent.click(await screen.findByRole('button', { name: 'Add a model' }));
    expect(asked(client, 'chats.configure')).toEqual({ chatId: 5, changes: { panes: [null, 7, 8] } });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Model 2' }), 'KTO 2');
    expect(asked(client, 'chats.configure')).toEqual({ chatId: 5, changes: { panes: [null, 8] } });
    await userEvent.click(screen.getByRole('button', { name: 'Take KTO 1 away' }));
    expect(asked(client, 'chats.configure')).toEqual({ chatId: 5, changes: { panes: [null] } });
  });
});
