"""Learns byte-level BPE vocabularies with Hugging Face's own trainer: `python bpe_training.py ../bpe-training.json`."""

import json
import random
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def texts():
    """Words over few letters, so that pairs are equally frequent all the time; some of them not ASCII."""
    rng = random.Random(5)
    letters = ["a", "b", "c", "d", "é", "ß", "語", "🙂", "'s", "12"]
    words = ["".join(rng.choices(letters, k=rng.randint(1, 7))) for _ in range(120)]
    return [" ".join(rng.choices(words, k=rng.randint(1, 30))) for _ in range(60)] + ["", "  \n\tx  ", "aaaaaaaaaa aaaaaaa aaaa"]


def learn(corpus, vocab_size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=2,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocab = sorted(model["vocab"], key=model["vocab"].get)
    return {"vocab_size": vocab_size, "vocab": vocab, "merges": model["merges"]}


corpus = texts()
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump({"special": SPECIAL, "texts": corpus, "learnt": [learn(corpus, size) for size in (259, 300, 420, 5000)]}, out, ensure_ascii=True, indent=1)
