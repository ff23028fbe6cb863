/** @file `--memory-budget`: what it reads, what it refuses, and that it reaches the job. */
import { freemem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { memoryBudget } from '#cli/memory-budget.ts';
import { SettingsError } from '#contract/errors.ts';
import { cli, PLAN_ARGS, TRAIN_ARGS } from '#test/support/fake-cli-host.ts';

const FREE = 10_000_000_001;
const budget = (text: string) => memoryBudget(new Map([['memory-budget', text]]), FREE);

describe('a memory budget', () => {
  it.each([
    ['8GB', 8e9],
    ['8 GB', 8e9],
    ['8gb', 8e9],
    ['6500MB', 6.5e9],
    ['6.5GB', 6.5e9],
    ['900KB', 9e5],
    ['8GiB', 8 * 2 ** 30],
    ['512MiB', 2 ** 29],
    ['1024kib', 2 ** 20],
    ['50%', 5e9],
    ['50 %', 5e9],
    ['12.5%', 1.25e9],
    ['100%', FREE],
  ])('of %s is that many bytes', (text, bytes) => {
    expect(budget(text)).toBe(bytes);
  });

  it('is left to the job where it is not given', () => {
    expect(memoryBudget(new Map(), FREE)).toBeNull();
  });

  it('of a share is one of what is free now, in whole bytes', () => {
    const half = memoryBudget(new Map([['memory-budget', '50%']])) ?? Number.NaN;
    expect(Number.isInteger(half)).toBe(true);
    expect(half / freemem()).toBeGreaterThan(0.25);
    expect(half / freemem()).toBeLessThan(0.75);
    expect(budget('33.3%')).toBe(Math.floor(0.333 * FREE));
  });

  it.each([
    '8',
    '8G',
    'GB',
    '%',
    '0GB',
    '0%',
    '101%',
    '100.1%',
    '-8GB',
    '+8GB',
    '1e9GB',
    '8TB',
    '8 GB free',
    'half',
    'NaN%',
    'Infinity GB',
    '8,5GB',
  ])('of %s is refused', (text) => {
    expect(() => budget(text)).toThrow(SettingsError);
    expect(() => budget(text)).toThrow(`--memory-budget must be a size such as 8GB or 6500MB, or a share such as 50%; it is ${text}.`);
  });

  it('that is empty is refused as that', () => {
    expect(() => budget('')).toThrow('or a share such as 50%; it is empty.');
    expect(() => budget('')).toThrow(expect.objectContaining({ details: { field: 'memory_budget' } }) as Error);
  });
});

describe.each([
  ['train', [...TRAIN_ARGS]],
  ['plan', [...PLAN_ARGS]],
] as const)('prospect %s', (_command, args) => {
  const events = [{ kind: 'finished', step: 1, outDir: 'run', trainLoss: 0 }] as const;

  it('hands the budget to the job', async () => {
    const { host, stderr, exitCode } = await cli([...args, '--memory-budget', '6500MB'], { events });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(host.requests).toMatchObject([{ memoryBudgetBytes: 6.5e9 }]);
  });

  it('without one leaves it to the job', async () => {
    expect((await cli(args, { events })).host.requests).toMatchObject([{ memoryBudgetBytes: null }]);
  });

  it('refuses a wrong one before anything is opened', async () => {
    const { host, exitCode, stdout, stderr } = await cli([...args, '--memory-budget=lots']);
    expect(stderr).toBe('prospect: --memory-budget must be a size such as 8GB or 6500MB, or a share such as 50%; it is lots.\n');
    expect({ exitCode, stdout, requests: host.requests }).toEqual({ exitCode: 2, stdout: '', requests: [] });
  });
});
