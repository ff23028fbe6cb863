/** @file The settings a person gave: those of a settings file, and options, which win over it. */
import { SettingsError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { textOf } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';
import { blameSettingsFile, readSettingsFile } from './read-settings-file.ts';
import { settingsFromOptions } from './setting-options.ts';

/**
 * @param options.resume - those of a resumed run are complete only in the job, which checks them again
 * @throws {SettingsError} if a setting is missing, can't be, or is at odds with another
 * @throws {StorageError} if the settings file can't be read
 */
export async function settingsGiven(
  given: GivenOptions,
  { resume }: { readonly resume: boolean },
): Promise<Readonly<Record<string, unknown>>> {
  const fromOptions = settingsFromOptions(given);
  const configFile = textOf(given, 'config') ?? null;
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
