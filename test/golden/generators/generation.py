"""What transformers generates from the tiny models of logits/, logits-variants/ and trl/ (fp32, eager attention, CPU, with its cache): greedy tokens and
the logits they were chosen by; and which tokens its processors leave with what probability.
Usage, from test/golden: python generators/generation.py generation"""
import json, os, sys
import torch, transformers
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GenerationConfig

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()

NEW_TOKENS = 10
# Prompt lengths where they matter: "dynamic" rope begins to stretch at 16 tokens, once within the answer, once within the prompt.
LENGTHS = {"logits-variants/llama_dynamic_rope": [8, 20]}
MODELS = [*(f"logits/{name}" for name in sorted(os.listdir("logits"))), *(f"logits-variants/{name}" for name in sorted(os.listdir("logits-variants")))]


def load(folder, adapter=None):
    """A fresh model each time: dynamic rope remembers the longest sequence it has seen."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return (PeftModel.from_pretrained(model, adapter) if adapter else model).eval()


def greedy(model, ids, **settings):
    config = GenerationConfig(do_sample=False, max_new_tokens=NEW_TOKENS, eos_token_id=None, pad_token_id=0, output_logits=True, return_dict_in_generate=True,
                              **settings)
    result = model.generate(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), generation_config=config)
    return result.sequences[0, len(ids):].tolist(), torch.cat(result.logits)


def prompts(model, lengths):
    return [torch.randint(3, model.config.vocab_size, (length,)).tolist() for length in lengths]


answers, logits = [], {}
for seed, folder in enumerate(MODELS):
    torch.manual_seed(seed)
    for i, ids in enumerate(prompts(load(folder), LENGTHS.get(folder, [5, 23]))):
        tokens, steps = greedy(load(folder), ids)
        logits[f"{folder}.{i}"] = steps.contiguous()
        answers.append(dict(model=folder, adapter=None, repetition_penalty=1.0, prompt_ids=ids, new_ids=tokens, logits=f"{folder}.{i}"))
torch.manual_seed(100)
for folder, adapter in [("trl/base", None), ("trl/base", "trl/kto_default/adapter_final"), ("trl/base", "peft/from-peft-base-patterns"),
                        ("logits/qwen3_qknorm", "peft/from-peft-qwen3-rslora")]:
    for penalty in [1.0, 1.5]:
        for ids in prompts(load(folder), [6, 12]):
            tokens, _ = greedy(load(folder, adapter), ids, repetition_penalty=penalty)
            answers.append(dict(model=folder, adapter=adapter, repetition_penalty=penalty, prompt_ids=ids, new_ids=tokens, logits=None))
save_file(logits, os.path.join(out, "logits.safetensors"))

# Scores of a flat, a usual and a peaked prediction, and one with equals; what is left of them by the processors in the order that generate has them in.
SETTINGS = [dict(), dict(temperature=0.5), dict(temperature=2.0), dict(top_k=5), dict(top_k=1000), dict(top_p=0.3), dict(top_p=0.9), dict(top_p=0.999), dict(min_p=0.1),
            dict(min_p=0.7), dict(repetition_penalty=1.7), dict(repetition_penalty=0.6), dict(temperature=0.6, top_k=20, top_p=0.8),
            dict(temperature=1.4, top_p=0.95, min_p=0.05), dict(repetition_penalty=1.3, temperature=0.7, top_k=12, top_p=0.7, min_p=0.2)]
torch.manual_seed(200)
SCORES = [torch.randn(48) * 0.2, torch.randn(48) * 2, torch.randn(48) * 9, torch.randint(-3, 4, (48,)).float()]
seen = [3, 3, 7, 20, 41]
model = load("trl/base")
warped = []
for settings in SETTINGS:
    config = GenerationConfig(do_sample=True, eos_token_id=None, **{"top_k": 0, **settings})
    processors = model._get_logits_processor(generation_config=config, input_ids_seq_length=len(seen), encoder_input_ids=torch.tensor([seen]),
                                             prefix_allowed_tokens_fn=None, logits_processor=[])
    for which, scores in enumerate(SCORES):
        probabilities = processors(torch.tensor([seen]), scores[None].clone()).softmax(-1)[0]
        left = probabilities.nonzero()[:, 0].tolist()
        warped.append(dict(settings=settings, scores=which, left=left, probabilities=[float(f"{float(probabilities[i]):.7g}") for i in left]))

with open(os.path.join(out, "expected.json"), "w") as file:
    made_by = f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}"
    result = dict(made_by=made_by, answers=answers, seen=seen, scores=[[float(x) for x in scores] for scores in SCORES], warped=warped)
    file.write(json.dumps(result, separators=(",", ":")) + "\n")
print(len(answers), "answers,", len(warped), "warped;", [a["new_ids"] for a in answers[-12:]])
