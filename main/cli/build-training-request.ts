/** @file From the options of `prospect train` to the job it asks for. */
import { SettingsError } from '#contract/errors.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { cacheFolder, requireOptions } from './common-options.ts';
import type { CliHost } from './host.ts';
import { dtypeOf, engineOf } from './engine-option.ts';
import { memoryBudget } from './memory-budget.ts';
import { textOf } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';
import { settingsFromOptions } from './setting-options.ts';
import { settingsGiven } from './settings-given.ts';
import { TRAIN_OPTIONS } from './train-options.ts';

/**
 * Settings are checked here, before anything is opened; those of a resumed run are complete only in the job, which checks them again.
 * @throws {SettingsError} if an option or setting is missing, can't be, or is at odds with another
 * @throws {StorageError} if the settings file can't be read
 */
export async function buildTrainingRequest(given: GivenOptions, host: CliHost): Promise<TrainingRequest> {
  const { model, data, out } = requireOptions(given, ['model', 'data', 'out'], TRAIN_OPTIONS);
  const fromOptions = settingsFromOptions(given);
  const evalDataFile = textOf(given, 'eval-data') ?? null;
  if (evalDataFile !== null && 'eval_ratio' in fromOptions) {
    throw new SettingsError('--eval-data and --eval-ratio exclude each other: give a file, or hold out a share of the prompts.', {
      field: 'eval_ratio',
    });
  }
  const resume = given.get('resume') === true;
  return {
    modelDir: model,
    dataFile: data,
    evalDataFile,
    outDir: out,
    settings: await settingsGiven(given, { resume }),
    adapterInitDir: textOf(given, 'adapter-init') ?? null,
    resume,
    cacheDir: cacheFolder(given, host),
    memoryBudgetBytes: memoryBudget(given),
    engine: engineOf(given),
    dtype: dtypeOf(given),
    badRows: given.get('skip-bad-rows') === true ? 'skip' : 'stop',
    probePromptsFile: textOf(given, 'probe-prompts') ?? null,
  };
}
