"""Which modules PEFT adapts, with what rank, alpha and scaling, for many configurations.
Usage: python target_modules.py OUT_FILE"""
import json, sys, warnings
import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora.layer import LoraLayer
from transformers import LlamaConfig, LlamaForCausalLM

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

CASES = [
    dict(target_modules=["q_proj", "v_proj"]),
    dict(target_modules=["model.layers.1.self_attn.q_proj"]),
    dict(target_modules=["self_attn.o_proj", "layers.0.mlp.up_proj"]),
    dict(target_modules=["proj"]),
    dict(target_modules="all-linear"),
    dict(target_modules="ALL-Linear"),
    dict(target_modules=r".*\.(q|k)_proj"),
    dict(target_modules=r"q_proj"),
    dict(target_modules=r"model\.layers\.(?P<layer>[02])\..*(?:up|down)_proj"),
    dict(target_modules=r"(?i).*\.Q_PROJ$"),
    dict(target_modules=r"\Amodel\.layers\.\d{,1}\.mlp\.gate_proj\Z"),
    dict(target_modules=r".*layers\.[]0]\.self_attn\.[^]kq]_proj"),
    dict(target_modules=r".*layers.(?!1).*v_proj(?#not layer 1)"),
    dict(target_modules=["q_proj"], layers_to_transform=[1]),
    dict(target_modules=["q_proj"], layers_to_transform=2),
    dict(target_modules=["q_proj"], layers_to_transform=[]),
    dict(target_modules=["q_proj", "model.layers.0.self_attn.k_proj"], layers_to_transform=[2]),
    dict(target_modules=["q_proj"], layers_to_transform=[0, 1], layers_pattern="layers"),
    dict(target_modules=["q_proj"], layers_to_transform=[0, 1], layers_pattern=["blocks", "lay.rs"]),
    dict(target_modules=["q_proj"], layers_to_transform=[0, 1], layers_pattern="blocks"),
    dict(target_modules=["q_proj", "k_proj"], exclude_modules=["layers.1.self_attn.q_proj"]),
    dict(target_modules=["q_proj", "k_proj"], exclude_modules=r".*layers\.[12]\..*"),
    dict(target_modules=["q_proj", "v_proj"], r=4, lora_alpha=6, rank_pattern={"v_proj": 2}, alpha_pattern={"q_proj": 3}),
    dict(target_modules=["q_proj", "v_proj"], r=4, lora_alpha=8, rank_pattern={r"layers\.0\..*": 16, "q_proj": 2}, use_rslora=True),
    dict(target_modules=["q_proj", "v_proj"], r=4, rank_pattern={"^model.layers.2.self_attn.v_proj": 3, "proj": 7, "_proj": 5}),
    dict(target_modules=["q_proj"], r=4, lora_alpha=4, rank_pattern={"self_attn.q_proj|up_proj": 8}, alpha_pattern={r"1\.self_attn\.q_proj": 1}),
]


def resolve(case):
    model = LlamaForCausalLM(LlamaConfig(vocab_size=16, hidden_size=8, intermediate_size=16, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1))
    try:
        peft = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **case))
    except ValueError as error:
        return {"error": str(error)[:40]}
    prefix = "base_model.model."
    return {
        "modules": [
            dict(name=name[len(prefix):], rank=module.r["default"], alpha=module.lora_alpha["default"], scaling=module.scaling["default"])
            for name, module in peft.named_modules()
            if isinstance(module, LoraLayer)
        ]
    }


with open(sys.argv[1], "w") as file:
    json.dump([dict(settings=case, **resolve(case)) for case in CASES], file, indent=1)
    file.write("\n")
