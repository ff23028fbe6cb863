/** @file The adapter a run starts from: a fresh one, or one from a PEFT folder. */
import type { Adapter, LoraFactorPair } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import type { LoraConfig } from '#engine/adapter/lora-config.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import { loraInputName } from '#engine/model/lora.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { Random } from '#engine/train/random.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import type { TrainingSettings } from '#engine/train/settings.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import type { OpenedModel } from './open-model.ts';

/** What an adapter needs to know of its model. */
type AdaptedModel = Pick<OpenedModel, 'dir' | 'linear'>;

export interface TrainableAdapter {
  readonly config: LoraConfig;
  readonly modules: readonly LoraModule[];
  /** A and B by parameter name; the optimizer changes them in place. */
  readonly parameters: LoraParameters;
  readonly notes: readonly string[];
}

/** Selects the sequence of random numbers that A is drawn from. */
const STREAM = 3;

/** A ~ U(−1/√in, 1/√in), B = 0, as PEFT initialises. @throws {SettingsError} if `target_modules` matches nothing */
export function freshAdapter(model: AdaptedModel, settings: TrainingSettings): TrainableAdapter {
  const config: LoraConfig = {
    ...DEFAULT_LORA_CONFIG,
    r: settings.lora_r,
    loraAlpha: settings.lora_alpha,
    loraDropout: settings.lora_dropout,
    useRslora: settings.use_rslora,
    targetModules: settings.target_modules,
    baseModelNameOrPath: model.dir,
  };
  const { modules, unmatchedTargets } = resolveTargetModules(config, model.linear);
  const random = Random.fromSeed(settings.seed, STREAM);
  const parameters = new Map<string, Float32Array>();
  for (const { name, rank, inFeatures, outFeatures } of modules) {
    const a = new Float32Array(rank * inFeatures);
    random.fillUniform(a, 1 / Math.sqrt(inFeatures));
    parameters.set(loraInputName(name, 'lora_A'), a);
    parameters.set(loraInputName(name, 'lora_B'), new Float32Array(outFeatures * rank));
  }
  const notes = unmatchedTargets.map((target) => `No module of the model is called ${target}; it is left out of the adapter.`);
  return { config, modules, parameters, notes };
}

/** @throws {FormatError | ShapeError} if the folder is no adapter, or one for another model */
export async function adapterFromFolder(dir: string, model: AdaptedModel): Promise<TrainableAdapter> {
  const stored = await readAdapterFolder(dir);
  const adapter = trainable(stored, model);
  const notes = stored.ignoredKeys.map((key) => `adapter_config.json has the unknown key ${key}, which is ignored.`);
  return { ...adapter, notes };
}

/** An adapter in memory, checked against the model. @throws {ShapeError} if it was made for another model */
export function trainable(adapter: Adapter, model: AdaptedModel): TrainableAdapter {
  checkAdapterFits(adapter, model.linear);
  const { modules } = resolveTargetModules(adapter.config, model.linear);
  const parameters = new Map<string, Float32Array>();
  for (const { name } of modules) {
    const { loraA, loraB } = adapter.tensors.get(name) as LoraFactorPair;
    parameters.set(loraInputName(name, 'lora_A'), loraA.data.slice());
    parameters.set(loraInputName(name, 'lora_B'), loraB.data.slice());
  }
  return { config: adapter.config, modules, parameters, notes: [] };
}

/** The same adapter as PEFT's files hold it. */
export function toAdapter({ config, modules }: TrainableAdapter, parameters: LoraParameters): Adapter {
  const tensors = modules.map(({ name, rank, inFeatures, outFeatures }): [string, LoraFactorPair] => {
    const data = (factor: 'lora_A' | 'lora_B') => parameters.get(loraInputName(name, factor)) as Float32Array;
    return [
      name,
      { loraA: { data: data('lora_A'), rows: rank, cols: inFeatures }, loraB: { data: data('lora_B'), rows: outFeatures, cols: rank } },
    ];
  });
  return { config, tensors: new Map(tensors) };
}
