"""Golden numbers for AdamW, gradient clipping, learning-rate schedules and the step loop.

Made with torch 2.13.0 and transformers 5.18.0 on a CPU: python optimizer.py test/golden/train/optimizer.json
"""

import json
import sys
import tempfile

import torch
from transformers import Trainer, TrainingArguments, get_scheduler

torch.set_num_threads(1)


def adamw_case(name, *, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, max_norm=None, fused=False, steps=4):
    """Runs AdamW on two tensors (19 and 5 elements: a vectorised body and a scalar tail) and keeps every input and output."""
    generator = torch.Generator().manual_seed(7)
    params = {
        "a": torch.randn(19, generator=generator).requires_grad_(True),
        "b": torch.zeros(5).requires_grad_(True),
    }
    initial = {k: v.tolist() for k, v in params.items()}
    options = dict(fused=True) if fused else dict(fused=False, foreach=False)
    optimizer = torch.optim.AdamW(list(params.values()), lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, **options)
    record = []
    for step in range(steps):
        grads = {k: torch.randn(v.shape, generator=generator) * (0.3 if step % 2 else 3e-3) for k, v in params.items()}
        if step == 0:
            grads["a"].zero_()  # LoRA A has a zero gradient at the first step, because B is zero
        for k, v in params.items():
            v.grad = grads[k].clone()
        norm = None
        if max_norm is not None:
            norm = torch.nn.utils.clip_grad_norm_(list(params.values()), max_norm if max_norm > 0 else float("inf")).item()
        clipped = {k: v.grad.tolist() for k, v in params.items()} if max_norm else None
        step_lr = lr * (step + 1) / steps
        for group in optimizer.param_groups:
            group["lr"] = step_lr
        optimizer.step()
        record.append(
            dict(
                lr=step_lr,
                gradients={k: v.tolist() for k, v in grads.items()},
                norm=norm,
                clipped=clipped,
                parameters={k: v.tolist() for k, v in params.items()},
            )
        )
    moments = {
        k: dict(exp_avg=optimizer.state[v]["exp_avg"].tolist(), exp_avg_sq=optimizer.state[v]["exp_avg_sq"].tolist())
        for k, v in params.items()
    }
    return dict(
        name=name, betas=betas, eps=eps, weight_decay=weight_decay, max_norm=max_norm, fused=fused,
        initial=initial, steps=record, moments=moments,
    )


def schedules():
    out = []
    for kind in ["linear", "cosine", "constant", "constant_with_warmup"]:
        for warmup, total in [(0, 10), (3, 10), (1, 1), (0.1, 25), (10, 10), (2.5, 7)]:
            args = TrainingArguments(output_dir=tempfile.mkdtemp(), warmup_steps=warmup, report_to=[], use_cpu=True)
            parameter = torch.zeros(1, requires_grad=True)
            optimizer = torch.optim.AdamW([parameter], lr=5e-4)
            resolved = args.get_warmup_steps(total)
            scheduler = get_scheduler(kind, optimizer, num_warmup_steps=resolved, num_training_steps=total)
            rates = []
            for _ in range(total):
                rates.append(scheduler.get_last_lr()[0])
                optimizer.step()
                scheduler.step()
            out.append(dict(kind=kind, warmup=warmup, resolved=resolved, total=total, rates=rates))
    return out


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, x):
        return {"loss": (self.weight * x).mean()}


def loops():
    """Which rows each optimizer step sees, and what is logged, for awkward row counts, epochs and step limits."""
    out = []
    cases = [
        dict(rows=10, batch=4, accumulation=2, epochs=2, max_steps=-1, logging=1),
        dict(rows=10, batch=4, accumulation=2, epochs=1.5, max_steps=-1, logging=1),
        dict(rows=17, batch=2, accumulation=4, epochs=2.3, max_steps=-1, logging=3),
        dict(rows=10, batch=4, accumulation=2, epochs=3, max_steps=5, logging=2),
        dict(rows=6, batch=2, accumulation=8, epochs=2, max_steps=-1, logging=1),
        dict(rows=8, batch=2, accumulation=1, epochs=0.5, max_steps=-1, logging=1),
    ]
    for case in cases:
        losses = []

        class Recorder(Trainer):
            def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
                loss = super().compute_loss(model, inputs, return_outputs, None)
                losses.append(dict(x=[int(v) for v in inputs["x"]], loss=float(loss)))
                return loss

        args = TrainingArguments(
            output_dir=tempfile.mkdtemp(), per_device_train_batch_size=case["batch"],
            gradient_accumulation_steps=case["accumulation"], num_train_epochs=case["epochs"], max_steps=case["max_steps"],
            logging_steps=case["logging"], train_sampling_strategy="sequential", learning_rate=1e-3, report_to=[],
            use_cpu=True, save_strategy="no", disable_tqdm=True, max_grad_norm=0,
        )
        data = [dict(x=torch.tensor(float(i))) for i in range(case["rows"])]
        trainer = Recorder(model=Model(), args=args, train_dataset=data)
        trainer.model_accepts_loss_kwargs = False  # as TRL's KTOTrainer and DPOTrainer
        trainer.train()
        logs = [{k: l[k] for k in ("loss", "learning_rate", "epoch", "step")} for l in trainer.state.log_history if "loss" in l]
        out.append(dict(**case, max_steps_resolved=trainer.state.max_steps, micro_batches=losses, logs=logs))
    return out


golden = dict(
    adamw=[
        adamw_case("defaults", lr=5e-4),
        adamw_case("weight decay", lr=1e-2, weight_decay=0.1),
        adamw_case("other betas and epsilon", lr=1e-3, betas=(0.8, 0.95), eps=1e-5),
        adamw_case("clipped", lr=1e-2, max_norm=0.05),
        adamw_case("norm only", lr=1e-2, max_norm=0),
        adamw_case("fused", lr=1e-2, weight_decay=0.1, fused=True),
    ],
    schedules=schedules(),
    loops=loops(),
)
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
