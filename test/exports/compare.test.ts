/** @file Comparing runs: the arithmetic on made-up figures, and the whole on two tiny runs. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareSettings, judge } from '#exports/compare/comparison.ts';
import type { ComparedRun } from '#exports/compare/comparison.ts';
import { comparisonCsv, comparisonHtml } from '#exports/compare/report.ts';
import { jackknife, mean, pairedDifference, share } from '#exports/evaluate/estimate.ts';
import { answerPrompts } from '#exports/evaluate/answer-prompts.ts';
import { evaluateAdapters } from '#exports/evaluate/evaluate-adapters.ts';
import { evaluatePairs } from '#exports/evaluate/evaluation.ts';
import { measureAdapter } from '#exports/evaluate/measure-adapter.ts';
import { cli } from '#test/support/fake-cli-host.ts';
import { EXPORT_BASE, trainForExport } from '#test/support/export-runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** A run that gets `right` of `count` pairs right, the first ones. */
function run(name: string, right: number, count: number, settings: Record<string, unknown> = {}): ComparedRun {
  const policy = Array.from({ length: count }, (_, i) => ({ chosen: i < right ? -1 : -3, rejected: -2 }));
  const reference = policy.map(() => ({ chosen: -2, rejected: -2 }));
  const record = { settings: { beta: 0.1, ...settings } } as unknown as ComparedRun['source']['run'];
  return {
    name,
    source: { adapterDir: name, modelDir: 'm', run: record, metrics: [], rows: null },
    evaluation: evaluatePairs(policy, reference, { beta: 0.5, answers: null }),
  };
}

describe('intervals', () => {
  it('of shares are Wilson’s', () => {
    const { value, low, high } = share(8, 10);
    expect([value, low, high].map((x) => x.toFixed(4))).toEqual(['0.8000', '0.4902', '0.9433']); // as in statsmodels proportion_confint(8, 10, method='wilson')
    expect(share(0, 20)).toMatchObject({ value: 0, low: 0 });
    expect(share(0, 20).high).toBeCloseTo(0.1611, 4);
  });

  it('of means hold the mean, narrow with more values, and are the same for the same seed', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 101);
    const [few, many] = [mean(values.slice(0, 20), 1), mean(values, 1)];
    expect(many.low).toBeLessThan(many.value);
    expect(many.high).toBeGreaterThan(many.value);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
    expect(mean(values, 1)).toEqual(many);
  });

  it('of a difference are not empty where no pair tells two runs apart', () => {
    const { value, low, high } = pairedDifference({ onlyFirst: 0, onlySecond: 0, count: 20 });
    expect(value).toBe(0);
    expect(low).toBeCloseTo(-high, 12);
    expect(high).toBeGreaterThan(0.05);
    expect(pairedDifference({ onlyFirst: 30, onlySecond: 2, count: 100 }).low).toBeGreaterThan(0.15);
  });
});

describe('the jackknife', () => {
  it('of a mean is Student’s interval', () => {
    const values = [4.1, 5.2, 6.3, 4.8, 5.9, 5.1, 4.4, 6.0];
    const average = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / some.length;
    const { low, high } = jackknife(average(values), values.length, (left) => average(values.toSpliced(left, 1)));
    // As scipy.stats.t.interval(0.95, 7, mean(values), sem(values)) has it; the expansion of the quantile is good to a thousandth.
    expect([low, high].map((x) => x.toFixed(2))).toEqual(['4.57', '5.88']);
    expect(jackknife(1, 1, () => 0)).toEqual({ value: 1, low: NaN, high: NaN });
  });
});

describe('figures of pairs', () => {
  it('are rewards relative to the base model, with a tie counted as wrong', () => {
    const policy = [
      { chosen: -1, rejected: -5 },
      { chosen: -4, rejected: -4 },
    ];
    const reference = [
      { chosen: -2, rejected: -4 },
      { chosen: -4, rejected: -4 },
    ];
    const { pairs, accuracy, evalLoss, rewardChosen, rewardRejected } = evaluatePairs(policy, reference, { beta: 0.5, answers: null });
    expect(pairs).toEqual([
      { margin: 1, isRight: true },
      { margin: 0, isRight: false },
    ]);
    expect(accuracy.value).toBe(0.5);
    expect(evalLoss.value).toBeCloseTo((Math.log1p(Math.exp(-1)) + Math.LN2) / 2, 12);
    expect([rewardChosen.value, rewardRejected.value]).toEqual([0.25, -0.25]);
  });

  it('of answers are their length, variety and distance from the base model', () => {
    const answers = [
      { prompt: 'p', text: 'one two two', tokens: 4, logRatio: 2 },
      { prompt: 'q', text: 'one', tokens: 2, logRatio: 1 },
    ];
    const { answers: figures } = evaluatePairs([{ chosen: 0, rejected: 0 }], [{ chosen: 0, rejected: 0 }], { beta: 0.1, answers });
    expect(figures).toMatchObject({ klPerToken: { value: 0.5 }, distinct1: { value: 0.5 }, distinct2: { value: 1 } });
    expect([figures?.kl.value, figures?.meanTokens.value]).toEqual([1.5, 3]);
  });
});

describe('the verdict', () => {
  it('is for the better run where chance does not explain the difference', () => {
    const verdict = judge([run('weak', 55, 100), run('strong', 90, 100)]);
    expect(verdict?.better).toBe('strong');
    expect(verdict?.text).toMatch(
      /strong is better: the difference, 35\.0 points \(95 % interval \d+\.\d to \d+\.\d\), is more than chance explains\./,
    );
  });

  it('says so when the difference is within noise', () => {
    const verdict = judge([run('a', 8, 10), run('b', 7, 10)]);
    expect(verdict?.better).toBeNull();
    expect(verdict?.text).toMatch(/10\.0 points \(95 % interval −\d+\.\d to \d+\.\d\), is within noise/);
    expect(judge([run('alone', 1, 2)])).toBeNull();
  });

  it('comes with the settings, those that differ first', () => {
    const rows = compareSettings([run('a', 1, 2, { seed: 1, method: 'kto' }), run('b', 1, 2, { seed: 1, method: 'dpo' })]);
    expect(rows.map(({ name, differs }) => [name, differs])).toEqual([
      ['method', true],
      ['beta', false],
      ['seed', false],
    ]);
  });
});

it('the report is one page that loads nothing, and shows names as text', () => {
  const comparison = {
    runs: [run('<b>a</b>', 1, 2), run('=b', 2, 2)],
    verdict: null,
    answers: [],
    votes: ['<i>b</i> won.'],
    madeAt: 'now',
  };
  const html = comparisonHtml(comparison);
  expect(html).toContain('&lt;b&gt;a&lt;/b&gt;');
  expect(html).toContain('&lt;i&gt;b&lt;/i&gt; won.');
  expect(html).not.toMatch(/<b>a|<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)|src=|<link/);
  expect(comparisonCsv(comparison).split('\r\n')[0]).toBe("figure,<b>a</b>,<b>a</b> low,<b>a</b> high,'=b,'=b low,'=b high");
});

describe('on two tiny runs', () => {
  let folder = '';
  let args: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    for (const method of ['kto', 'dpo'] as const) await trainForExport(method, folder);
    args = ['--pairs', join(folder, 'pairs.jsonl'), '--cache-dir', join(folder, 'cache'), '--max-new-tokens', '6'];
  }, 60_000);

  it('eval measures an adapter: trained pairs are told apart, and the base model is where it is', async () => {
    const { stdout, exitCode } = await cli(['eval', '--adapter', join(folder, 'kto'), '--answers', '2', '--json', ...args]);
    expect(exitCode).toBe(0);
    const figures = JSON.parse(stdout) as Record<string, { value: number }>;
    expect(figures['rewards/accuracies']?.value).toBe(1);
    expect(figures['rewards/margins']?.value).toBeGreaterThan(0.1);
    expect(figures['answer_tokens']?.value).toBeGreaterThan(0);
    const request = { maxLength: null, beta: 0.1, answers: 2, maxNewTokens: 6, seed: 0, signal: new AbortController().signal };
    const [base] = await evaluateAdapters({
      ...request,
      modelDir: EXPORT_BASE,
      adapters: [null],
      pairsFile: join(folder, 'pairs.jsonl'),
      cacheDir: join(folder, 'cache'),
    });
    expect(base).toMatchObject({
      evalLoss: { value: Math.LN2 },
      accuracy: { value: 0 },
      margin: { value: 0 },
      answers: { kl: { value: 0 } },
    });
  });

  it('compare writes a report with curves, settings, figures and answers', async () => {
    const out = join(folder, 'report');
    const result = await cli([
      'compare',
      '--runs',
      `${join(folder, 'kto')},${join(folder, 'dpo')}`,
      '--answers',
      '2',
      '--out',
      out,
      ...args,
    ]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/^Settings that differ\n {2}method +kto {2}\| {2}dpo\n/);
    expect(result.stdout).toMatch(/is within noise/);
    const html = await readFile(join(out, 'report.html'), 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(4);
    expect(html).toContain('Answers to the same prompts with the same seed');
    const json = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as {
      runs: { name: string; pairs: unknown[] }[];
      answers: { texts: string[] }[];
    };
    expect(json.runs.map(({ name, pairs }) => [name, pairs.length])).toEqual([
      ['kto', 12],
      ['dpo', 12],
    ]);
    expect(json.answers.map(({ texts }) => texts.length)).toEqual([3, 3]);
    expect((await readFile(join(out, 'report.csv'), 'utf8')).split('\r\n')[1]).toMatch(/^rewards\/accuracies,1,0\.7\d+,1,1,/);
  });

  it('passes over prompts that leave the model no room, and gives the others the answers they have in a longer list', async () => {
    const prompts = ['Question 1? ', 'word '.repeat(400), 'Question 2? '];
    const write = async (name: string, texts: readonly string[]): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, texts.map((prompt) => `${JSON.stringify({ prompt, chosen: 'yes', rejected: 'no' })}\n`).join(''));
      return file;
    };
    const request = {
      modelDir: EXPORT_BASE,
      adapterDir: join(folder, 'kto'),
      temperature: 1,
      maxNewTokens: 8,
      seed: 3,
      cacheDir: join(folder, 'cache'),
    };
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const all = await answerPrompts({ ...request, promptsFile: await write('all.jsonl', prompts), places: [0, 1, 2] }, options);
    expect(all.map(({ text }) => text === null)).toEqual([false, true, false]);
    expect(all[0]).not.toEqual(all[2]);
    const last = await answerPrompts({ ...request, promptsFile: await write('last.jsonl', prompts.slice(2)), places: [2] }, options);
    expect(last).toEqual(all.slice(2));
    const measured = await measureAdapter(
      { ...request, pairsFile: join(folder, 'all.jsonl'), maxLength: null, answers: 3 },
      { signal: options.signal, onProgress: () => undefined },
    );
    expect(measured.scores).toHaveLength(3);
    expect(measured.answers.map(({ prompt }) => prompt)).toEqual([prompts[0], prompts[2]]);
  });

  it('refuses one run, single answers, and a beta that can not be', async () => {
    const one = await cli(['compare', '--runs', join(folder, 'kto'), ...args]);
    expect(one.stderr).toContain('--runs needs two or more different folders');
    const examples = join(folder, 'examples.jsonl');
    await writeFile(examples, `${JSON.stringify({ prompt: 'a', completion: 'b', label: true })}\n`);
    const single = await cli(['eval', '--adapter', join(folder, 'kto'), '--pairs', examples, '--cache-dir', join(folder, 'cache')]);
    expect(single.stderr).toContain('Choose a file of pairs.');
    const beta = await cli(['eval', '--adapter', join(folder, 'kto'), ...args, '--beta', '0']);
    expect([beta.exitCode, beta.stderr]).toEqual([2, 'prospect: --beta must be a number above 0; it is 0.\n']);
  });
});
