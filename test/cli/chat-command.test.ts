/** @file `prospect chat` with real llama.cpp: a conversation line by line, one answer for a script, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { chatModelFolder } from '#test/support/chat-model-folder.ts';
import { cli } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

it('talks until /exit, gives the same answers for the same seed, and begins again with /new', { timeout: 180_000 }, async () => {
  const args = [
    'chat',
    '--model',
    await chatModelFolder(),
    '--cache-dir',
    await temporaryFolder(),
    '--cpu',
    '--threads',
    '1',
    '--seed',
    '4',
    '--max-new-tokens',
    '8',
  ];
  const input = ['One question', '', '/new', 'One question', 'One question', '/exit', 'Never asked'];
  const talk = await cli([...args, '--system', 'Be brief.'], { input });
  expect(talk.exitCode).toBe(0);
  expect(
    talk.stderr
      .replaceAll(/^(?:Converting|Verified: loaded again by llama\.cpp, ).*\n/gm, '')
      .replaceAll(/\(Cut off after 8 tokens; see --max-new-tokens\.\)\n/g, ''),
  ).toBe('');
  expect(talk.stderr).toMatch(/^Verified: loaded again by llama\.cpp/m);
  const answers = talk.host.stdout.text.split('\n').slice(0, -1);
  expect(answers[0]).toBe(answers[1]);
  expect(answers[2]).not.toBe(answers[1]); // the history is another

  const json = await cli([...args, '--prompt', 'One question', '--json', '--system', 'Be brief.']);
  expect(json.exitCode).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ text: answers[0], answer_tokens: expect.any(Number) as number, dropped_messages: 0 });
});

describe('before anything is loaded', () => {
  it.each([
    [['--temperature', '0'], /temperature must be above 0 \(for the most likely token every time, choose greedy\)/],
    [['--seed', '-1'], /--seed must be a whole number from 0 to 4294967295; it is -1/],
    [['--top-p', 'much'], /--top-p must be a number; it is much/],
    [['--dtype', 'q4'], /--dtype must be one of F32, F16, Q8_0; it is q4/],
    [['--context', '1.5'], /--context must be a whole number of at least 8; it is 1\.5/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await cli(['chat', '--model', 'base', ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('a folder that is no model is refused with its name', { timeout: 30_000 }, async () => {
    const { exitCode, stderr } = await cli(['chat', '--model', await temporaryFolder(), '--prompt', 'Hi']);
    expect(stderr).toMatch(/^prospect: The folder .* is empty/);
    expect(exitCode).toBe(1);
  });
});
