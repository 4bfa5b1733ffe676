"""No facts, however odd, stop the generation."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import FileView
from codeanvil.samples.questions import file_questions
from codeanvil.settings import SampleSettings

_NAMES = st.one_of(st.sampled_from(["A", "B", "f", "", "~A", "operator()", "_x", "__init__"]), st.text(max_size=6))
_SYMBOLS = st.builds(
    Symbol,
    kind=st.sampled_from(["class", "struct", "enum", "module", "function", "method", "constructor", "macro"]),
    lang=st.sampled_from(["python", "c", "cpp"]),
    name=_NAMES,
    scope=st.sampled_from(["", "A", "A.f", "n.A"]),
    qualified=st.sampled_from(["A", "A.f", "n.A", "A.f.B", ""]),
    file=st.just("a.py"),
    line=st.integers(0, 9),
    end=st.integers(0, 12),
    bases=st.lists(_NAMES, max_size=3).map(tuple),
    methods=st.lists(_NAMES, max_size=3).map(tuple),
    decl=st.booleans(),
    doc=st.text(max_size=12),
    signature=st.one_of(st.sampled_from(["def f(a, (b), *c)", "int f(", "f())"]), st.text(max_size=12)),
)


@given(
    st.lists(_SYMBOLS, max_size=6).map(tuple),
    st.text("ab \n{}", max_size=60),
    st.lists(_NAMES, max_size=2).map(tuple),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_facts_give_samples_and_questions(symbols, text, absent):
    seen = FileView(FileFacts("a.py", "python", "", 9, symbols), text, absent=absent)
    samples = file_samples(seen, SampleSettings(code_characters=200))
    assert len({s.id for s in samples}) == len(samples)
    assert all(s.instruction and s.output and s.source == "a.py" for s in samples)
    file_questions(seen)
