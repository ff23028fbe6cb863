/** @file llama.cpp's names for architectures and tensors. @see llama.cpp gguf-py/gguf/tensor_mapping.py */
import { InternalError } from '#contract/errors.ts';
import type { Architecture } from '#engine/model/model-config.ts';

/** llama.cpp builds Mistral models with its llama graph. */
const ARCHITECTURES: Readonly<Record<Architecture, string>> = { llama: 'llama', mistral: 'llama', qwen2: 'qwen2', qwen3: 'qwen3' };

const WHOLE: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
};

const IN_LAYER: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};

export function ggufArchitecture(architecture: Architecture): string {
  return ARCHITECTURES[architecture];
}

/** @param name - as Hugging Face has it: `model.layers.0.self_attn.q_proj.weight` */
export function ggufTensorName(name: string): string {
  const ending = /\.(?:weight|bias)$/.exec(name)?.[0] ?? '';
  const module = name.slice(0, name.length - ending.length);
  const layer = /^model\.layers\.(\d+)\.(.+)$/.exec(module);
  const known = layer ? IN_LAYER[layer[2] as string] : WHOLE[module];
  if (known === undefined || ending === '') throw new InternalError(`No tensor of llama.cpp stands for ${name}.`);
  return layer ? `blk.${layer[1]}.${known}${ending}` : known + ending;
}
