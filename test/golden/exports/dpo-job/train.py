"""Repeats a run of Prospect with TRL. Rows are in the order in which the run took them in its first epoch, and the adapter starts
from the same numbers, so the first steps are the same; later epochs differ, because Prospect shuffles its batches anew.

    pip install -r requirements.txt
    accelerate launch --config_file accelerate-one-gpu.yaml train.py --model base
    accelerate launch --config_file accelerate-fsdp.yaml train.py --model base --bf16   # on several cards, divide the batch size by their number
"""

import argparse

import torch
from datasets import load_dataset
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

arguments = argparse.ArgumentParser()
arguments.add_argument("--model", default="base", help="the base model's folder or hub name")
arguments.add_argument("--init", default="adapter_init", help="adapter to start from; the adapter of a finished run continues it")
arguments.add_argument("--out", default="out")
arguments.add_argument("--bf16", action="store_true", help="mixed precision, for a graphics card")
arguments.add_argument("--max-steps", type=int, default=6)
given = arguments.parse_args()

tokenizer = AutoTokenizer.from_pretrained(given.model)
model = AutoModelForCausalLM.from_pretrained(given.model, dtype=torch.float32)
model = PeftModel.from_pretrained(model, given.init, is_trainable=True)
train_dataset = load_dataset("json", data_files="train.jsonl", split="train")
eval_dataset = load_dataset("json", data_files="eval.jsonl", split="train")

config = DPOConfig(
    output_dir=given.out,
    bf16=given.bf16,
    max_steps=given.max_steps,
    beta=0.1,
    learning_rate=0.005,
    lr_scheduler_type="cosine",
    warmup_steps=0,
    weight_decay=0,
    adam_beta1=0.9,
    adam_beta2=0.999,
    adam_epsilon=1e-8,
    max_grad_norm=1,
    num_train_epochs=3,
    per_device_train_batch_size=4,
    per_device_eval_batch_size=8,
    gradient_accumulation_steps=1,
    max_length=1024,
    seed=42,
    train_sampling_strategy="sequential",
    logging_strategy="steps",
    logging_steps=1,
    eval_strategy="steps",
    eval_steps=3,
    save_strategy="epoch",
    gradient_checkpointing=False,
    report_to=[],
    loss_type=["sigmoid"],
    label_smoothing=0,
)
trainer = DPOTrainer(model=model, args=config, processing_class=tokenizer, train_dataset=train_dataset, eval_dataset=eval_dataset)
trainer.train()
trainer.save_model(given.out)
