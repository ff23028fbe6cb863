# Loads what Prospect exported: exports.py test/golden/exports
#  - <method>-job: the first three steps of train.py, as TRL logs them
#  - <method>-adapter through PEFT, <method>-merged through transformers: log-probabilities of fixed texts, fp32, CPU
import json, os, runpy, sys, tempfile
import torch
torch.set_num_threads(1)
from transformers import AutoModelForCausalLM, AutoTokenizer
import transformers, peft, trl
from peft import PeftModel

OUT = os.path.abspath(sys.argv[1])
BASE = os.path.abspath(os.path.join(OUT, "../trl/base"))
TEXTS = ["The reviewer thanks the authors.", "In 1998, 42 of 1,250 samples were lost.", "def mean(values):\n    return sum(values)\n", "Größe, 你好 😀"]
tokenizer = AutoTokenizer.from_pretrained(BASE)
ids = [tokenizer(text)["input_ids"] for text in TEXTS]


def logps(model):
    model.eval()
    out = []
    with torch.no_grad():
        for sequence in ids:
            x = torch.tensor([sequence])
            logits = torch.log_softmax(model(x).logits[0, :-1].double(), -1)
            out.append(logits.gather(-1, x[0, 1:, None]).sum().item())
    return out


result = dict(
    made_by=dict(trl=trl.__version__, peft=peft.__version__, transformers=transformers.__version__, torch=torch.__version__),
    sequences=ids,
    methods={},
)
for method in ["kto", "dpo"]:
    job = f"{OUT}/{method}-job"
    os.chdir(job)
    with tempfile.TemporaryDirectory() as out:
        sys.argv = ["train.py", "--model", BASE, "--max-steps", "6", "--out", out]
        log = runpy.run_path("train.py")["trainer"].state.log_history
    steps = [entry for entry in log if "loss" in entry][:3]
    adapter = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32), f"{OUT}/{method}-adapter")
    merged = AutoModelForCausalLM.from_pretrained(f"{OUT}/{method}-merged", dtype=torch.float32)
    result["methods"][method] = dict(steps=steps, peft=logps(adapter), merged=logps(merged))
    print(method, [round(s["loss"], 6) for s in steps])
json.dump(result, open(f"{OUT}/expected.json", "w"), indent=1)
