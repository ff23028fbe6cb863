"""Logits of tiny random models whose configurations differ from those of logits.py, made with transformers (fp32, eager attention, CPU).
Usage: python logits_variants.py OUT_DIR"""
import json, os, shutil, sys
import torch, transformers
from safetensors.torch import load_file, save_file
from transformers import (AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config,
                          Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

out = sys.argv[1]
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()

V = 64
common = dict(vocab_size=V, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=64,
              bos_token_id=1, eos_token_id=2, pad_token_id=0, initializer_range=0.4)
rope = lambda rope_type, **settings: dict(rope_type=rope_type, rope_theta=10000.0, **settings)


def llama(**more):
    return LlamaForCausalLM, LlamaConfig(**{**common, "num_key_value_heads": 2, **more})


# Name: class and configuration, stored type, changes to config.json after it is saved (None removes a key), tensors dropped from the file,
# and the lengths of the sequences.
VARIANTS = {
    "llama_yarn": (*llama(head_dim=16, rope_parameters=rope("yarn", factor=4.0, original_max_position_embeddings=16)), torch.float32, {}, [], [40]),
    # Longer than max_position_embeddings, where the base grows with the length; then shorter, where it does not.
    "llama_dynamic_rope": (*llama(head_dim=16, max_position_embeddings=16, rope_parameters=rope("dynamic", factor=2.0)), torch.float32, {}, [], [40, 8]),
    "llama_head_dim": (*llama(head_dim=12, num_key_value_heads=1), torch.float32, {}, [], [32]),
    "llama_attention_bias": (*llama(attention_bias=True), torch.bfloat16, {}, [], [32]),
    "mistral_full_attention": (MistralForCausalLM, MistralConfig(**common, num_key_value_heads=1, sliding_window=None), torch.bfloat16, {}, [], [40]),
    # Written as before transformers had layer_types: the first layer attends to everything, the second through the window.
    "qwen2_window_layers": (Qwen2ForCausalLM, Qwen2Config(**common, num_key_value_heads=1, use_sliding_window=True, sliding_window=6, max_window_layers=1),
                            torch.float32, dict(layer_types=None), [], [40]),
    "qwen3_attention_bias": (Qwen3ForCausalLM, Qwen3Config(**common, num_key_value_heads=1, head_dim=16, attention_bias=True), torch.float32, {}, [], [32]),
    "llama_tied_head_only": (*llama(tie_word_embeddings=True), torch.float32, {}, ["model.embed_tokens.weight"], [32]),
    # config.json as transformers wrote it up to version 4: no rope_parameters, no dtype, no head_dim.
    "llama_old_config": (*llama(), torch.bfloat16,
                         dict(rope_parameters=None, head_dim=None, dtype=None, torch_dtype="bfloat16", rope_theta=500.0,
                              rope_scaling=dict(type="linear", factor=2.0), transformers_version="4.35.0"), [], [32]),
    "qwen2_old_yarn": (Qwen2ForCausalLM, Qwen2Config(**{**common, "max_position_embeddings": 16}, num_key_value_heads=2, tie_word_embeddings=True), torch.bfloat16,
                       dict(rope_parameters=None, layer_types=None, dtype=None, torch_dtype="bfloat16", rope_theta=1000000.0,
                            rope_scaling=dict(type="yarn", factor=4.0, original_max_position_embeddings=16), transformers_version="4.43.1"), [], [40]),
}


def make_model(folder, cls, config, dtype, config_changes, dropped):
    model = cls(config)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, mean=1.0 if "norm" in name else 0.0, std=0.3)
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype).save_pretrained(folder)
    os.remove(os.path.join(folder, "generation_config.json"))
    path = os.path.join(folder, "config.json")
    with open(path) as file:
        settings = json.load(file)
    settings = {key: value for key, value in {**settings, **config_changes}.items() if not (key in config_changes and value is None)}
    with open(path, "w") as file:
        json.dump(settings, file, indent=2)
        file.write("\n")
    if dropped:
        path = os.path.join(folder, "model.safetensors")
        tensors = load_file(path)
        tensors["lm_head.weight"] = model.lm_head.weight.detach().clone()
        save_file({name: tensor for name, tensor in tensors.items() if name not in dropped}, path, metadata={"format": "pt"})


@torch.no_grad()
def logits(folder, ids):
    """From the stored files, by a fresh model: dynamic rope remembers the longest sequence it has seen."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    return model(input_ids=torch.tensor([ids])).logits[0].contiguous()


for seed, (name, (cls, config, dtype, config_changes, dropped, lengths)) in enumerate(VARIANTS.items()):
    torch.manual_seed(seed)
    folder = os.path.join(out, name)
    make_model(folder, cls, config, dtype, config_changes, dropped)
    sequences = [torch.randint(3, V, (length,)).tolist() for length in lengths]
    expected = {f"logits.{i}": logits(folder, ids) for i, ids in enumerate(sequences)}
    save_file(expected, os.path.join(folder, "expected_logits.safetensors"))
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(dict(sequences=sequences, transformers=transformers.__version__, torch=torch.__version__), file)
        file.write("\n")
    size = sum(os.path.getsize(os.path.join(folder, file)) for file in os.listdir(folder))
    print(f"{name:24s} {size:6d} bytes, largest logit {max(float(x.abs().max()) for x in expected.values()):.2f}")
