/** @file What adapter_config.json says about a LoRA adapter, checked; everything Prospect can't compute is refused by name. */
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';
import { checkRefusedFields, KNOWN_FIELDS } from './lora-config-fields.ts';

/** Field names are PEFT's in camelCase. */
export interface LoraConfig {
  /** R, where `rankPattern` says nothing else. */
  readonly r: number;
  readonly loraAlpha: number;
  /** Written for the record: TRL trains KTO and DPO with every dropout off. */
  readonly loraDropout: number;
  /** Scale by alpha / √R instead of alpha / R. */
  readonly useRslora: boolean;
  /** Full names or suffixes after a dot; or a Python regular expression for full names; or "all-linear". */
  readonly targetModules: string | readonly string[];
  readonly excludeModules: string | readonly string[] | null;
  /** Rank by regular expression for the end of a module's name; the first match counts. */
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  /** Layer numbers to adapt; null for all. */
  readonly layersToTransform: readonly number[] | null;
  /** Name of the list of layers (`layers`), or several; null for any. */
  readonly layersPattern: readonly string[] | null;
  readonly bias: 'none';
  readonly modulesToSave: null;
  /** How the adapter was, or is to be, initialised; of no effect once its tensors exist. */
  readonly initLoraWeights: boolean | 'gaussian';
  /** Folder or hub name of the model, as given when the adapter was made. */
  readonly baseModelNameOrPath: string | null;
  readonly revision: string | null;
}

/** PEFT's defaults for llama, mistral, qwen2 and qwen3. */
export const DEFAULT_LORA_CONFIG: LoraConfig = {
  r: 8,
  loraAlpha: 8,
  loraDropout: 0,
  useRslora: false,
  targetModules: ['q_proj', 'v_proj'],
  excludeModules: null,
  rankPattern: {},
  alphaPattern: {},
  layersToTransform: null,
  layersPattern: null,
  bias: 'none',
  modulesToSave: null,
  initLoraWeights: true,
  baseModelNameOrPath: null,
  revision: null,
};

/** PEFT's largest published ranks are 1024 or so; a wrong one must not ask for an absurd amount of memory. */
const MAX_RANK = 65_536;

const text = z.string('must be a text');
const rank = z.int('must be a whole number').min(1, 'must be at least 1').max(MAX_RANK, `must be at most ${MAX_RANK}`);
const number = z.number('must be a number');
const names = z.union([text, z.array(text)], 'must be a text or a list of texts').nullish();
const layer = z.int('must be a whole number').min(0, 'must be at least 0');

const CONFIG_SCHEMA = z.looseObject(
  {
    r: rank.nullish(),
    lora_alpha: number.nullish(),
    lora_dropout: number.min(0, 'must be from 0 to below 1').lt(1, 'must be from 0 to below 1').nullish(),
    use_rslora: z.boolean('must be true or false').nullish(),
    target_modules: names,
    exclude_modules: names,
    rank_pattern: z.record(text, rank, 'must be an object of ranks by pattern').nullish(),
    alpha_pattern: z.record(text, number, 'must be an object of alphas by pattern').nullish(),
    layers_to_transform: z.union([layer, z.array(layer)], 'must be a layer number or a list of them').nullish(),
    layers_pattern: names,
    init_lora_weights: z.union([z.boolean(), text]).nullish(),
    base_model_name_or_path: text.nullish(),
    revision: text.nullish(),
  },
  'must be an object',
);

/**
 * @param json - the parsed adapter_config.json
 * @param file - its path, for messages
 * @returns the configuration, with PEFT's defaults where a field is missing, and the keys that no PEFT up to 0.21 knows
 * @throws {FormatError} naming the field that is wrong, or that asks for a variant of LoRA which is not supported
 */
export function parseLoraConfig(json: unknown, file: string): { readonly config: LoraConfig; readonly ignoredKeys: readonly string[] } {
  const parsed = CONFIG_SCHEMA.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new FormatError(`${file}: ${field === '' ? 'the configuration' : `\`${field}\``} ${issue?.message ?? 'is wrong'}.`, {
      file,
      field,
    });
  }
  const raw = parsed.data;
  checkRefusedFields(raw, file);
  const targetModules = raw.target_modules ?? '';
  if (targetModules.length === 0) {
    throw new FormatError(`${file} does not say which modules are adapted: \`target_modules\` is missing or empty.`, {
      file,
      field: 'target_modules',
    });
  }
  const config: LoraConfig = {
    r: raw.r ?? DEFAULT_LORA_CONFIG.r,
    loraAlpha: raw.lora_alpha ?? DEFAULT_LORA_CONFIG.loraAlpha,
    loraDropout: raw.lora_dropout ?? 0,
    useRslora: raw.use_rslora ?? false,
    targetModules,
    excludeModules: isEmpty(raw.exclude_modules) ? null : (raw.exclude_modules ?? null),
    rankPattern: raw.rank_pattern ?? {},
    alphaPattern: raw.alpha_pattern ?? {},
    layersToTransform: isEmpty(raw.layers_to_transform) ? null : asList(raw.layers_to_transform),
    layersPattern: isEmpty(raw.layers_pattern) ? null : asList(raw.layers_pattern),
    bias: 'none',
    modulesToSave: null,
    initLoraWeights: raw.init_lora_weights === 'gaussian' ? 'gaussian' : raw.init_lora_weights !== false,
    baseModelNameOrPath: raw.base_model_name_or_path ?? null,
    revision: raw.revision ?? null,
  };
  return { config, ignoredKeys: Object.keys(raw).filter((key) => !KNOWN_FIELDS.has(key)) };
}

/** PEFT takes an empty list or text as "not given". */
function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function asList<T extends string | number>(value: T | readonly T[] | null | undefined): readonly T[] | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? value : [value];
}
