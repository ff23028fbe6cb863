/** @file Reads the settings of --config: a file with the settings themselves, or the run.json of an earlier run. */
import { basename } from 'node:path';
import { FormatError, SettingsError } from '#contract/errors.ts';
import { resolveSettings, SETTING_ALIASES } from '#engine/train/resolve-settings.ts';
import { readJsonFile } from '#io/read-json-file.ts';

/**
 * @returns the settings under their standard names, not yet checked
 * @throws {SettingsError} if the file holds something else
 * @throws {StorageError} if it can't be read
 */
export async function readSettingsFile(file: string): Promise<Record<string, unknown>> {
  const json = await readJson(file);
  const settings = isObject(json) && 'settings' in json ? json['settings'] : json;
  if (!isObject(settings)) throw refuse(file, 'must hold an object of settings and their values, as run.json does');
  try {
    return withStandardNames(settings);
  } catch (error) {
    throw blameSettingsFile(error, file);
  }
}

/** Names the file in an error about a setting that was taken from it. */
export function blameSettingsFile(error: unknown, file: string): unknown {
  if (!(error instanceof SettingsError)) return error;
  return new SettingsError(`${basename(file)}: ${error.message}`, { field: String(error.details['field']) });
}

async function readJson(file: string): Promise<unknown> {
  try {
    return await readJsonFile(file);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw refuse(file, `is not JSON${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`);
  }
}

/** An option is to win over a setting of the file whatever that is called there. */
function withStandardNames(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const key = SETTING_ALIASES.get(name) ?? name;
    // Refuses what has to do with the name itself: both names at once, a ratio that would be read as a number of steps.
    if (key !== name) resolveSettings({ [name]: value, ...(key in settings ? { [key]: settings[key] } : {}) });
    renamed[key] = value;
  }
  return renamed;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(file: string, problem: string): SettingsError {
  return new SettingsError(`The settings file ${file} ${problem}.`, { field: 'config' });
}
