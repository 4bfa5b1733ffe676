"""An Ollama Modelfile whose template is the model's own: rendered once with a mark where the question goes.

Ollama's templates are Go's and not Jinja, so the chat template itself cannot be handed over; what it makes of one user
turn, which is all CodeAnvil trains on (`contract.messages`), can.
"""

from collections.abc import Sequence
from typing import Any

from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.tokens.template import prompt_text

_MARK = "codeanvil-question-goes-here"
_PROMPT = "{{ .Prompt }}"


def modelfile(tokenizer: Any, gguf_name: str, context: int) -> str:
    """The Modelfile for the GGUF beside it. Raises TrainerError for a template that does not keep the question."""
    before, after = frame(tokenizer)
    lines = [
        f"FROM ./{gguf_name}",
        f'TEMPLATE """{before}{_PROMPT}{after}"""',
        f'PARAMETER stop "{tokenizer.eos_token}"',
        f"PARAMETER num_ctx {context}",
        "PARAMETER temperature 0",
    ]
    return "\n".join(lines) + "\n"


def frame(tokenizer: Any) -> tuple[str, str]:
    """What the chat template puts before and behind a question."""
    before, mark, after = prompt_text(tokenizer, [{"role": "user", "content": _MARK}]).partition(_MARK)
    if not mark or '"""' in before + after or "{{" in before + after:
        raise TrainerError(
            "The chat template of this base model cannot be written as an Ollama template: export --format merged, and "
            "write a Modelfile by hand."
        )
    return before, after


def rendered(text: str, messages: Sequence[dict[str, str]]) -> str:
    """What Ollama makes of one user turn with the Modelfile `text`: for the test that it is what was trained."""
    template = text.partition('TEMPLATE """')[2].partition('"""')[0]
    return template.replace(_PROMPT, messages[-1]["content"])
