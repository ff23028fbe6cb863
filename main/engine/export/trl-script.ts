/** @file The files of a TRL job: the same run on an existing training stack, on one graphics card or many. Written for TRL 1.13. */
import type { TrainingSettings } from '#engine/train/settings.ts';

/** What the job was tried with. */
export const TRL_REQUIREMENTS = [
  'trl==1.13.0',
  'peft==0.21.0',
  'transformers==5.18.0',
  'datasets>=4',
  'accelerate>=1.10',
  'torch>=2.6',
  '',
].join('\n');

export const TRL_JOB = {
  train: 'train.jsonl',
  evaluation: 'eval.jsonl',
  init: 'adapter_init',
  script: 'train.py',
  requirements: 'requirements.txt',
} as const;

const ONE_GPU = `compute_environment: LOCAL_MACHINE
distributed_type: 'NO'
num_machines: 1
num_processes: 1
mixed_precision: 'no'
`;

const FSDP = `compute_environment: LOCAL_MACHINE
distributed_type: FSDP
num_machines: 1
num_processes: 8
mixed_precision: bf16
fsdp_config:
  fsdp_version: 2
  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
  fsdp_reshard_after_forward: true
  fsdp_state_dict_type: SHARDED_STATE_DICT
  fsdp_cpu_ram_efficient_loading: true
`;

/** File name → content. */
export const ACCELERATE_CONFIGS: Readonly<Record<string, string>> = { 'accelerate-one-gpu.yaml': ONE_GPU, 'accelerate-fsdp.yaml': FSDP };

/** @returns train.py */
export function trlScript(
  settings: TrainingSettings,
  { hasEvaluation, baseModel }: { readonly hasEvaluation: boolean; readonly baseModel: string },
): string {
  const trainer = settings.method === 'kto' ? 'KTO' : 'DPO';
  const options = [...commonOptions(settings, hasEvaluation), ...(settings.method === 'kto' ? ktoOptions(settings) : dpoOptions(settings))];
  return `"""Repeats a run of Prospect with TRL. Rows are in the order in which the run took them in its first epoch, and the adapter starts
from the same numbers, so the first steps are the same; later epochs differ, because Prospect shuffles its batches anew.

    pip install -r requirements.txt
    accelerate launch --config_file accelerate-one-gpu.yaml train.py --model ${baseModel}
    accelerate launch --config_file accelerate-fsdp.yaml train.py --model ${baseModel} --bf16   # on several cards, divide the batch size by their number
"""

import argparse

import torch
from datasets import load_dataset
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import ${trainer}Config, ${trainer}Trainer

arguments = argparse.ArgumentParser()
arguments.add_argument("--model", default=${python(baseModel)}, help="the base model's folder or hub name")
arguments.add_argument("--init", default="${TRL_JOB.init}", help="adapter to start from; the adapter of a finished run continues it")
arguments.add_argument("--out", default="out")
arguments.add_argument("--bf16", action="store_true", help="mixed precision, for a graphics card")
arguments.add_argument("--max-steps", type=int, default=${settings.max_steps})
given = arguments.parse_args()

tokenizer = AutoTokenizer.from_pretrained(given.model)
model = AutoModelForCausalLM.from_pretrained(given.model, dtype=torch.float32)
model = PeftModel.from_pretrained(model, given.init, is_trainable=True)
train_dataset = load_dataset("json", data_files="${TRL_JOB.train}", split="train")
${hasEvaluation ? `eval_dataset = load_dataset("json", data_files="${TRL_JOB.evaluation}", split="train")` : 'eval_dataset = None'}

config = ${trainer}Config(
    output_dir=given.out,
    bf16=given.bf16,
    max_steps=given.max_steps,
${options.map(([name, value]) => `    ${name}=${value},`).join('\n')}
)
trainer = ${trainer}Trainer(model=model, args=config, processing_class=tokenizer, train_dataset=train_dataset, eval_dataset=eval_dataset)
trainer.train()
trainer.save_model(given.out)
`;
}

type Option = readonly [name: string, value: string];

function commonOptions(s: TrainingSettings, hasEvaluation: boolean): Option[] {
  return [
    ['beta', python(s.beta)],
    ['learning_rate', python(s.learning_rate)],
    ['lr_scheduler_type', python(s.lr_scheduler_type)],
    ['warmup_steps', python(s.warmup_steps)],
    ['weight_decay', python(s.weight_decay)],
    ['adam_beta1', python(s.adam_beta1)],
    ['adam_beta2', python(s.adam_beta2)],
    ['adam_epsilon', python(s.adam_epsilon)],
    ['max_grad_norm', python(s.max_grad_norm)],
    ['num_train_epochs', python(s.num_train_epochs)],
    ['per_device_train_batch_size', python(s.per_device_train_batch_size)],
    ['per_device_eval_batch_size', python(s.per_device_eval_batch_size)],
    ['gradient_accumulation_steps', python(s.gradient_accumulation_steps)],
    ['max_length', python(s.max_length)],
    ['seed', python(s.seed)],
    // The order of the file.
    ['train_sampling_strategy', '"sequential"'],
    ...cadence('logging', s.logging_steps),
    ...(hasEvaluation ? cadence('eval', s.eval_steps) : []),
    ...cadence('save', s.save_steps),
    ['gradient_checkpointing', 'False'],
    ['report_to', '[]'],
  ];
}

function ktoOptions(s: TrainingSettings): Option[] {
  return [
    ['loss_type', python(s.loss_type)],
    ['desirable_weight', python(s.desirable_weight)],
    ['undesirable_weight', python(s.undesirable_weight)],
  ];
}

function dpoOptions(s: TrainingSettings): Option[] {
  return [
    ['loss_type', `[${python(s.loss_type)}]`],
    ['label_smoothing', python(s.label_smoothing)],
    ...(s.loss_type === 'discopop' ? [['discopop_tau', python(s.discopop_tau)] as Option] : []),
  ];
}

/** Null means once an epoch. */
function cadence(what: string, steps: number | null): Option[] {
  return steps === null
    ? [[`${what}_strategy`, '"epoch"']]
    : [
        [`${what}_strategy`, '"steps"'],
        [`${what}_steps`, python(steps)],
      ];
}

function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
