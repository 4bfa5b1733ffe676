"""Comments, signatures, includes."""

import pytest
from tests.facts.cpp.reading import named, read


@pytest.mark.parametrize(
    ("comment", "doc"),
    [
        ("/// Reads files.\n/// Slowly.\n", "Reads files."),
        ("/** Reads\n *  files. Slowly.\n */\n", "Reads files."),
        ("/*!\n * \\brief Reads files.\n *\n * More.\n */\n", "Reads files."),
        ("/**\n * @class Foo\n * @brief Reads files, e.g. DICOM.\n * @param x no\n */\n", "Reads files, e.g. DICOM."),
        ("//! Reads files\n", "Reads files"),
        ("// Reads files.\n", "Reads files."),
        ("/// Reads \\c Foo and <b>more</b>.\ntemplate <class T>\n", "Reads Foo and more."),
        ("/// Reads files.\nFOO_API\n", "Reads files."),
        ("// Something else.\n\n", ""),
        ("int x; // about x\n", ""),
        ("int x; /**< about x */\n", ""),
        ("// ------------\n", ""),
    ],
)
def test_the_doc_is_the_first_sentence_of_the_comment_above(comment, doc):
    assert named("int before;\n" + comment + "void f();", "f").doc == doc


def test_a_comment_behind_a_member_documents_it():
    source = "struct S {\n  void a(); ///< Does a.\n  void b();\n  void c(); /**< Does c. */\n};"
    assert {s.name: s.doc for s in read(source).symbols} == {"S": "", "a": "Does a.", "b": "", "c": "Does c."}


def test_signatures_are_as_written_on_one_line_up_to_the_body():
    source = """
template <typename T>
class EXPORT_API Foo final  // not this
    : public Bar<T> {
  explicit Foo(int a, /* nor this */ int b = 3) noexcept : a_(a) { run(); }
  virtual const char* name(const char* d = "a // b") const = 0;
};
"""
    assert [s.signature for s in read(source).symbols] == [
        "template <typename T> class EXPORT_API Foo final : public Bar<T>",
        "explicit Foo(int a, int b = 3) noexcept",
        'virtual const char* name(const char* d = "a // b") const = 0',
    ]


def test_includes_and_the_comment_about_the_file():
    licence = "// Copyright 2020 Someone.\n// All rights reserved.\n\n"
    source = licence + '/**\n * @file a.h\n * Reads images.\n */\n#include <vector>\n#include "b/c.h"\n'
    facts = read(source)
    assert facts.imports == ("vector", "b/c.h")
    assert facts.doc == "Reads images."


def test_a_licence_documents_neither_the_file_nor_the_first_class():
    facts = read("/* Copyright (c) 2020. */\nclass A {};")
    assert (facts.doc, facts.symbols[0].doc) == ("", "")
