/** @file Which layers of a model attend only to a window of recent tokens. */
import { FormatError } from '#contract/errors.ts';
import { describeValue, type RawModelConfig } from './config-schema.ts';
import type { Architecture } from './model-config.ts';

// Class defaults of transformers 5.18.
const DEFAULT_WINDOW_TOKENS = 4096;
const DEFAULT_FIRST_WINDOW_LAYER = 28;

// "attention" is what older configs called "full_attention".
const FULL_ATTENTION = ['full_attention', 'attention'];

/**
 * @returns per layer, the number of most recent positions a token attends to (itself included), or null for all
 * @throws {FormatError} if `layer_types` has another length than the model, names an unknown type, or wants a window that has no size
 */
export function parseSlidingWindows(raw: RawModelConfig, architecture: Architecture, file: string): readonly (number | null)[] {
  const layerCount = raw.num_hidden_layers;
  // An absent key takes the class default; an explicit null switches the window off.
  const windowTokens = raw.sliding_window === undefined ? DEFAULT_WINDOW_TOKENS : raw.sliding_window;
  if (architecture === 'llama') return Array.from({ length: layerCount }, () => null);
  if (architecture === 'mistral') return Array.from({ length: layerCount }, () => windowTokens);
  const qwenWindow = raw.use_sliding_window ? windowTokens : null;
  if (raw.layer_types) return fromLayerTypes(raw.layer_types, qwenWindow, layerCount, file);
  const firstWindowLayer = raw.max_window_layers ?? DEFAULT_FIRST_WINDOW_LAYER;
  return Array.from({ length: layerCount }, (_, layer) => (layer >= firstWindowLayer ? qwenWindow : null));
}

function fromLayerTypes(
  layerTypes: readonly string[],
  windowTokens: number | null,
  layerCount: number,
  file: string,
): readonly (number | null)[] {
  const wrong = (problem: string): FormatError => new FormatError(`In ${file} \`layer_types\` ${problem}.`, { file, field: 'layer_types' });
  if (layerTypes.length !== layerCount) {
    throw wrong(`must have one entry for each of the ${layerCount} layers (\`num_hidden_layers\`), got ${layerTypes.length}`);
  }
  return layerTypes.map((type) => {
    if (FULL_ATTENTION.includes(type)) return null;
    if (type !== 'sliding_attention') throw wrong(`may hold "full_attention" and "sliding_attention", got ${describeValue(type)}`);
    if (windowTokens === null) throw wrong('asks for sliding attention, but `use_sliding_window` or `sliding_window` switches it off');
    return windowTokens;
  });
}
