/** @file From the options of `prospect train` to the job it asks for. */
import { SettingsError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { cacheFolder, requireOptions } from './common-options.ts';
import type { CliHost } from './host.ts';
import { textOf } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';
import { blameSettingsFile, readSettingsFile } from './read-settings-file.ts';
import { settingsFromOptions } from './setting-options.ts';
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
    settings: await mergeSettings(fromOptions, textOf(given, 'config') ?? null, resume),
    adapterInitDir: textOf(given, 'adapter-init') ?? null,
    resume,
    cacheDir: cacheFolder(given, host),
    badRows: given.get('skip-bad-rows') === true ? 'skip' : 'stop',
  };
}

async function mergeSettings(
  fromOptions: Readonly<Record<string, unknown>>,
  configFile: string | null,
  resume: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const fromFile = configFile === null ? {} : await readSettingsFile(configFile);
  const settings = { ...fromFile, ...fromOptions };
  if (resume) return settings;
  if (!('method' in settings)) {
    throw new SettingsError('--method is missing: kto for answers marked good or bad, dpo for pairs of a better and a worse one.', {
      field: 'method',
    });
  }
  try {
    resolveSettings(settings);
  } catch (error) {
    // A setting that an option has replaced is not the file's fault.
    const field = error instanceof SettingsError ? String(error.details['field']) : '';
    throw configFile !== null && field in fromFile && !(field in fromOptions) ? blameSettingsFile(error, configFile) : error;
  }
  return settings;
}
