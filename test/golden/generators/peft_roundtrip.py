"""Adapters made by PEFT, and the log-probabilities PEFT gives with them and with Prospect's (fp32, eager attention, CPU).
Usage: PYTHONHASHSEED=0 python peft_roundtrip.py GOLDEN_DIR OUT_DIR  (the seed fixes the order in which PEFT writes module names)
GOLDEN_DIR holds the models (trl/base, logits/…). OUT_DIR holds the from-prospect-* folders that write-adapters.ts wrote; it gets the
from-peft-* folders and roundtrip.json."""
import json, os, shutil, sys, warnings
import peft, safetensors, torch, transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

golden, out = sys.argv[1], sys.argv[2]
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
# PEFT only warns of tensors that an adapter lacks, and would leave them as they were initialised.
warnings.simplefilter("error")

# Half precision keeps the larger adapters small, and has to be read too; log-probabilities always come from the stored values in float32.
MODELS = {
    "base": ("trl/base", torch.float32),
    "qwen3": ("logits/qwen3_qknorm", torch.bfloat16),
    "linear-rope": ("logits/llama_linear_rope_bias", torch.float16),
}
CASES = {
    "plain": dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    "rslora": dict(r=8, lora_alpha=8, target_modules="all-linear", use_rslora=True),
    "regex": dict(r=3, lora_alpha=6, target_modules=r"model\.layers\.\d+\.(?:self_attn\.[ko]|mlp\.down)_proj"),
    "patterns": dict(r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "up_proj"],
                     rank_pattern={r"layers\.0\..*q_proj": 2, "up_proj": 1}, alpha_pattern={"k_proj": 3, r"layers\.1\..*up_proj": 5}),
    "layers": dict(r=4, lora_alpha=4, target_modules=["v_proj", "o_proj", "gate_proj"], layers_to_transform=[1]),
}
# Relative: merging adds B·A to the weights first, which is another order of float32 sums.
MERGE_TOLERANCE = 1e-5


def make_rows():
    """The second row has the first one's prompt; then an empty prompt, a prompt of one token, a completion of one token, a long row."""
    draw = torch.Generator().manual_seed(5)
    tokens = lambda count: torch.randint(3, 259, (count,), generator=draw).tolist()
    first = tokens(12)
    prompts = [first, first, [], tokens(1), tokens(7), tokens(30)]
    return [dict(prompt=prompt, completion=tokens(count)) for prompt, count in zip(prompts, [9, 14, 6, 5, 1, 34])]


def load(model):
    return AutoModelForCausalLM.from_pretrained(os.path.join(golden, model), dtype=torch.float32, attn_implementation="eager").eval()


@torch.no_grad()
def log_probs(model, rows):
    """Sum over a row's completion; a first token with nothing before it is not predicted, so it does not count. One row at a time, unpadded."""
    sums = []
    for row in rows:
        ids = torch.tensor([row["prompt"] + row["completion"]])
        each = torch.log_softmax(model(input_ids=ids).logits[0, :-1], -1).gather(-1, ids[0, 1:, None])[:, 0]
        sums.append(each[max(len(row["prompt"]) - 1, 0):].sum().item())
    return sums


def make_adapter(folder, model, dtype, settings, seed):
    adapted = get_peft_model(load(model), LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.05, **settings))
    draw = torch.Generator().manual_seed(seed)
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            parameter.data = (torch.randn(parameter.shape, generator=draw) * 0.12).to(dtype)
    # The place of the model on this machine says nothing to others.
    adapted.peft_config["default"].base_model_name_or_path = model
    shutil.rmtree(folder, ignore_errors=True)
    adapted.save_pretrained(folder, save_embedding_layers=False)
    os.remove(os.path.join(folder, "README.md"))


def score(folder, model, rows):
    adapted = PeftModel.from_pretrained(load(model), folder).eval()
    logps = log_probs(adapted, rows)
    merged = log_probs(adapted.merge_and_unload(), rows)
    gap = max(abs(a - b) / abs(a) for a, b in zip(logps, merged))
    return dict(model=model, logps=logps, merged_logps=merged, merged_relative_gap=gap, merged_ok=gap <= MERGE_TOLERANCE)


rows = make_rows()
adapters = {}
for m, (short, (model, dtype)) in enumerate(MODELS.items()):
    for c, (case, settings) in enumerate(CASES.items()):
        folder = f"from-peft-{short}-{case}"
        make_adapter(os.path.join(out, folder), model, dtype, settings, seed=100 * m + c)
        adapters[folder] = score(os.path.join(out, folder), model, rows)
for folder in sorted(name for name in os.listdir(out) if name.startswith("from-prospect-")):
    with open(os.path.join(out, folder, "adapter_config.json")) as file:
        adapters[folder] = score(os.path.join(out, folder), json.load(file)["base_model_name_or_path"], rows)

result = dict(
    versions={module.__name__: module.__version__ for module in (peft, transformers, torch, safetensors)},
    rows=rows,
    base_logps={model: log_probs(load(model), rows) for model, _ in MODELS.values()},
    adapters=adapters,
)
with open(os.path.join(out, "roundtrip.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
for name, entry in adapters.items():
    print(f"{name:32s} merged_ok={entry['merged_ok']} gap={entry['merged_relative_gap']:.1e}", [round(x, 3) for x in entry["logps"]])
