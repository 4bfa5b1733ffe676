"""Samples of a file and of a project: what is taught, and that it is true."""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from codeanvil.facts.model import FileFacts
from codeanvil.samples.generate import absent_candidates, file_samples, project_samples
from codeanvil.samples.invented import invented_project, invented_view
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import FileView
from codeanvil.samples.views import views

PATH = "include/core/image_processor.h"
MISSING = "The facts given say nothing about "


def answers(samples, kind, subject):
    """The answers without evidence to one kind of question about one subject."""
    return {s.output for s in samples if s.kind == kind and s.subject == subject and not s.input}


@pytest.mark.parametrize(
    ("kind", "subject", "answer"),
    [
        ("where", "core.ImageProcessor", f"`ImageProcessor` is defined in `{PATH}`."),
        ("methods", "core.ImageProcessor", "`ImageProcessor` has the methods `Process` and `Validate`."),
        ("bases", "core.ImageProcessor", "`ImageProcessor` derives from `ProcessorBase`."),
        ("derived", "core.ImageProcessor", "`ImageProcessor` is the base of `CTProcessor`."),
        ("purpose", "core.ImageProcessor", "`ImageProcessor`: Applies window and level to images."),
        (
            "about",
            "core.ImageProcessor",
            f"`ImageProcessor` is a class in `{PATH}`. It derives from `ProcessorBase`. Its methods are `Process` and "
            "`Validate`. It is the base of `CTProcessor`. Applies window and level to images.",
        ),
        (
            "constructor",
            "core.ImageProcessor",
            "`ImageProcessor` is constructed with `explicit ImageProcessor(int width, int height)`.",
        ),
        ("methods", "core.Rectangle", "`Rectangle` has no methods of its own."),
        ("bases", "core.Rectangle", "`Rectangle` has no base classes."),
        ("derived", "core.Rectangle", "`Rectangle` has no derived classes."),
        ("purpose", "core.Rectangle", f"`Rectangle` is a struct without a description, defined in `{PATH}`."),
        ("exists", "core.Mode", f"Yes, `Mode` is an enum in `{PATH}`."),
        ("where", "core.makeProcessor", f"`makeProcessor` is defined in `{PATH}`."),
        (
            "signature",
            "core.makeProcessor",
            "The signature of `makeProcessor` is `ImageProcessor makeProcessor(const std::string& path)`.",
        ),
        ("purpose", "core.makeProcessor", "`makeProcessor`: Makes a processor for a file."),
        (
            "signature",
            "core.ImageProcessor.Process",
            "The signature of `ImageProcessor::Process` is `bool Process(Image& image, int passes = 1)`.",
        ),
        ("owner", "Process", "The method `Process` belongs to `ImageProcessor`."),
        (
            "contains",
            PATH,
            f"`{PATH}` defines the types `ImageProcessor`, `Rectangle` and `Mode` and the function `makeProcessor`.",
        ),
        ("file", PATH, f"`{PATH}`: Image processing."),
        ("absent", "ImageManager", "There is no `ImageManager` in this workspace."),
        ("absent", "archiveProcessor", "There is no `archiveProcessor` in this workspace."),
    ],
)
def test_answers_of_a_file(view, kind, subject, answer):
    assert answers(file_samples(view), kind, subject) == {answer}


def test_members_and_bases_that_are_there_and_that_are_not(view):
    samples = file_samples(view)
    said = answers(samples, "member", "core.ImageProcessor")
    assert {text for text in said if text.startswith("Yes")} == {
        "Yes, `ImageProcessor` has the method `Process`.",
        "Yes, `ImageProcessor` has the method `Validate`.",
    }
    assert any(re.fullmatch(r"No, `ImageProcessor` has no method `\w+` of its own\.", text) for text in said)
    related = answers(samples, "inherits", "core.ImageProcessor")
    assert "Yes, `ImageProcessor` derives from `ProcessorBase`." in related
    assert any(re.fullmatch(r"No, `ImageProcessor` does not derive from `\w+`\.", text) for text in related)


def test_members_inherited_within_the_file_are_not_denied(header):
    base = replace(
        header.symbols[2], name="ProcessorBase", qualified="core.ProcessorBase", methods=("Reset",), bases=()
    )
    samples = file_samples(FileView(replace(header, symbols=(*header.symbols, base))))
    assert "No, `ImageProcessor` has no method `Reset` of its own." not in {s.output for s in samples}


def test_forward_declarations_teach_nothing(view):
    assert not [s for s in file_samples(view) if "Forward" in s.instruction + s.output]


def test_an_empty_file_teaches_nothing():
    assert file_samples(FileView(FileFacts("src/empty.py", "python", "", 0))) == []


def test_a_name_that_two_files_define_is_always_asked_with_its_place(view):
    shared = replace(view, elsewhere={"ImageProcessor": (("other.ImageProcessor", "src/other.h"),)})
    for sample in file_samples(shared):
        if (
            sample.kind in {"methods", "bases", "derived", "purpose", "about"}
            and sample.subject == "core.ImageProcessor"
        ):
            assert PATH in sample.instruction


def test_the_first_of_the_files_that_define_a_name_names_them_all(view):
    shared = replace(view, elsewhere={"ImageProcessor": (("other.ImageProcessor", "src/other.h"),)})
    assert answers(file_samples(shared), "where", "core.ImageProcessor") == {
        f"`ImageProcessor` is defined in `{PATH}` and `src/other.h`."
    }
    earlier = replace(view, elsewhere={"ImageProcessor": (("other.ImageProcessor", "a.h"),)})
    assert answers(file_samples(earlier), "where", "core.ImageProcessor") == set()


def test_members_of_a_type_do_not_make_its_name_ambiguous(view):
    outside = replace(view, elsewhere={"ImageProcessor": (("core.ImageProcessor.ImageProcessor", "src/p.cpp"),)})
    assert answers(file_samples(outside), "where", "core.ImageProcessor") == {
        f"`ImageProcessor` is defined in `{PATH}`."
    }


def test_a_method_declared_here_and_defined_elsewhere_names_both_files(view):
    split = replace(view, elsewhere={"Process": (("core.ImageProcessor.Process", "src/p.cpp"),)})
    assert answers(file_samples(split), "where", "core.ImageProcessor.Process") == {
        f"`ImageProcessor::Process` is declared in `{PATH}` and defined in `src/p.cpp`."
    }


def test_a_prototype_of_a_function_that_another_file_defines_teaches_nothing(header):
    prototype = replace(header.symbols[-1], decl=True)
    facts = replace(header, symbols=(prototype,))
    elsewhere = {"makeProcessor": (("core.makeProcessor", "src/p.cpp"),)}
    assert not [s for s in file_samples(FileView(facts, elsewhere=elsewhere)) if s.subject == "core.makeProcessor"]
    assert [s for s in file_samples(FileView(facts)) if s.subject == "core.makeProcessor"]


def test_overloads_are_told_of_together(header):
    first = next(s for s in header.symbols if s.name == "Validate")
    second = replace(first, line=17, signature="bool Validate(int limit) const")
    facts = replace(header, symbols=(*header.symbols, second))
    assert answers(file_samples(FileView(facts)), "signature", "core.ImageProcessor.Validate") == {
        "The signature of `ImageProcessor::Validate` is `bool Validate() const` or `bool Validate(int limit) const`."
    }


def test_functions_inside_of_functions_are_not_told_of(header):
    inner = replace(
        header.symbols[-1], name="inmost", scope="core.makeProcessor", qualified="core.makeProcessor.inmost"
    )
    samples = file_samples(FileView(replace(header, symbols=(*header.symbols, inner))))
    assert not [s for s in samples if "inmost" in s.instruction + s.output]


def test_equal_names_in_several_files_are_ambiguous_even_when_qualified_alike(view):
    twins = replace(view, elsewhere={"makeProcessor": (("core.makeProcessor", "src/p.cpp"),)})
    assert answers(file_samples(twins), "where", "core.makeProcessor") == {
        f"`makeProcessor` is defined in `{PATH}` and `src/p.cpp`."
    }


def test_nested_types_of_one_name_are_told_apart(header):
    outer = header.symbols[2]
    kept = [
        replace(outer, name="Meta", scope=f"core.{owner}", qualified=f"core.{owner}.Meta", methods=(), bases=())
        for owner in ("ImageProcessor", "Rectangle")
    ]
    samples = file_samples(FileView(replace(header, symbols=(*header.symbols, *kept))))
    assert answers(samples, "where", "core.Rectangle.Meta") == {f"`Rectangle::Meta` is defined in `{PATH}`."}


def test_important_facts_are_asked_in_many_wordings_and_private_ones_in_few(view):
    counts = Counter(s.fact for s in file_samples(view))
    assert 8 <= counts[f"methods:{PATH}:core.ImageProcessor"] <= 24
    assert 8 <= counts[f"where:{PATH}:core.ImageProcessor"] <= 24
    hidden = replace(view.facts.symbols[2], name="_Hidden", qualified="core._Hidden")
    samples = file_samples(FileView(replace(view.facts, symbols=(hidden,))))
    assert Counter(s.kind for s in samples)["where"] < counts[f"where:{PATH}:core.ImageProcessor"]


def all_invented():
    for seed in range(12):
        for view in views(invented_project(seed)):
            yield from file_samples(view)
        yield from project_samples(invented_view(seed))


def test_a_quarter_of_the_samples_carries_evidence():
    samples = list(all_invented())
    share = sum(bool(s.input) for s in samples) / len(samples)
    assert 0.2 < share < 0.3


def test_evidence_holds_the_answer_or_the_answer_says_that_it_does_not():
    missing = 0
    for sample in all_invented():
        if not sample.input:
            continue
        assert sample.input.startswith("Facts:\n")
        if sample.output.startswith(MISSING):
            missing += 1
            assert sample.output[len(MISSING) :].strip("`.") not in sample.input
            continue
        names = re.findall(r"`([^`\n]+)`", sample.output)
        if sample.kind not in {"member", "inherits"} or sample.output.startswith("Yes"):
            assert all(name in sample.input for name in names if not name.startswith(("CMake", "Python"))), sample
    assert missing > 20


def test_no_answer_without_evidence_says_that_facts_are_missing():
    assert not [s for s in all_invented() if not s.input and s.output.startswith(MISSING)]


def test_one_question_has_one_answer():
    for seed in range(12):
        found = defaultdict(set)
        for view in views(invented_project(seed)):
            for sample in file_samples(view):
                found[sample.instruction, sample.input].add(sample.output)
        assert {key: said for key, said in found.items() if len(said) > 1} == {}


def test_answers_without_evidence_are_short():
    lengths = sorted(len(s.output) for s in all_invented() if s.kind not in BUILD_KINDS)
    assert lengths[len(lengths) // 2] < 120
    assert lengths[-1] < 600


def test_ids_are_unique_and_equal_views_give_equal_samples(view, project):
    for make, seen in ((file_samples, view), (project_samples, project)):
        samples = make(seen)
        assert len({s.id for s in samples}) == len(samples)
        assert make(replace(seen)) == samples


def test_ids_are_the_same_in_every_process():
    code = (
        "from codeanvil.samples.generate import *; from codeanvil.samples.invented import *;"
        "from codeanvil.samples.views import views; from codeanvil.samples.draw import hex_digest;"
        "print(hex_digest(*(s.id for v in views(invented_project(3)) for s in file_samples(v))))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": "server", "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_odd_names_do_no_harm(header):
    odd = replace(
        header.symbols[2],
        name="operator%(it)s",
        qualified="core.operator%(it)s",
        bases=("A`B", "%s"),
        methods=("{x|y}", "<z>"),
    )
    samples = file_samples(FileView(replace(header, symbols=(odd,))))
    assert "`operator%(it)s` derives from ``A`B`` and `%s`." in {s.output for s in samples}
    assert "`operator%(it)s` has the methods `{x|y}` and `<z>`." in {s.output for s in samples}


def test_absent_candidates_are_stable_and_not_in_the_file(header):
    names = absent_candidates(header)
    assert names == absent_candidates(header)
    assert names
    assert not {s.name for s in header.symbols} & set(names)


def test_five_thousand_samples_take_less_than_five_seconds():
    import time

    start = time.process_time()
    count = seed = 0
    while count < 5_000:
        count += sum(len(file_samples(view)) for view in views(invented_project(seed)))
        seed += 1
    assert time.process_time() - start < 5
