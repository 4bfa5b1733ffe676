import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.answers.understanding.nearest import closest, parts, slip
from codeanvil.workspace.store.names import as_names

NAMES = ["DicomReader", "DicomWriter", "ImageProcessor", "HTTPServer", "parse_header", "Boolean3", "Vec", "Node"]

MANY = as_names(
    sorted({f"{head}{tail}{number}" for head in ("Dicom", "Image", "Berth") for tail in NAMES for number in range(40)})
)


@given(st.sampled_from(["ImageProcessor", "DicomReader", "parse_header"]), st.integers(0, 9))
def test_swapped_neighbours_are_one_edit(name, at):
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert slip(swapped, NAMES) == name


@given(st.text("abBrtDicom_1", max_size=6))
def test_names_that_hold_a_part_are_those_that_hold_it(part):
    expected = [place for place, name in enumerate(MANY) if part and part.lower() in name.lower()]
    assert list(MANY.holding(part)) == expected


@given(st.sampled_from(MANY), st.integers(0, 12))
def test_of_many_names_the_closest_is_still_found(name, at):
    asked = f"{name[:at]}{name[at + 1 :]}"
    assert name in closest(asked, MANY, count=60)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("ImageProcesor", "ImageProcessor"),
        ("ImageProccesor", "ImageProcessor"),
        ("DicomReeder", "DicomReader"),
        ("HTTPSever", "HTTPServer"),
        ("parse_haeder", "parse_header"),
    ],
)
def test_a_slip_is_taken_for_what_was_meant(asked, meant):
    assert slip(asked, NAMES) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "DicomLoader",
        "ImageProcessor2",
        "ImageProcessorX",
        "Boolean2",
        "MyDicomReader",
        "Mode",
        "Set",
        "TotallyOther",
        "",
    ],
)
def test_another_name_is_not_a_slip(asked):
    assert slip(asked, NAMES) == ""


def test_parts_follow_case_digits_and_underscores():
    assert parts("parseHTTPHeader_v2") == ["parse", "http", "header", "v", "2"]


def test_closest_shares_words_or_letters():
    assert closest("DicomLoader", NAMES)[:2] == ["DicomReader", "DicomWriter"]
    assert closest("ImageManager", NAMES) == ["ImageProcessor"]
    assert closest("Zebra", NAMES) == []
