/** @file `prospect plan`: what a run will need, before it is started. */
import type { PlanReport } from '#jobs/plan-request.ts';
import { cacheFolder, INPUT_GROUP, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { describePlan } from './describe-plan.ts';
import { engineOf } from './engine-option.ts';
import { SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { memoryBudget } from './memory-budget.ts';
import { flagOption, textOf } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';
import { settingsGiven } from './settings-given.ts';
import { TRAIN_OPTIONS } from './train-options.ts';
import { writeLine } from './write-line.ts';

/** A plan writes nothing and continues nothing. */
const NOT_PLANNED: ReadonlySet<string> = new Set(['out', 'resume', 'eval-data', 'json']);

const OPTIONS: readonly OptionSpec[] = [
  flagOption('no-dry-run', 'Estimates memory only, without opening the weights to measure the time of a step.', { group: INPUT_GROUP }),
  flagOption('json', 'Prints the plan as one JSON object.', { group: INPUT_GROUP }),
  ...TRAIN_OPTIONS.filter(({ name }) => !NOT_PLANNED.has(name)),
];

export const PLAN: Command = { options: OPTIONS, run: plan };

async function plan({ given }: Invocation, host: CliHost): Promise<number> {
  const { model, data } = requireOptions(given, ['model', 'data'], OPTIONS);
  const report: PlanReport = await host.jobs.plan(
    {
      modelDir: model,
      dataFile: data,
      settings: await settingsGiven(given, { resume: false }),
      adapterInitDir: textOf(given, 'adapter-init') ?? null,
      cacheDir: cacheFolder(given, host),
      memoryBudgetBytes: memoryBudget(given),
      dryRun: given.get('no-dry-run') !== true,
      engine: engineOf(given),
      badRows: given.get('skip-bad-rows') === true ? 'skip' : 'stop',
    },
    { signal: host.signal },
  );
  await writeLine(host.stdout, given.get('json') === true ? JSON.stringify(report) : describePlan(report), host.signal);
  return SUCCESS;
}
