/** @file Reads the file that says what model is to be pretrained, and how. */
import { basename } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { parsePretrainSettings } from '#engine/pretrain/pretrain-settings.ts';
import type { PretrainSettings } from '#engine/pretrain/pretrain-settings.ts';
import { readJsonFile } from '#io/read-json-file.ts';

export interface PretrainRecipe {
  /** As it stands in the file; becomes config.json. */
  readonly modelJson: Readonly<Record<string, unknown>>;
  readonly config: ModelConfig;
  readonly settings: PretrainSettings;
}

/** @throws {SettingsError | FormatError | UnsupportedModelError | StorageError} with one sentence */
export async function readRecipe(file: string): Promise<PretrainRecipe> {
  const json = await readJsonFile(file);
  const [model, training] = isObject(json) ? [json['model'], json['training']] : [];
  if (!isObject(model) || !isObject(training)) {
    throw new SettingsError(`${file} must hold an object with \`model\` (the fields of config.json) and \`training\` (settings).`, {
      field: isObject(model) ? 'training' : 'model',
    });
  }
  return { modelJson: model, config: parseModelConfig(model, basename(file)), settings: parsePretrainSettings(training, basename(file)) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
