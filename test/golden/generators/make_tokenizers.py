"""Makes test/golden/tokenizers/*.json: small tokenizers of every style Prospect runs, with the ids that Hugging Face's
`tokenizers` (0.23) gives for texts chosen to be awkward. Run from the repository root:

    python test/golden/generators/make_tokenizers.py
    python test/golden/generators/tokenisation.py

Training breaks ties at random, so each run gives other vocabularies; tokenisation.py reads the ones written here.

Needs: pip install tokenizers==0.23.2
"""

import json
import random
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).resolve().parents[1] / "tokenizers"

CORPUS = [
    "The quick brown fox jumps over the lazy dog. It's what we've been waiting for, isn't it? I'll say they're right.",
    "def total(rows):\n    return sum(row['label'] for row in rows)\n\n\nclass Run:\n        name = 'first'\n",
    "Prices rose 3.14% in 2024, from 1,234,567 to 1,273,332; that's 38765 more than the 00123 expected.",
    "Die Straße ist nass. Çà et là, l'été naïve façade coûte cher. El niño comió piñas. Żółć gęślą jaźń.",
    "人工智能正在改变世界。东京都の天気は晴れです。한국어 문장도 있습니다. Привет, как дела? Γειά σου Κόσμε. שלום עולם. مرحبا بالعالم",
    "😀 😃 👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 ❤️ emoji   spaces    runs\t\ttabs\r\nlines\n\n",
] * 20

SPECIAL_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def train_byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return json.loads(tokenizer.to_str())["model"]


def train_sentence_piece():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("▁+|[^▁]+"), "isolated")
    trainer = trainers.BpeTrainer(
        vocab_size=1000, special_tokens=["<unk>", "<s>", "</s>", *SPECIAL_BYTES], limit_alphabet=120, show_progress=False
    )
    # Runs of ▁ become tokens of their own, as in Llama 2.
    tokenizer.train_from_iterator([*CORPUS, " a" * 5 + "        " * 40], trainer)
    return json.loads(tokenizer.to_str())["model"]


BYTE_MODEL = train_byte_level()
PIECE_MODEL = train_sentence_piece()


def build(model, *, normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None, added=(), **model_options):
    text = json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
        "post_processor": None, "decoder": None, "model": {**model, **model_options},
    })
    tokenizer = Tokenizer.from_str(text)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    if decoder is not None:
        tokenizer.decoder = decoder
    for token in added:
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    if post_processor is not None:
        tokenizer.post_processor = post_processor(tokenizer)
    return tokenizer


def special(content, **flags):
    return AddedToken(content, special=True, normalized=False, **flags)


def begin(token, *, end=None):
    def make(tokenizer):
        tail = f" {end}" if end else ""
        return processors.TemplateProcessing(
            single=f"{token} $A{tail}", pair=f"{token} $A{tail} $B",
            special_tokens=[(name, tokenizer.token_to_id(name)) for name in (token, end) if name],
        )
    return make


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def bytes_only():
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
DEEPSEEK = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

CHAT_TOKENS = [special("<|endoftext|>"), special("<|im_start|>"), special("<|im_end|>")]
PIECE_TOKENS = [special("<unk>"), special("<s>"), special("</s>")]
PIECE_DECODER = decoders.Sequence(
    [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(content=" ", left=1)]
)

TOKENIZERS = {
    "gpt2": build(
        BYTE_MODEL, pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False), decoder=decoders.ByteLevel(),
        post_processor=lambda _: processors.ByteLevel(trim_offsets=False), added=[special("<|endoftext|>")],
    ),
    "gpt2-prefix-space": build(
        BYTE_MODEL, pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=True), decoder=decoders.ByteLevel(),
        post_processor=lambda t: processors.RobertaProcessing(
            ("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>"))),
        added=[special("<s>"), special("</s>"), special("<mask>", lstrip=True)],
    ),
    "llama3": build(
        BYTE_MODEL, pre_tokenizer=pre_tokenizers.Sequence([split(LLAMA3), bytes_only()]), decoder=decoders.ByteLevel(),
        added=[special("<|begin_of_text|>"), special("<|eot_id|>")], ignore_merges=True,
        post_processor=lambda t: processors.Sequence([processors.ByteLevel(trim_offsets=False), begin("<|begin_of_text|>")(t)]),
    ),
    "qwen2": build(
        BYTE_MODEL, normalizer=normalizers.NFC(), pre_tokenizer=pre_tokenizers.Sequence([split(QWEN2), bytes_only()]),
        decoder=decoders.ByteLevel(), post_processor=lambda _: processors.ByteLevel(trim_offsets=False),
        added=[*CHAT_TOKENS, AddedToken("<tool_call>", special=False, normalized=False), AddedToken("é!", normalized=True)],
    ),
    "o200k": build(BYTE_MODEL, pre_tokenizer=pre_tokenizers.Sequence([split(O200K), bytes_only()]), decoder=decoders.ByteLevel()),
    "deepseek": build(
        BYTE_MODEL, normalizer=normalizers.Sequence([]), decoder=decoders.ByteLevel(),
        pre_tokenizer=pre_tokenizers.Sequence(
            [split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), bytes_only()]),
        added=[special("<｜begin▁of▁sentence｜>"), special("<｜end▁of▁sentence｜>")], post_processor=begin("<｜begin▁of▁sentence｜>"),
    ),
    "smollm": build(
        BYTE_MODEL, decoder=decoders.ByteLevel(), added=CHAT_TOKENS,
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
    ),
    "falcon": build(
        BYTE_MODEL, decoder=decoders.ByteLevel(),
        pre_tokenizer=pre_tokenizers.Sequence([
            pre_tokenizers.Punctuation(behavior="contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
            pre_tokenizers.Digits(individual_digits=False), split(r"[0-9][0-9][0-9]")]),
        added=[AddedToken("word", single_word=True, normalized=False), AddedToken("  pad", lstrip=True, rstrip=True)],
    ),
    "llama2": build(
        PIECE_MODEL, normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        decoder=PIECE_DECODER, added=[*PIECE_TOKENS, AddedToken("<norm>", normalized=True)], post_processor=begin("<s>"),
    ),
    "mistral": build(
        PIECE_MODEL, pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first", split=False), decoder=PIECE_DECODER,
        added=[*PIECE_TOKENS, special("[INST]"), special("[/INST]")], post_processor=begin("<s>", end="</s>"),
    ),
    "phi3": build(
        PIECE_MODEL, normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        decoder=PIECE_DECODER,
        added=[special("<unk>"), special("<s>"), special("</s>", rstrip=True), special("<|im_end|>", rstrip=True),
               special("<|im_start|>", lstrip=True, rstrip=True)],
    ),
    "gemma": build(
        PIECE_MODEL, normalizer=normalizers.Replace(" ", "▁"), pre_tokenizer=pre_tokenizers.Split(" ", "merged_with_previous"),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
        added=[*PIECE_TOKENS, AddedToken("\n\n", normalized=False)], post_processor=begin("<s>"),
    ),
    "metaspace-split": build(
        PIECE_MODEL, normalizer=normalizers.NFKC(), pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="always", split=True),
        decoder=decoders.Metaspace(), added=PIECE_TOKENS,
    ),
    "unknowns": build(  # no byte fallback: what the alphabet lacks becomes <unk>, neighbours fused
        PIECE_MODEL, normalizer=normalizers.Sequence([normalizers.Strip(), normalizers.Lowercase()]), byte_fallback=False,
        pre_tokenizer=pre_tokenizers.Whitespace(), added=[special("<unk>")],
    ),
    "split-behaviors": build(
        PIECE_MODEL, byte_fallback=True,
        pre_tokenizer=pre_tokenizers.Sequence([
            split("-", "merged_with_next"), split(r"\.", "merged_with_previous"), split(r"[0-9]", "contiguous"),
            split(r"\s+", "removed"), split(r"[^!]+|!", "removed", True)]),
    ),
}

SPECIALS = ["<|endoftext|>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|eot_id|>", "<mask>", "<tool_call>",
            "é!", "e\u0301!", "word", "  pad", "<norm>", "[INST]", "[/INST]", "<unk>", "\n\n", "<｜end▁of▁sentence｜>", "<0x41>"]

FIXED_TEXTS = [
    "", " ", "  ", "\n", "\r\n", "\t", "a", " a", "a ", "  a  ", "Hello world", " Hello  world ", "It's we've I'll they'RE SHE'S 'S 'tis 'ſ it'ſ don’t",
    "\u00a0nbsp\u00a0", "\u2028line\u2029para", "\x85next\x85 line", "\ufeffbom \ufeff inside", "\u200bzero\u200bwidth\u200d",
    "\x00null\x01ctrl\x1f", "e\u0301 é \u1e9b\u0323 ﬁ ² ½ Ⅷ ١٢٣ ๑๒ 一二", "각 각 ㅎㅏㄴ", "नमस्ते किताब", "ﷺ Ǆ ǅ İ ı ß ẞ ΣΑΣ",
    "😀😃", "👩‍👩‍👧‍👦 family", "🏳️‍🌈 🇩🇪🇫🇷", "👍🏽👍", "𝔘𝔫𝔦 𠀀𠀁 \U0010ffff", "\ud7ff\ue000\ufffd\uffff",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "-----===.....!!!???", "a-b--c-.d..e.1-2--3", "1234567890 12 345 6 7.89 1e10 0x1F ½3",
    "    indented\n        more\n\n\n\nend\n", "trailing spaces   \n   \n", "tabs\t\t\tand  \t mixed \n\t\n", "CamelCase snake_case kebab-case HTTPServer2",
    "a\r\rb\r\n\r\nc", "if(x){return y;}//comment\n/*x*/", "https://example.com/a?b=c&d=%20#e", "C:\\path\\to\\file \"quoted\" 'single'",
    "$1,234.56 €99 £5 ¥100 50% #1 @me ^_^", "<s>Hello</s>", "<s> Hello </s> <s>", "  <|im_start|>  user\n hi <|im_end|>\n  ", "x<|im_end|><|im_end|>  y",
    "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "a <mask> b<mask>  <mask>", "word wordy sword word. word", "  pad  pad x  pad", "a  <norm> b<norm>c",
    "caf\u00e9! cafe\u0301!", "[INST] hi [/INST] there [INST]", "<|endoftext|", "<|endoftext|>>", "<0x41>A", "▁under▁score ▁", "\n\n\nabc\n\n", "人工智能世界 mixed 中文text123東京",
]


def random_texts(count):
    """Strings of alternating scraps, so that every boundary between character classes turns up."""
    rng = random.Random(20240131)
    scraps = [
        " ", "  ", "   ", "\n", "\r\n", "\t", "\n\n", "\u00a0", "\u3000", "the", "The", " quick", "fox", "'s", "'LL", "'", "’s", "1", "23", "4567", ".", ",", "!?",
        "-", "--", "é", "e\u0301", "ß", "ñ", "中", "文字", "の", "한국", "\u1112\u1161\u11ab", "П", "ривет", "ש", "ا", "\u064b", "😀", "👍🏽", "\u200d", "\ufe0f",
        "\ufeff", "\x85", "\u2028", "ſ", "K", "İ", "Σ", "²", "½", "٣", "_", "/", "\\", "<", ">", "|", "▁", "\x00", "\u0301", "𝔘", *SPECIALS,
    ]
    return ["".join(rng.choice(scraps) for _ in range(rng.randint(2, 14))) for _ in range(count)]


def slim(tokenizer):
    """tokenizer.json without its vocabulary, which two files hold for all."""
    data = json.loads(tokenizer.to_str())
    model = data["model"]
    shared = "byte-level" if model["vocab"] == BYTE_MODEL["vocab"] else "sentence-piece"
    data["model"] = {**{key: value for key, value in model.items() if key not in ("vocab", "merges")}, "shared": shared}
    return data


def main(count=100, out=OUT):
    texts = list(dict.fromkeys([*FIXED_TEXTS, *random_texts(count)]))
    out.mkdir(exist_ok=True)
    write = lambda name, value: (out / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")
    for name, model in (("byte-level", BYTE_MODEL), ("sentence-piece", PIECE_MODEL)):
        write(f"{name}.model.json", {"vocab": model["vocab"], "merges": model["merges"]})
    write("texts.json", texts)
    for name, tokenizer in TOKENIZERS.items():
        # Ids as one string a text keeps the files small.
        ids = [tokenizer.encode(text).ids for text in texts]
        decoded = [tokenizer.decode(row, skip_special_tokens=False) for row in ids]
        write(f"{name}.json", {
            "tokenizer": slim(tokenizer), "ids": [" ".join(map(str, row)) for row in ids],
            "decoded": decoded[:40],
        })


if __name__ == "__main__":
    main()
