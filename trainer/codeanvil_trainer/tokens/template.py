"""Messages in, tokens out: the one place where text becomes what a model sees.

Training, validation, generation and serving all go through here, with the base model's own chat
template; the Alpaca template stands in only where a model has none. Its hash travels with every
adapter (`identity.py`).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

ALPACA_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'user' %}### Instruction:\n{{ message['content'] }}\n\n### Response:\n"
    "{% elif message['role'] == 'assistant' %}{{ message['content'] }}{{ eos_token }}\n\n"
    "{% else %}{{ message['content'] }}\n\n{% endif %}"
    "{% endfor %}"
)


def chat_template(tokenizer: Any) -> str:
    """The template in force for `tokenizer`."""
    template = tokenizer.chat_template
    if isinstance(template, dict):
        template = template.get("default") or next(iter(template.values()))
    return template or ALPACA_TEMPLATE


def template_sha256(tokenizer: Any) -> str:
    """Hex digest of the template in force: an adapter answers rightly only under the one it was trained with."""
    return hashlib.sha256(chat_template(tokenizer).encode()).hexdigest()


def prompt_text(tokenizer: Any, messages: Sequence[dict[str, str]]) -> str:
    """The conversation as text, ending where the model's answer begins."""
    return str(
        tokenizer.apply_chat_template(
            list(messages), tokenize=False, add_generation_prompt=True, chat_template=chat_template(tokenizer)
        )
    )


def encode_prompt(tokenizer: Any, messages: Sequence[dict[str, str]]) -> list[int]:
    """Token ids of `prompt_text`."""
    return list(tokenizer.encode(prompt_text(tokenizer, messages), add_special_tokens=False))


def encode_sample(tokenizer: Any, messages: Sequence[dict[str, str]], answer: str) -> tuple[list[int], list[int]]:
    """Token ids of the prompt and of the answer; the answer's end with EOS.

    The two are encoded apart, because generation starts from the encoded prompt: the training tokens must
    break at the same place.
    """
    prompt = prompt_text(tokenizer, messages)
    whole = str(
        tokenizer.apply_chat_template(
            [*messages, {"role": "assistant", "content": answer}],
            tokenize=False,
            chat_template=chat_template(tokenizer),
        )
    )
    # Templates that rewrite the history (dropping reasoning, say) do not continue the prompt; the bare answer does.
    text = whole[len(prompt) :] if whole.startswith(prompt) else answer
    end = text.find(tokenizer.eos_token, max(text.find(answer), 0) + len(answer))
    text = text[:end] if end >= 0 else answer
    ids = list(tokenizer.encode(text, add_special_tokens=False))
    return list(tokenizer.encode(prompt, add_special_tokens=False)), [*ids, int(tokenizer.eos_token_id)]
