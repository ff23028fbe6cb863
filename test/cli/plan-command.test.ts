/** @file `prospect plan`: what it asks of the job, and how it shows the answer. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { describePlan } from '#cli/describe-plan.ts';
import { optionName, parseSettingValue } from '#cli/setting-value.ts';
import { OutOfMemoryError } from '#contract/errors.ts';
import { SETTING_FIELDS } from '#engine/train/settings.ts';
import type { PlanReport, PlanRequest } from '#jobs/plan-request.ts';
import { cli, PLAN_ARGS, PLAN_REPORT } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function requestOf(args: readonly string[]): Promise<PlanRequest> {
  const { host, stderr, exitCode } = await cli(args);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return host.requests[0] as PlanRequest;
}

describe('what is asked of the job', () => {
  it('is a dry run with nothing but what was given', async () => {
    expect(await requestOf(PLAN_ARGS)).toEqual({
      modelDir: 'base',
      dataFile: 'rows.jsonl',
      engine: null,
      settings: { method: 'kto' },
      adapterInitDir: null,
      cacheDir: '/home/person/.cache/prospect',
      memoryBudgetBytes: null,
      dryRun: true,
      badRows: 'stop',
    });
  });

  it('has a place for every option that is no setting', async () => {
    const args = ['--no-dry-run', '--adapter-init', 'first', '--cache-dir', 'cache', '--skip-bad-rows', '--memory-budget', '8GB'];
    expect(await requestOf([...PLAN_ARGS, ...args])).toMatchObject({
      dryRun: false,
      adapterInitDir: 'first',
      cacheDir: 'cache',
      badRows: 'skip',
      memoryBudgetBytes: 8e9,
    });
  });

  it.each(SETTING_FIELDS)('can be any setting of train: $key', async (setting) => {
    const { key, kind } = setting;
    const name = optionName(key);
    const typed = setting.default === null ? 'none' : String(setting.default);
    const settable = { loss_type: 'kto', max_prompt_length: 'none', method: 'kto' }[key] ?? typed;
    const args = kind === 'flag' ? [setting.default === true ? `--no-${name}` : `--${name}`] : [`--${name}`, settable];
    const expected = kind === 'flag' ? setting.default !== true : parseSettingValue(setting, settable);
    expect((await requestOf([...PLAN_ARGS, ...args])).settings).toMatchObject({ [key]: expected });
  });

  it('has the settings of a file, which options win over', async () => {
    const config = join(await temporaryFolder(), 'run.json');
    await writeFile(config, JSON.stringify({ settings: { method: 'dpo', beta: 0.3, lora_r: 16 } }));
    const { settings } = await requestOf(['plan', '--model', 'base', '--data', 'rows.jsonl', '--config', config, '--beta', '0.5']);
    expect(settings).toEqual({ method: 'dpo', beta: 0.5, lora_r: 16 });
  });
});

describe('what cannot be planned', () => {
  it.each([
    ['an output folder', [...PLAN_ARGS, '--out', 'run'], 'There is no option --out; the nearest is'],
    ['going on with a run', [...PLAN_ARGS, '--resume'], 'There is no option --resume; the nearest is'],
    ['a file to evaluate on', [...PLAN_ARGS, '--eval-data', 'e.jsonl'], 'There is no option --eval-data; the nearest is'],
    ['no method', PLAN_ARGS.slice(0, 5), '--method is missing'],
    ['no files', ['plan', '--method', 'kto'], '--model DIR and --data FILE are missing.'],
    ['an impossible setting', [...PLAN_ARGS, '--beta', '-1'], '--beta must be a number above 0; it is -1.'],
    ['settings at odds', [...PLAN_ARGS, '--loss-type', 'sigmoid'], 'loss_type sigmoid belongs to method dpo'],
  ])('%s is refused as bad usage', async (_what, args, message) => {
    const { exitCode, stdout, stderr, host } = await cli(args);
    expect(stderr).toMatch(/^prospect: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout, requests: host.requests }).toEqual({ exitCode: 2, stdout: '', requests: [] });
  });

  test('what the job refuses is told as a failure', async () => {
    const error = new OutOfMemoryError('This run needs more memory.', { neededBytes: 2, availableBytes: 1 });
    const { exitCode, stdout, stderr } = await cli(PLAN_ARGS, { plan: () => Promise.reject(error) });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: 'prospect: This run needs more memory.\n' });
  });
});

describe('the answer', () => {
  it('is one JSON object with --json', async () => {
    const { stdout, exitCode } = await cli([...PLAN_ARGS, '--json']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(stdout)).toEqual(PLAN_REPORT);
  });

  it('is a sheet of facts without', async () => {
    const { stdout } = await cli(PLAN_ARGS);
    expect(stdout).toBe(`${describePlan(PLAN_REPORT)}\n`);
    const facts: readonly (readonly [string, string])[] = [
      ['Fits', 'yes: the budget is 6.0 GB of the 9.0 GB that are free'],
      ['Memory', '5.5 GB at its peak'],
      ['weights', '4.4 GB, mapped from the disk'],
      ['activations', '812.3 MB in the largest chunk'],
      ['adapter', '45.1 MB with gradients and optimizer, 1,126,400 parameters'],
      ['rows', '61.7 MB'],
      ['program', '230.7 MB'],
      ['Chosen', 'chunks of 512 tokens, output head in 2 groups, layers recomputed, z0 beforehand'],
      ['Steps', '4,630 over 12,345 rows, the longest of 2,048 tokens'],
      ['Time', 'about 35 h 15 min without evaluations (213 GFLOP/s in the dry run)'],
      ['references', '3.5 s, unless an earlier run has computed them'],
      ['a step', '27 s'],
      ['6.8 GB', 'chunks of 1,024 tokens, output head in 4 groups'],
      ['4.8 GB', 'chunks of 64 tokens, layers recomputed, z0 beforehand'],
    ];
    const told = stdout.split('\n').map((line) => line.trim());
    for (const [name, value] of facts) {
      expect(
        told.filter((line) => line.startsWith(name) && line.endsWith(value) && line.slice(name.length, -value.length).trim() === ''),
      ).toHaveLength(1);
    }
    expect(stdout).toContain('Plan of a KTO run');
    expect(stdout).toContain('Plans, fastest first; all give the same results');
  });

  it('says so where the plan does not fit, and nothing of time without a dry run', () => {
    const text = describePlan({ ...PLAN_REPORT, method: 'dpo', fits: false, time: null });
    expect(text).toContain('Plan of a DPO run');
    expect(text).toMatch(/Fits +no: the budget is 6\.0 GB of the 9\.0 GB that are free/);
    expect(text).not.toMatch(/GFLOP|Time|a step/);
  });

  it('lists no more plans than a person will read', () => {
    const [one] = PLAN_REPORT.alternatives as [PlanReport['alternatives'][number]];
    const text = describePlan({ ...PLAN_REPORT, alternatives: Array.from({ length: 20 }, () => one) });
    expect(text.split('\n').filter((line) => line.includes('6.8 GB'))).toHaveLength(6);
  });

  it('gives short times to two digits', () => {
    const time = { secondsPerStep: 0.0123, secondsReferences: 0, secondsTotal: 9.96, gflops: 1 };
    const text = describePlan({ ...PLAN_REPORT, time });
    expect(text).toMatch(/Time +about 10 s without/);
    expect(text).toMatch(/a step +0\.012 s/);
  });
});
