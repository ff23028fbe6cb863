/** @file Which linear modules of a model an adapter changes, with what rank and scaling; as PEFT decides it. */
import { SettingsError } from '#contract/errors.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { LinearSize } from '#engine/model/model-tensors.ts';
import type { LoraConfig } from './lora-config.ts';
import { compilePythonRegex } from './python-regex.ts';
import { moduleAlpha, moduleRank } from './rank-and-alpha.ts';

/** PEFT's word for every linear module but the output head; case does not matter. */
const ALL_LINEAR = 'all-linear';
const OUTPUT_HEAD = /(?:^|\.)lm_head$/;

export type TargetSettings = Pick<
  LoraConfig,
  | 'r'
  | 'loraAlpha'
  | 'useRslora'
  | 'targetModules'
  | 'excludeModules'
  | 'rankPattern'
  | 'alphaPattern'
  | 'layersToTransform'
  | 'layersPattern'
>;

export interface TargetModules {
  /** In the order of the model. */
  readonly modules: readonly LoraModule[];
  /** Entries of a list in `target_modules` that no linear module has; PEFT ignores them, so they are only reported. */
  readonly unmatchedTargets: readonly string[];
}

/**
 * @param linear - the model's linear modules by full name
 * @throws {SettingsError} if no module matches, a regular expression is wrong, or the settings exclude each other
 * @see PEFT 0.21, `check_target_module_exists` in tuners/tuners_utils.py
 */
export function resolveTargetModules(settings: TargetSettings, linear: ReadonlyMap<string, LinearSize>): TargetModules {
  const isTarget = targetTest(settings);
  const isExcluded = excludedTest(settings.excludeModules);
  const rankOf = moduleRank(settings);
  const alphaOf = moduleAlpha(settings);
  const modules: LoraModule[] = [];
  for (const [name, size] of linear) {
    if (isExcluded(name) || !isTarget(name)) continue;
    const rank = rankOf(name);
    const scaling = alphaOf(name) / (settings.useRslora ? Math.sqrt(rank) : rank);
    modules.push({ name, inFeatures: size.in, outFeatures: size.out, rank, scaling });
  }
  if (modules.length === 0) throw noMatch(settings, [...linear.keys()]);
  const { targetModules } = settings;
  const entries = typeof targetModules === 'string' ? [] : targetModules;
  const unmatchedTargets = entries.filter((entry) => ![...linear.keys()].some((name) => isNameOrSuffix(name, entry)));
  return { modules, unmatchedTargets };
}

type NameTest = (name: string) => boolean;

function targetTest({ targetModules, layersToTransform, layersPattern }: TargetSettings): NameTest {
  if (typeof targetModules === 'string') {
    if (layersToTransform !== null || layersPattern !== null) {
      const field = layersToTransform === null ? 'layers_pattern' : 'layers_to_transform';
      throw new SettingsError(`\`${field}\` can only be used when \`target_modules\` is a list; leave one of the two out.`, { field });
    }
    if (targetModules.toLowerCase() === ALL_LINEAR) return (name) => !OUTPUT_HEAD.test(name);
    const pattern = compilePythonRegex(targetModules, 'fullmatch', 'target_modules');
    return (name) => pattern.test(name);
  }
  if (layersPattern !== null && layersToTransform === null) {
    throw new SettingsError('`layers_pattern` needs `layers_to_transform`, the numbers of the layers.', { field: 'layers_pattern' });
  }
  const layerOf = layerNumber(layersPattern);
  // A full name is taken whatever its layer, as PEFT does.
  return (name) =>
    targetModules.includes(name) ||
    (targetModules.some((entry) => isNameOrSuffix(name, entry)) &&
      (layersToTransform === null || layersToTransform.includes(layerOf(name))));
}

function excludedTest(exclude: TargetSettings['excludeModules']): NameTest {
  if (exclude === null) return () => false;
  if (typeof exclude !== 'string') return (name) => exclude.some((entry) => isNameOrSuffix(name, entry));
  const pattern = compilePythonRegex(exclude, 'fullmatch', 'exclude_modules');
  return (name) => pattern.test(name);
}

function isNameOrSuffix(name: string, entry: string): boolean {
  return name === entry || name.endsWith(`.${entry}`);
}

/** @returns the layer's number by module name, or NaN where there is none */
function layerNumber(layersPattern: readonly string[] | null): (name: string) => number {
  const sources = layersPattern?.map((pattern) => `(?:^|.*?\\.)${pattern}\\.(?P<idx>\\d+)\\.`) ?? ['.*?\\.[^.]*\\.(?P<idx>\\d+)\\.'];
  const patterns = sources.map((source) => compilePythonRegex(source, 'match', 'layers_pattern'));
  return (name) => {
    for (const pattern of patterns) {
      const index = pattern.exec(name)?.groups?.['idx'];
      if (index !== undefined) return Number(index);
    }
    return Number.NaN;
  };
}

function noMatch({ targetModules }: TargetSettings, names: readonly string[]): SettingsError {
  const suffixes = [...new Set(names.map((name) => name.slice(name.lastIndexOf('.') + 1)))];
  const asked = typeof targetModules === 'string' ? `"${targetModules}"` : targetModules.map((entry) => `"${entry}"`).join(', ');
  return new SettingsError(
    `\`target_modules\` matches no linear module of the model: got ${asked}; the model has ${suffixes.join(', ')}.`,
    {
      field: 'target_modules',
    },
  );
}
