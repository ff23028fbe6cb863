/** @file From a parsed config.json to the settings the decoder is built from: checked, completed, or refused with a reason. */
import { FormatError, UnsupportedModelError } from '#contract/errors.ts';
import { ARCHITECTURES, isArchitecture, SUPPORTED_ARCHITECTURES } from './architectures.ts';
import { describeValue, readRawConfig, type RawModelConfig } from './config-schema.ts';
import type { Architecture, ModelConfig } from './model-config.ts';
import { parseRopeConfig } from './parse-rope-config.ts';
import { parseSlidingWindows } from './parse-sliding-windows.ts';

// The same for all four architectures (transformers 5.18).
const DEFAULT_RMS_NORM_EPS = 1e-6;

/**
 * Reads a Hugging Face config.json as transformers 5.18 would, absent keys taking the default of the architecture's config class.
 * @param json - the parsed file, of any shape
 * @param file - its name, for messages
 * @throws {FormatError} if a field is missing, of the wrong type, out of range, or contradicts another
 * @throws {UnsupportedModelError} if the architecture, its variant, or quantised weights cannot be trained
 */
export function parseModelConfig(json: unknown, file: string): ModelConfig {
  // The architecture first: another kind of model lacks half the fields, and "unsupported" is the better answer than "missing".
  const architecture = identify(json, file);
  const raw = readRawConfig(json, file);
  const defaults = ARCHITECTURES[architecture];
  const { keyValueHeads, headDim } = parseHeads(raw, architecture, file);
  const maxPositions = raw.max_position_embeddings ?? defaults.maxPositions;
  const rope = parseRopeConfig({ raw, architecture, maxPositions, file });
  if (rope.type === 'dynamic' && headDim < 4)
    throw wrong(file, 'head_dim', `must be at least 4 for dynamic rotary embeddings, got ${headDim}`);
  const attentionBias = (architecture === 'llama' || architecture === 'qwen3') && (raw.attention_bias ?? false);
  return {
    architecture,
    vocabSize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layerCount: raw.num_hidden_layers,
    queryHeads: raw.num_attention_heads,
    keyValueHeads,
    headDim,
    rmsNormEps: raw.rms_norm_eps ?? DEFAULT_RMS_NORM_EPS,
    maxPositions,
    tieWordEmbeddings: raw.tie_word_embeddings ?? false,
    qkvBias: architecture === 'qwen2' || attentionBias,
    outputBias: attentionBias,
    mlpBias: architecture === 'llama' && (raw.mlp_bias ?? false),
    qkNorm: architecture === 'qwen3',
    slidingWindows: parseSlidingWindows(raw, architecture, file),
    rope,
  };
}

/** Model type, class and activation; refuses what cannot be built before anything else is looked at. */
function identify(json: unknown, file: string): Architecture {
  const raw: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
  const modelType = raw['model_type'];
  const classes = Array.isArray(raw['architectures']) ? raw['architectures'] : [];
  const className: unknown = classes[0];
  if (typeof modelType !== 'string') {
    // Throws for whatever else is wrong with the file, so that a list or a number is not reported as a missing model_type.
    readRawConfig(json, file);
    const named = SUPPORTED_ARCHITECTURES.join(', ');
    throw new FormatError(`${file} has no \`model_type\`; expected one of ${named}. Is it the config.json of a language model?`, {
      file,
      field: 'model_type',
    });
  }
  if (!isArchitecture(modelType)) throw unsupported(modelType, `${file} describes a model of the type ${describeValue(modelType)}`);
  if (raw['quantization_config'] !== undefined && raw['quantization_config'] !== null) {
    const found = `${file} describes quantised weights (\`quantization_config\`), which cannot be trained`;
    throw new UnsupportedModelError(`${found}. Use the unquantised model.`, {
      architecture: modelType,
      supported: SUPPORTED_ARCHITECTURES,
    });
  }
  checkClass(modelType, className, file);
  const activation = raw['hidden_act'] ?? 'silu';
  // "swish" is another name of the same function.
  if (typeof activation === 'string' && activation !== 'silu' && activation !== 'swish') {
    throw unsupported(modelType, `${file} uses the activation ${describeValue(activation)} (\`hidden_act\`) instead of silu`);
  }
  return modelType;
}

function checkClass(architecture: Architecture, className: unknown, file: string): void {
  if (typeof className !== 'string') return;
  const expected = `${ARCHITECTURES[architecture].classStem}ForCausalLM`;
  if (className === expected || className === `${ARCHITECTURES[architecture].classStem}Model`) return;
  const other = SUPPORTED_ARCHITECTURES.find((name) => className === `${ARCHITECTURES[name].classStem}ForCausalLM`);
  if (other !== undefined) {
    throw wrong(file, 'architectures', `says ${className}, but \`model_type\` says ${architecture}; one of the two is wrong`);
  }
  throw unsupported(className, `${file} describes a ${describeValue(className)} (\`architectures\`), not a ${expected}`);
}

function parseHeads(raw: RawModelConfig, architecture: Architecture, file: string): { keyValueHeads: number; headDim: number } {
  const defaults = ARCHITECTURES[architecture];
  const queryHeads = raw.num_attention_heads;
  // An absent key takes the class default; an explicit null means as many as query heads.
  const keyValueHeads = raw.num_key_value_heads ?? (raw.num_key_value_heads === null ? queryHeads : (defaults.keyValueHeads ?? queryHeads));
  if (queryHeads % keyValueHeads !== 0) {
    const spoken = raw.num_key_value_heads === undefined ? ` (the default of ${architecture}, since the key is absent)` : '';
    throw wrong(file, 'num_key_value_heads', `must divide \`num_attention_heads\` (${queryHeads}), got ${keyValueHeads}${spoken}`);
  }
  const headDim = raw.head_dim ?? defaults.headDim ?? raw.hidden_size / queryHeads;
  if (!Number.isInteger(headDim)) {
    throw wrong(
      file,
      'num_attention_heads',
      `must divide \`hidden_size\` (${raw.hidden_size}) when there is no \`head_dim\`, got ${queryHeads}`,
    );
  }
  if (headDim % 2 !== 0) throw wrong(file, 'head_dim', `must be even, since rotary embeddings turn pairs, got ${headDim}`);
  return { keyValueHeads, headDim };
}

function wrong(file: string, field: string, problem: string): FormatError {
  return new FormatError(`In ${file} \`${field}\` ${problem}.`, { file, field });
}

function unsupported(architecture: string, found: string): UnsupportedModelError {
  const supported = SUPPORTED_ARCHITECTURES;
  return new UnsupportedModelError(`${found}, which is not supported. Supported: ${supported.join(', ')}.`, { architecture, supported });
}
