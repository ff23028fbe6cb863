/** @file The fields of PEFT's LoRA configuration that change what an adapter computes in a way Prospect does not, and those without effect. */
import { FormatError } from '#contract/errors.ts';

/** Refused unless off (absent, null, false, 0, empty): why, as the end of "…, which". */
const REFUSED: Readonly<Record<string, string>> = {
  use_dora: 'rescales the norms of the weights (DoRA)',
  target_parameters: 'adapts parameters that are no linear modules',
  layer_replication: 'copies layers of the model',
  lora_bias: 'adds a bias to lora_B',
  fan_in_fan_out: 'means weights stored transposed, as in GPT-2',
  modules_to_save: 'replaces whole modules of the model',
  trainable_token_indices: 'replaces rows of the embedding',
  use_qalora: 'pools the input of the adapter (QALoRA)',
  use_bdlora: 'makes the factors block-diagonal (BD-LoRA)',
  alora_invocation_tokens: 'switches the adapter on within a text (aLoRA)',
  arrow_config: 'mixes several adapters token by token (Arrow)',
  kasa_config: 'changes the model by a decomposition (KaSA)',
  monteclora_config: 'samples the factors (MonteCLoRA)',
  velora_config: 'compresses activations for the gradient (VeLoRA)',
  megatron_config: 'means the parallel layers of Megatron',
};

/** Initialisations that leave the model as it is; others (PiSSA, OLoRA, CorDA, LoftQ, MiCA …) change its weights or the training. */
const PLAIN_INITIALISATIONS: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

/** Fields read by `parseLoraConfig`, or without effect on a trained adapter; up to PEFT 0.21. */
const OTHER_FIELDS = (
  'peft_type task_type base_model_name_or_path revision inference_mode auto_mapping peft_version r lora_alpha lora_dropout use_rslora ' +
  'target_modules exclude_modules rank_pattern alpha_pattern bias layers_to_transform layers_pattern init_lora_weights loftq_config ' +
  'eva_config corda_config lora_ga_config megatron_core qalora_group_size ensure_weight_tying runtime_config'
).split(' ');

export const KNOWN_FIELDS: ReadonlySet<string> = new Set([...Object.keys(REFUSED), ...OTHER_FIELDS]);

/** @throws {FormatError} naming the first field that asks for something else than plain LoRA on linear modules of a causal model */
export function checkRefusedFields(raw: Readonly<Record<string, unknown>>, file: string): void {
  const refuse = (field: string, why: string): FormatError =>
    new FormatError(`${file} can't be used: \`${field}\` is ${shorten(raw[field])}, ${why}. Prospect reads plain LoRA adapters.`, {
      file,
      field,
    });
  if (isOff(raw['peft_type'])) throw refuse('peft_type', 'expected "LORA"');
  if (raw['peft_type'] !== 'LORA') throw refuse('peft_type', 'another method than LoRA');
  if (!isOff(raw['task_type']) && raw['task_type'] !== 'CAUSAL_LM') throw refuse('task_type', 'expected "CAUSAL_LM"');
  if (!isOff(raw['bias']) && raw['bias'] !== 'none') throw refuse('bias', "which replaces biases of the model; expected 'none'");
  for (const [field, why] of Object.entries(REFUSED)) {
    if (!isOff(raw[field])) throw refuse(field, `which ${why}`);
  }
  if (!PLAIN_INITIALISATIONS.includes(raw['init_lora_weights'])) {
    throw refuse('init_lora_weights', 'which changes more than the adapter; save it again with PEFT, converted to plain LoRA');
  }
}

function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function shorten(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
