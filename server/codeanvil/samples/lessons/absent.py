"""Lessons about names that are not there."""

from collections.abc import Iterator

from codeanvil.samples import prose
from codeanvil.samples.draw import Draw
from codeanvil.samples.lessons.expect import ABSENT, INVENTED
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import FileView

_TYPE_QUESTIONS = ("exists", "where", "methods", "bases", "purpose", "derived", "about")
_FUNCTION_QUESTIONS = ("exists", "where", "signature", "purpose")


def absent_lessons(view: FileView) -> Iterator[Lesson]:
    """Every kind of question about invented names, with the answer that there is nothing of that name."""
    for name in view.absent:
        is_type = name[:1].isupper()
        asks = _TYPE_QUESTIONS if is_type else _FUNCTION_QUESTIONS
        kind = "class" if is_type else "function"
        draw = Draw("absent", view.facts.path, name)
        for asked in (asks[0], *draw.shuffled(asks[1:])[:3]):
            yield Lesson(
                kind="absent",
                asks=asked,
                fact=f"absent:{name}",
                subject=name,
                source=view.facts.path,
                slots={"name": name, "kind": kind, "akind": f"a {kind}"},
                answer=prose.absent(name),
                count=3 if asked == "exists" else 2,
                naming="type" if is_type else "function",
                missing=prose.missing(name),
                expect=ABSENT if asked in {"exists", "where", "methods"} else (),
                forbid=INVENTED,
            )
