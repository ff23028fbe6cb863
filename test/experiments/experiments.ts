/**
 * @file The experiments of docs/experiments.md: `npm run experiments -- NAME [--steps N] [--seeds N]`, NAME one of curves, noise, imbalance,
 * one-answer, truncation. Prints a table in Markdown and keeps the numbers in out/experiments/NAME.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { suggestWeights } from './suggested-weights.ts';
import { desirable, readPairs, undesirable, withNoise } from './review-pairs.ts';
import { measuredRun } from './kept-measurements.ts';
import type { Measured, RunRequest } from './run-method.ts';
import { cutAsTrl08 } from './trl-08-rows.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '1000' }, seeds: { type: 'string', default: '3' } },
});
const steps = Number(values.steps);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const pairs = readPairs('reviewer2-1k-paired');
const heldOut = readPairs('reviewer2-eval-paired');

type Variant = Pick<RunRequest, 'method' | 'rows' | 'settings'> & { readonly name: string };

/** One answer in ten is desirable. */
const few = [...pairs.slice(0, 100).map(desirable), ...pairs.slice(100).map(undesirable)];

const EXPERIMENTS: Readonly<Record<string, () => Promise<readonly Variant[]> | readonly Variant[]>> = {
  curves: () => [
    { name: 'KTO', method: 'kto', rows: pairs },
    { name: 'DPO', method: 'dpo', rows: pairs },
  ],
  noise: () =>
    [0, 0.1, 0.2, 0.4].flatMap((share): Variant[] => {
      const rows = withNoise(pairs, share, 7);
      const label = `${100 * share} % exchanged`;
      return [
        { name: `KTO, ${label}`, method: 'kto', rows },
        { name: `DPO, ${label}`, method: 'dpo', rows },
      ];
    }),
  imbalance: () => [
    { name: 'KTO 1:9, weights 1 and 1', method: 'kto', rows: few },
    { name: 'KTO 1:9, weights of the helper', method: 'kto', rows: few, settings: suggestWeights(few) },
  ],
  'one-answer': () => [
    { name: 'KTO, both answers to 500 prompts', method: 'kto', rows: pairs.slice(0, 500) },
    {
      name: 'KTO, one answer to each of 1,000 prompts',
      method: 'kto',
      rows: pairs.map((pair, i) => (i % 2 === 0 ? desirable(pair) : undesirable(pair))),
    },
  ],
  truncation: async () => {
    // Half of the blog's 128 and 256: rows of the starter's tokens are about half as long as those of its model.
    const limits = { maxLength: 64, maxPromptLength: 128 };
    return [
      { name: 'KTO, answers whole', method: 'kto', rows: pairs },
      { name: 'KTO, cut as TRL 0.8', method: 'kto', rows: await cutAsTrl08(pairs, 'kto', limits) },
      { name: 'DPO, answers whole', method: 'dpo', rows: pairs },
      { name: 'DPO, cut as TRL 0.8', method: 'dpo', rows: await cutAsTrl08(pairs, 'dpo', limits) },
    ];
  },
};

const name = positionals[0] ?? '';
const variants = await EXPERIMENTS[name]?.();
if (!variants) throw new Error(`Name an experiment: ${Object.keys(EXPERIMENTS).join(', ')}.`);
const results: { readonly name: string; readonly seed: number; readonly measured: Measured }[] = [];
const show = (value: number) => value.toFixed(3);
const line = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
line(['run', 'seed', 'eval_loss', 'reward margin', 'harsh answers', 'implicit accuracy']);
line(['---', '---', '---', '---', '---', '---']);
for (const { name: variant, ...rest } of variants) {
  for (const seed of seeds) {
    const measured = await measuredRun({ ...rest, heldOut, steps, seed });
    results.push({ name: variant, seed, measured });
    const { evalLoss, margin, harsh, accuracy } = measured;
    line([variant, String(seed), show(evalLoss), show(margin), `${(100 * harsh).toFixed(0)} %`, `${(100 * accuracy).toFixed(0)} %`]);
  }
}
mkdirSync('out/experiments', { recursive: true });
writeFileSync(`out/experiments/${name}.json`, `${JSON.stringify({ steps, results }, null, 2)}\n`);
