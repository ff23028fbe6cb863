"""Times TRL's own KTO or DPO steps on the model and rows of the benchmark, and saves what it trained.

Usage: python trl_steps.py JOB.json   (written by compare-bench.ts; prints one JSON object on the last line)
"""
import json, os, resource, sys, time

job = json.load(open(sys.argv[1]))
import torch
from datasets import Dataset
from peft import PeftModel
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, TrainerCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

torch.set_num_threads(job["threads"])
variant = job["variant"]  # float32 | float32_precomputed | bf16
dtype = torch.bfloat16 if variant == "bf16" else torch.float32

# One word per token id, so that TRL's tokenisation gives back exactly the ids of the benchmark.
word = lambda i: f"t{i:07d}"  # one width, so that no word begins another
words = {word(i): i for i in range(job["vocab_size"])}
tokenizer = Tokenizer(models.WordLevel(vocab=words, unk_token=word(0)))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
eos = word(job["eos_id"])
tok = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=eos, pad_token=word(0))
text = lambda ids: " ".join(map(word, ids))
rows = job["rows"]
if job["method"] == "kto":
    data = Dataset.from_list([dict(prompt=text(r["prompt"]), completion=" " + text(r["completion"]), label=r["label"]) for r in rows])
else:
    data = Dataset.from_list([dict(prompt=text(r["prompt"]), chosen=" " + text(r["chosen"]), rejected=" " + text(r["rejected"])) for r in rows])

model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=dtype)
model = PeftModel.from_pretrained(model, job["adapter"], is_trainable=True)
settings = dict(
    output_dir=job["out"], per_device_train_batch_size=job["batch"], gradient_accumulation_steps=1, max_steps=job["steps"],
    learning_rate=job["learning_rate"], lr_scheduler_type="constant", logging_steps=1, report_to=[], save_strategy="no", disable_tqdm=True,
    use_cpu=os.environ.get("PROSPECT_BENCH_DEVICE") != "cuda", bf16=variant == "bf16", gradient_checkpointing=False, max_length=None, train_sampling_strategy="sequential",
    precompute_ref_log_probs=variant == "float32_precomputed", beta=job["beta"],
)
times = []

class Clock(TrainerCallback):
    def on_step_begin(self, *a, **k): self.started = time.perf_counter()
    def on_step_end(self, *a, **k): times.append(time.perf_counter() - self.started)

trainer = (KTOTrainer if job["method"] == "kto" else DPOTrainer)(
    model=model, args=(KTOConfig if job["method"] == "kto" else DPOConfig)(**settings), train_dataset=data, processing_class=tok, callbacks=[Clock()])
answer = "completion" if job["method"] == "kto" else "chosen"
for seen, row in zip(trainer.train_dataset, rows):
    assert seen["prompt_ids"] == row["prompt"] and seen[f"{answer}_ids"] == row[answer], "the tokens TRL sees are not those of the benchmark"
# Operations of the linear layers; torch's own counter takes operations apart and slows them down. Attention's products are a few hundredths more.
flops = 0

def count(module, inputs, output):
    global flops
    products = 1 + (output.requires_grad and inputs[0].requires_grad) + (output.requires_grad and module.weight.requires_grad)
    flops += 2 * inputs[0].numel() * module.out_features * products

for module in model.modules():
    if isinstance(module, torch.nn.Linear):
        module.register_forward_hook(count)
trainer.train()
gflops = flops / sum(times) / 1e9
model.save_pretrained(job["out"])
losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
print(json.dumps(dict(s_per_step=round(sum(times) / len(times), 2), gflops=round(gflops, 1), gflop_per_step=round(gflops * sum(times) / len(times)), peak_rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), losses=losses, step_seconds=times)))
