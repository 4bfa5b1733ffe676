"""Types whose parts lie in several files are one to the store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeanvil.workspace.store import Store


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory, open_project: Callable[[Path], Any]) -> Iterator[Store]:
    project = open_project(tmp_path_factory.mktemp("spread"))
    project.write(dict(SPREAD))
    project.index()
    with project.store() as store:
        yield store


PARTS = {
    "Ui/Window.cs": "namespace Ui;\npartial class Window : Frame {\n  void Open() {}\n}\n"
    "partial class Window<T> { void Fit() {} }\n",
    "Ui/Window.Events.cs": "namespace Ui {\n  partial class Window : IClosable {\n    void Close() {}\n  }\n}\n",
    "Ui/Dialog.cs": "namespace Ui;\nclass Window { void Beep() {} }\nclass Dialog : Window {}\n",
    "Other/Window.cs": "namespace Other;\npartial class Window { void Shake() {} }\n",
}


def test_the_parts_of_a_partial_type_are_one_type_in_any_file(project: Any) -> None:
    project.write(dict(PARTS))
    project.index()
    with project.store() as store:
        windows = {symbol.file: symbol for symbol in store.symbols_named("Ui.Window") if "<" not in symbol.signature}
        for file, methods, bases in [
            ("Ui/Window.cs", ("Open", "Close"), ("Frame", "IClosable")),
            ("Ui/Window.Events.cs", ("Close", "Open"), ("IClosable", "Frame")),
            ("Ui/Dialog.cs", ("Beep",), ()),
        ]:
            assert (windows[file].methods, windows[file].bases) == (methods, bases)
        assert [(s.name, s.file) for s in store.members_of(windows["Ui/Window.cs"])] == [
            ("Open", "Ui/Window.cs"),
            ("Close", "Ui/Window.Events.cs"),
        ]
        assert [s.name for s in store.members_of(windows["Ui/Dialog.cs"])] == ["Beep"]
        generic = next(s for s in store.symbols_named("Window") if "<" in s.signature)
        assert (generic.methods, generic.bases) == (("Fit",), ())
        assert [s.name for s in store.members_of(generic)] == ["Fit"]
        assert next(symbol.methods for symbol in store.symbols_in("Ui/Window.cs")) == ("Open",)


SPREAD = {
    "net/http/server.go": "package http\n\ntype Server struct{}\n\nfunc (s *Server) Serve() {}\n",
    "net/http/close.go": "package http\n\nfunc (s *Server) Close() {}\n\nfunc (s *Server) Abort() {}\n",
    "net/http/serve_linux.go": "package http\n\ntype Server struct{}\n\nfunc (s *Server) Splice() {}\n",
    "net/fcgi/server.go": "package http\n\ntype Server struct{}\n\nfunc (s *Server) Fork() {}\n",
    "net/fcgi/sub/a.go": "package http\n\nfunc (s *Server) Other() {}\n",
    "core/src/pool.rs": "pub struct Pool;\nimpl Pool { fn get(&self) {} }\n",
    "core/src/pool/fmt.rs": "impl fmt::Debug for super::Pool { fn fmt(&self) {} }\n",
    "extra/src/pool.rs": "pub struct Pool;\n",
    "extra/src/deep/put.rs": "impl Pool { fn put(&self) {} }\n",
    "core/src/deep/plain.rs": "impl Pool {}\nimpl Clone for Pool {}\nimpl<T> Clone for T {}\nimpl !Send for Pool {}\n",
    "App/Card.swift": "struct Card { func draw() {} }\n",
    "Kit/Card+Codable.swift": "extension Card: Codable { init(from: Decoder) {}\n  struct Keys {}\n}\n",
    "Kit/Text.swift": "extension String { func shout() {} }\n",
    "lib/cart.rb": "module Shop\n  class Cart < Base\n    def add; end\n  end\nend\n",
    "lib/cart/totals.rb": "class Shop::Cart\n  include Rounding\n  def total; end\n  class Line; end\nend\n",
    "lib/cart/late.rb": "module Shop\n  def Cart.empty; end\nend\n",
    "app/cart.rb": "class Cart\n  def pay; end\nend\n",
    "lib/units.rb": "module Shop\n  module Units\n    def kilo; end\n  end\nend\n",
    "lib/more_units.rb": "module Shop::Units\n  def gram; end\nend\n",
}


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("Pool", {"core/src/pool.rs": ("Clone", "Debug"), "extra/src/pool.rs": ()}),
        ("Card", {"App/Card.swift": ("Codable",)}),
        ("Keys", {"Kit/Card+Codable.swift": ()}),
    ],
)
def test_bases_that_other_files_add_are_those_of_the_type(
    spread: Store, name: str, bases: dict[str, tuple[str, ...]]
) -> None:
    assert {each.file: each.bases for each in spread.symbols_named(name)} == bases


@pytest.mark.parametrize(
    ("base", "derived"),
    [("Debug", ["core/src/pool.rs"]), ("Clone", ["core/src/pool.rs"]), ("Codable", ["App/Card.swift"]), ("Send", [])],
)
def test_a_type_derives_from_what_other_files_add_to_it(spread: Store, base: str, derived: list[str]) -> None:
    assert [symbol.file for symbol in spread.derived_from(base)] == derived


@pytest.mark.parametrize(
    ("name", "file", "members", "methods"),
    [
        ("http.Server", "net/http/server.go", ["Serve", "Close", "Abort"], ("Serve", "Abort", "Close")),
        ("http.Server", "net/http/serve_linux.go", ["Splice", "Close", "Abort"], ("Splice", "Abort", "Close")),
        ("http.Server", "net/fcgi/server.go", ["Fork"], ("Fork",)),
        ("Pool", "core/src/pool.rs", ["get", "fmt"], ("get", "fmt")),
        ("Pool", "extra/src/pool.rs", ["put"], ("put",)),
        ("Card", "App/Card.swift", ["draw", "init", "Keys"], ("draw", "init")),
        ("Shop.Cart", "lib/cart.rb", ["add", "empty", "total", "Line"], ("add", "empty", "total")),
        ("Shop::Cart", "lib/cart/totals.rb", ["total", "Line", "add", "empty"], ("total", "add", "empty")),
        ("Cart", "app/cart.rb", ["pay"], ("pay",)),
        ("Shop.Units", "lib/units.rb", ["kilo", "gram"], ("kilo", "gram")),
    ],
)
def test_methods_in_other_files_belong_to_the_type_that_they_are_written_for(
    spread: Store, name: str, file: str, members: list[str], methods: tuple[str, ...]
) -> None:
    found = next(symbol for symbol in spread.symbols_named(name) if symbol.file == file)
    assert found.methods == methods
    assert [member.name for member in spread.members_of(found)] == members
    own = next(symbol for symbol in spread.symbols_in(file) if symbol.qualified == found.qualified)
    assert spread.whole(own) == found


def test_a_type_opened_again_in_ruby_has_the_bases_of_all_its_parts(spread: Store) -> None:
    bases = {symbol.file: symbol.bases for symbol in spread.symbols_named("Shop::Cart") if symbol.is_type}
    assert bases == {"lib/cart.rb": ("Base", "Rounding"), "lib/cart/totals.rb": ("Rounding", "Base")}


def test_members_of_a_companion_object_are_found_as_members_of_its_class(project: Any) -> None:
    source = "package p\nclass Ship {\n  fun sail() {}\n  companion object {\n    fun build() = Ship()\n  }\n}\n"
    project.write({"Ship.kt": source})
    project.index()
    with project.store() as store:
        ship = store.symbols_named("p.Ship")[0]
        assert ship.methods == ("sail",)
        assert [s.name for s in store.members_of(ship)] == ["sail", "Companion", "build"]
        for name in ("Ship.build", "p.Ship.build", "Ship.Companion.build"):
            assert [(s.file, s.line) for s in store.symbols_named(name)] == [("Ship.kt", 5)]
