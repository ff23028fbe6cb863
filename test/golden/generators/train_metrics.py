"""Per-row quantities from which TRL's logged metrics are made, for batches whose logged metrics are known.

Reads the folder written by golden.py, loads its model and adapters, and measures each row on its own (no padding):
python train_metrics.py test/golden/trl test/golden/train/metrics.json
Batches: those of the first optimizer step (initial adapter) and those of the final evaluation (final adapter).
Made with torch 2.13.0, transformers 5.18.0, PEFT 0.21.0.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import LlamaForCausalLM

torch.set_num_threads(1)
root, target = sys.argv[1], sys.argv[2]


def load(adapter):
    base = LlamaForCausalLM.from_pretrained(f"{root}/base", dtype=torch.float32)
    return PeftModel.from_pretrained(base, f"{root}/{adapter}").eval()


@torch.no_grad()
def measure(model, prompt, completion):
    """Sums over the positions that predict completion tokens."""
    ids = torch.tensor([prompt + completion])
    logits = model(input_ids=ids).logits[0, len(prompt) - 1 : -1].float()
    with model.disable_adapter():
        ref_logits = model(input_ids=ids).logits[0, len(prompt) - 1 : -1].float()
    targets = torch.tensor(completion)
    logps, ref_logps = torch.log_softmax(logits, -1), torch.log_softmax(ref_logits, -1)
    rows = torch.arange(len(completion))
    return dict(
        policy=logps[rows, targets].sum().item(),
        reference=ref_logps[rows, targets].sum().item(),
        sum_mean_logits=logits.mean(-1).sum().item(),
        sum_entropy=-(logps.exp() * logps).sum().item(),
        completion_tokens=len(completion),
        correct_tokens=(logits.argmax(-1) == targets).sum().item(),
        attended_tokens=len(prompt) + len(completion),
    )


def kto(name):
    trace = json.load(open(f"{root}/{name}/trace.json"))
    rows = trace["dataset"]
    micro = trace["microbatches"]
    logs = trace["log_history"]
    train = [l for l in logs if "loss" in l]
    out = dict(name=name, method="kto", beta=trace["config"]["beta"], windows=[])
    for adapter, mode, size, log in [("adapter_init", "train", 4, train[0]), ("adapter_final", "eval", 8, logs[-1])]:
        model = load(f"{name}/{adapter}")
        count = 8 if mode == "train" else len(rows)
        known = [m for m in micro if m["mode"] == mode]
        batches = []
        for index, start in enumerate(range(0, count, size)):
            batch = rows[start : start + size]
            batches.append(
                dict(
                    loss=known[index]["loss"], kl=known[index]["kl"], labels=[r["label"] for r in batch],
                    rows=[measure(model, r["prompt_ids"], r["completion_ids"]) for r in batch],
                )
            )
        out["windows"].append(dict(mode=mode, batches=batches, log=log, tokens_before=0 if mode == "train" else train[-1]["num_tokens"]))
    return out


def dpo(name):
    trace = json.load(open(f"{root}/dpo_trace.json"))
    rows, logs = trace["dataset"], trace["log_history"][name]
    train = [l for l in logs if "loss" in l]
    out = dict(name=name, method="dpo", beta=0.1, windows=[])
    for adapter, mode, size, log in [("dpo_adapter_init", "train", 4, train[0]), (f"dpo_{name}/adapter_final", "eval", 8, logs[-1])]:
        model = load(adapter)
        batch = rows[:size]
        chosen = [measure(model, r["prompt_ids"], r["chosen_ids"]) for r in batch]
        rejected = [measure(model, r["prompt_ids"], r["rejected_ids"]) for r in batch]
        batches = [dict(loss=log.get("loss", log.get("eval_loss")), chosen=chosen, rejected=rejected)]
        out["windows"].append(dict(mode=mode, batches=batches, log=log, tokens_before=0 if mode == "train" else train[-1]["num_tokens"]))
    return out


golden = [kto("kto_default"), kto("kto_weighted"), kto("kto_apo_zero_unpaired"), dpo("sigmoid"), dpo("ipo")]
with open(target, "w") as file:
    json.dump(golden, file)
