"""Writes ../rope/cases.json: rotary frequencies and tables of Transformers for each rope type.

Made with torch 2.13.0 and transformers 5.18.0 on the CPU: python test/golden/generators/rope.py
"""

import json
import pathlib

import torch
from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.mistral.modeling_mistral import MistralRotaryEmbedding
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding
from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding

CLASSES = {
    "llama": (LlamaConfig, LlamaRotaryEmbedding),
    "mistral": (MistralConfig, MistralRotaryEmbedding),
    "qwen2": (Qwen2Config, Qwen2RotaryEmbedding),
    "qwen3": (Qwen3Config, Qwen3RotaryEmbedding),
}

LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
YARN = {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}


def base(model_type, head_dim=16, **more):
    return {
        "model_type": model_type,
        "vocab_size": 64,
        "hidden_size": 4 * head_dim,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": head_dim,
        "max_position_embeddings": 512,
        **more,
    }


# name, config.json, sequence length, positions
SHORT = [0, 1, 2, 7, 100, 511]
CASES = [
    ("default", base("llama"), 512, SHORT),
    ("default, old spelling, theta 1e6, head 64", base("qwen2", 64, rope_theta=1000000.0, rope_scaling=None), 512, SHORT),
    ("default, new spelling, head 24", base("mistral", 24, rope_parameters={"rope_type": "default", "rope_theta": 500000.0}), 512, SHORT),
    ("default, TinyLlama's head of 64", base("llama", 64, rope_theta=10000.0, max_position_embeddings=2048), 2048, [*SHORT, 2047]),
    ("linear, old spelling", base("llama", rope_theta=10000.0, rope_scaling={"type": "linear", "factor": 4.0}), 512, SHORT),
    ("linear, new spelling, factor 3", base("qwen3", 32, rope_parameters={"rope_type": "linear", "rope_theta": 1e6, "factor": 3.0}), 512, SHORT),
    ("dynamic within the length", base("llama", rope_scaling={"type": "dynamic", "factor": 2.0}), 512, SHORT),
    ("dynamic beyond the length", base("llama", rope_scaling={"type": "dynamic", "factor": 2.0}), 1500, [*SHORT, 1499]),
    (
        "dynamic beyond the length, factor 2.5",
        base("qwen2", 64, rope_parameters={"rope_type": "dynamic", "rope_theta": 1e6, "factor": 2.5}),
        777,
        [*SHORT, 776],
    ),
    ("llama3, head 64", base("llama", 64, rope_theta=500000.0, rope_scaling=LLAMA3, max_position_embeddings=131072), 2048, [*SHORT, 2047]),
    ("llama3, head 128, factor 32", base("llama", 128, rope_parameters={**LLAMA3, "factor": 32.0, "rope_theta": 500000.0}, max_position_embeddings=131072), 512, SHORT),
    ("llama3, original length 64", base("llama", rope_parameters={**LLAMA3, "rope_theta": 10000.0, "original_max_position_embeddings": 64}), 512, SHORT),
    ("yarn, old spelling", base("qwen2", 64, rope_theta=1000000.0, rope_scaling=YARN, max_position_embeddings=131072), 2048, [*SHORT, 2047]),
    ("yarn, new spelling, head 128", base("qwen3", 128, rope_parameters={**YARN, "rope_type": "yarn", "rope_theta": 1e6}, max_position_embeddings=131072), 512, SHORT),
    ("yarn, attention factor", base("llama", rope_scaling={**YARN, "attention_factor": 1.25, "original_max_position_embeddings": 128}), 512, SHORT),
    ("yarn, mscale", base("llama", 64, rope_scaling={**YARN, "mscale": 1.0, "mscale_all_dim": 0.707, "original_max_position_embeddings": 128}), 512, SHORT),
    ("yarn, mscale alone is ignored", base("llama", rope_scaling={**YARN, "mscale": 0.5, "original_max_position_embeddings": 128}), 512, SHORT),
    (
        "yarn, betas, not truncated",
        base("llama", 64, rope_scaling={**YARN, "beta_fast": 16, "beta_slow": 2, "truncate": False, "original_max_position_embeddings": 128}),
        512,
        SHORT,
    ),
    ("yarn, original length outside the rope settings", base("llama", 64, rope_scaling=YARN, original_max_position_embeddings=256), 512, SHORT),
    ("yarn, factor from the lengths", base("llama", 64, rope_scaling={**YARN, "factor": None, "original_max_position_embeddings": 128}), 512, SHORT),
    ("yarn, factor of 1 or less", base("llama", 32, rope_scaling={**YARN, "factor": 1.0, "original_max_position_embeddings": 512}), 512, SHORT),
]


def numbers(tensor):
    # Nine digits identify a float32.
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def main():
    out = []
    for name, config_json, length, positions in CASES:
        config_class, rotary_class = CLASSES[config_json["model_type"]]
        config = config_class(**json.loads(json.dumps(config_json)))
        rotary = rotary_class(config)
        half = config_json["head_dim"] // 2
        # The longest position decides what "dynamic" does.
        ids = torch.tensor([positions if max(positions) == length - 1 else [*positions, length - 1]])
        cos, sin = rotary(torch.zeros(1), ids)
        rows = len(positions)
        out.append(
            {
                "name": name,
                "config": config_json,
                "sequenceLength": length,
                "positions": positions,
                "invFreq": numbers(rotary.inv_freq),
                "attentionScaling": float(rotary.attention_scaling),
                "cos": numbers(cos[0, :rows, :half]),
                "sin": numbers(sin[0, :rows, :half]),
            }
        )
    target = pathlib.Path(__file__).parent.parent / "rope" / "cases.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in out) + "\n]\n")


main()
