"""A byte-level BPE tokenizer as GGUF metadata. llama.cpp splits text by rules of its own that go by name."""

import json
from typing import Any

from codeanvil_trainer.errors import TrainerError

_BYTES_AS_CHARACTERS = "ByteLevel"


def add_tokenizer(writer: Any, tokenizer: Any, config: Any, chat_template: str) -> None:
    """Put tokens, merges, special tokens and the template into the file. Raises TrainerError for other tokenizers.

    No BOS is added by llama.cpp itself: the template has it where the model was trained with it.
    """
    import gguf

    backend = json.loads(tokenizer.backend_tokenizer.to_str())
    tokens, types = _tokens(backend, int(config.vocab_size), gguf.TokenType)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(splitting_rules(backend, config.model_type))
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(
        [merge if isinstance(merge, str) else " ".join(merge) for merge in backend["model"]["merges"]]
    )
    writer.add_eos_token_id(int(tokenizer.eos_token_id))
    writer.add_pad_token_id(int(tokenizer.pad_token_id))
    if tokenizer.bos_token_id is not None:
        writer.add_bos_token_id(int(tokenizer.bos_token_id))
    writer.add_add_bos_token(False)
    writer.add_chat_template(chat_template)


def splitting_rules(backend: dict[str, Any], model_type: str) -> str:
    """llama.cpp's name for how this tokenizer splits text before merging. Raises TrainerError where it has none.

    Told by the rules themselves: two tokenizers of one family may differ in them, and a wrong name gives other
    tokens without any error.
    """
    before = backend.get("pre_tokenizer") or {}
    steps = before.get("pretokenizers", [before])
    patterns = [step["pattern"].get("Regex", "") for step in steps if step.get("type") == "Split"]
    level = next((step for step in steps if step.get("type") == _BYTES_AS_CHARACTERS), None)
    if backend["model"].get("type") == "BPE" and level is not None and not backend.get("normalizer"):
        if not patterns and level.get("use_regex"):
            return "gpt-2"
        if model_type == "qwen2" and len(patterns) == 1:
            return "qwen2"
        if patterns and patterns[0] == "[\r\n]":
            return "deepseek-coder"
    if backend["model"].get("type") == "BPE" and model_type == "qwen2" and len(patterns) == 1:
        return "qwen2"  # its normalizer, NFC, changes nothing in code
    raise TrainerError(
        "The tokenizer of this base model splits text by rules that llama.cpp has no name for here: export --format "
        "merged, and convert that folder with llama.cpp's convert_hf_to_gguf.py."
    )


def _tokens(backend: dict[str, Any], size: int, kinds: Any) -> tuple[list[str], list[int]]:
    """Every token by its number, and its kind; numbers without a token are filled: the weights have rows for them."""
    by_number = {number: token for token, number in backend["model"]["vocab"].items()}
    added = {token["id"]: token for token in backend.get("added_tokens", [])}
    tokens, types = [], []
    for number in range(size):
        if number in added:
            tokens.append(added[number]["content"])
            types.append(int(kinds.CONTROL if added[number]["special"] else kinds.USER_DEFINED))
        elif number in by_number:
            tokens.append(by_number[number])
            types.append(int(kinds.NORMAL))
        else:
            tokens.append(f"[PAD{number}]")
            types.append(int(kinds.UNUSED))
    return tokens, types
