"""Makes test/golden/tokenisation.json: rows of every form, and the ids that TRL's own dataset preparation and data collators
give for them. Run from the repository root:

    python test/golden/generators/tokenisation.py

Needs: pip install trl==1.13.0 transformers==5.18.0 datasets torch (CPU)
"""

import json
from pathlib import Path
from types import SimpleNamespace

from accelerate import PartialState
from datasets import Dataset
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast
from trl.trainer import dpo_trainer, kto_trainer

GOLDEN = Path(__file__).resolve().parents[1]
OUT = GOLDEN / "tokenisation.json"


def load(style):
    """A tokenizer as it is in the golden files: training it again would number its tokens differently."""
    data = json.loads((GOLDEN / "tokenizers" / f"{style}.json").read_text())["tokenizer"]
    shared = json.loads((GOLDEN / "tokenizers" / f"{data['model'].pop('shared')}.model.json").read_text())
    return Tokenizer.from_str(json.dumps({**data, "model": {**data["model"], **shared}}))


CHATML = (
    "{%- if tools %}{{ '<|im_start|>system\\nTools:' }}{% for tool in tools %}{{ '\\n' + tool | tojson }}{% endfor %}{{ '<|im_end|>\\n' }}{% endif %}"
    "{%- for message in messages %}"
    "{%- set text = message.content.lstrip('\\n') if message.role == 'assistant' else message.content | trim %}"
    "{{- '<|im_start|>' + message.role + '\\n' + text + '<|im_end|>' + '\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}"
)
# Llama 2 style: the turn ends in the EOS text, and the template writes the BOS itself.
LLAMA = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'].strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'].strip() + ' ' + eos_token }}"
    "{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"
)

TOK = {
    "qwen2": PreTrainedTokenizerFast(
        tokenizer_object=load("qwen2"), eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=CHATML),
    "llama2": PreTrainedTokenizerFast(
        tokenizer_object=load("llama2"), bos_token="<s>", eos_token="</s>", unk_token="<unk>", chat_template=LLAMA),
    "mistral": PreTrainedTokenizerFast(  # its post-processor also appends </s>, so prompt and prompt+completion disagree
        tokenizer_object=load("mistral"), bos_token="<s>", eos_token="</s>", unk_token="<unk>", chat_template=LLAMA),
}

U = lambda text: {"role": "user", "content": text}
A = lambda text: {"role": "assistant", "content": text}
S = lambda text: {"role": "system", "content": text}
TOOLS = json.dumps([{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"città": {"type": "string"}}}}}])

TEXT_EXAMPLES = [
    {"prompt": "The sky is", "completion": " blue.", "label": True},
    {"prompt": "The sky is", "completion": "blue.", "label": False},  # merges with the prompt's last word
    {"prompt": "The quick bro", "completion": "wn fox", "label": True},
    {"prompt": "spaces   ", "completion": "  go on", "label": False},
    {"prompt": "line\n", "completion": "\nnext line", "label": True},
    {"prompt": "", "completion": "no prompt at all", "label": True},
    {"prompt": "ends already", "completion": " yes<|im_end|>", "label": True},
    {"prompt": "ends already", "completion": " yes</s>", "label": False},
    {"prompt": "e", "completion": "\u0301 combines", "label": True},  # NFC joins them
    {"prompt": "12", "completion": "345 digits", "label": False},
    {"prompt": "emoji 👍", "completion": "🏽 tone", "label": True},
    {"prompt": "too long " * 20, "completion": " short", "label": True},
    {"prompt": "fits", "completion": " but the completion is long" * 10, "label": False},
]
TEXT_PAIRS = [
    {"prompt": "It's", "chosen": " what we've been waiting for", "rejected": "n't"},
    {"prompt": "", "chosen": "a", "rejected": "b<|im_end|>"},
    {"prompt": "too long " * 20, "chosen": " x", "rejected": " y"},
    {"prompt": "Die Stra", "chosen": "ße ist nass.", "rejected": "ssen sind nass. " * 12},
]
IMPLICIT_TEXT_PAIRS = [
    {"chosen": "The sky is blue.", "rejected": "The sky is green."},
    {"chosen": "Is it? Yes", "rejected": "Is it? Yes, it is"},  # one begins the other
    {"chosen": "same", "rejected": "same"},
    {"chosen": "face 😀 end", "rejected": "face 😁 end"},  # differ in the second half of a surrogate pair
    {"chosen": "abc", "rejected": "xyz"},
]
CHAT_EXAMPLES = [
    {"prompt": [U("Hello")], "completion": [A("Hi there!")], "label": True, "tools": None, "chat_template_kwargs": {"enable_thinking": True}},
    {"prompt": [S("Be brief."), U("  spaced \n")], "completion": [A("\n  code that goes on for longer than the block\n")], "label": False, "tools": None,
     "chat_template_kwargs": {"enable_thinking": False}},  # thinking block only in the prompt: the ids disagree
    {"prompt": [U("weather?")], "completion": [A("sunny")], "label": True, "tools": TOOLS, "chat_template_kwargs": {"enable_thinking": True}},
    {"prompt": [U("a"), A("b"), U("c <|im_end|> d")], "completion": [A("e"), U("f"), A("g")], "label": True, "tools": None,
     "chat_template_kwargs": {"enable_thinking": True}},
]
CHAT_PAIRS = [
    {"prompt": [U("What color is the sky?")], "chosen": [A("It is blue.")], "rejected": [A("It is green. " * 20)]},
    {"prompt": [U("naïve")], "chosen": [A("façade")], "rejected": [A("été")]},
]
IMPLICIT_CHAT_PAIRS = [
    {"chosen": [U("Hi"), A("Hello!")], "rejected": [U("Hi"), A("Go away.")]},
    {"chosen": [U("1"), A("2"), U("3"), A("4")], "rejected": [U("1"), A("2"), U("3"), A("five")]},
    {"chosen": [U("same"), A("same")], "rejected": [U("same"), A("same")]},
]


class Warnings:
    count = 0

    def warning(self, *_args, **_kwargs):
        self.count += 1


def prepare(method, tokenizer, rows, max_length, truncation_mode="keep_start"):
    module, cls = (kto_trainer, kto_trainer.KTOTrainer) if method == "kto" else (dpo_trainer, dpo_trainer.DPOTrainer)
    warnings = module.logger = Warnings()
    trainer = SimpleNamespace(_tokenizer=tokenizer, calculate_KL=False, desirable_weight=1.0, undesirable_weight=1.0)
    args = SimpleNamespace(
        dataset_num_proc=None, max_length=max_length, truncation_mode=truncation_mode, per_device_train_batch_size=2)
    dataset = Dataset.from_list([{"row": index + 1, **row} for index, row in enumerate(rows)])
    # "eval" leaves out the class balance warning, so that only prefix mismatches are counted.
    done = cls._prepare_dataset(trainer, dataset, tokenizer, args, "eval")
    columns = ("row", "prompt_ids", "completion_ids", "label") if method == "kto" else ("row", "prompt_ids", "chosen_ids", "rejected_ids")
    return [{name: row[name] for name in columns} for row in done], warnings.count


def collate(method, rows, max_length, truncation_mode):
    """Unpadded sequences and the index at which the completion begins."""
    if method == "kto":
        batch = kto_trainer.DataCollatorForUnpairedPreference(pad_token_id=0, max_length=max_length)(rows)
    else:
        batch = dpo_trainer.DataCollatorForPreference(pad_token_id=0, max_length=max_length, truncation_mode=truncation_mode)(rows)
    sequences = []
    for ids, attention, completion in zip(batch["input_ids"], batch["attention_mask"], batch["completion_mask"]):
        length = int(attention.sum())
        sequences.append({"ids": ids[:length].tolist(), "start": length - int(completion[:length].sum())})
    return sequences


def case(name, method, tokenizer, rows, max_length=None, truncation_mode="keep_start"):
    out, mismatches = prepare(method, TOK[tokenizer], rows, max_length, truncation_mode)
    result = {"name": name, "method": method, "tokenizer": tokenizer, "rows": rows, "maxLength": max_length,
              "truncationMode": truncation_mode, "out": out, "mismatches": mismatches}
    if max_length is not None:
        result["collated"] = collate(method, out, max_length, truncation_mode)
    return result


def main():
    PartialState()
    cases = []
    for name in TOK:
        cases += [case("text examples", "kto", name, TEXT_EXAMPLES), case("text pairs", "dpo", name, TEXT_PAIRS),
                  case("implicit text pairs", "kto", name, IMPLICIT_TEXT_PAIRS)]
    cases += [
        case("text examples, max_length", "kto", "qwen2", TEXT_EXAMPLES, 40),
        case("text pairs, max_length", "kto", "qwen2", TEXT_PAIRS, 40),
        case("text pairs, keep_start", "dpo", "llama2", TEXT_PAIRS, 40),
        case("text pairs, keep_end", "dpo", "llama2", TEXT_PAIRS, 40, "keep_end"),
        case("implicit text pairs", "dpo", "qwen2", IMPLICIT_TEXT_PAIRS),
        case("chat examples", "kto", "qwen2", CHAT_EXAMPLES),
        case("chat pairs", "dpo", "qwen2", CHAT_PAIRS, 60),
        case("chat pairs", "kto", "llama2", CHAT_PAIRS),
        case("implicit chat pairs", "dpo", "llama2", IMPLICIT_CHAT_PAIRS),
        case("implicit chat pairs", "kto", "qwen2", IMPLICIT_CHAT_PAIRS),
    ]
    templates = {"qwen2": CHATML, "llama2": LLAMA, "mistral": LLAMA}
    special = {name: {key: value for key, value in tokenizer.special_tokens_map.items()} for name, tokenizer in TOK.items()}
    value = {"templates": templates, "special": special, "cases": cases}
    OUT.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
