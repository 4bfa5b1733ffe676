"""A name of a question looked up in the index: what bears it, and where nothing does, what comes near."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from codeanvil.answers.finding.occurrences import MOST_USES, find_setting, find_word, is_constant, line_within
from codeanvil.answers.finding.settings import settings_named
from codeanvil.answers.understanding.meaning import OF_TYPES, fitting, plain
from codeanvil.answers.understanding.names import Mention, is_file_name, is_identifier
from codeanvil.answers.understanding.nearest import closest, slip
from codeanvil.answers.understanding.rules import rules
from codeanvil.answers.understanding.spelling import Spelt, forms
from codeanvil.facts.languages import LANGUAGES, language_of
from codeanvil.facts.model import BuildFacts, Dependency, Option, Setting, Symbol, Target
from codeanvil.workspace.store import Store

MOST_WALKED = 20_000
"""Folder entries looked at for a file that is not indexed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that a build file gives: a target, an option, a dependency, or the project's own (item None)."""

    build: BuildFacts
    item: Target | Option | Dependency | None


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a question and what bears it.

    `settings` are the places where a setting of this name is read or given.

    `name` is as asked, `spelled` as the workspace writes it where that differs. `kind` is the kind word beside it
    in the question. `files` are indexed paths (or folders, with '/' at the end), `outside` files on disk that are
    not indexed, `uses` (path, line) of lines that mention the name though nothing defines it, `owner` the type
    that was asked for a member of this name, `nearest` symbols with names close to it when nothing bears it.
    """

    name: str
    kind: str = ""
    spelled: str = ""
    symbols: tuple[Symbol, ...] = ()
    files: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    settings: tuple[Setting, ...] = ()
    outside: tuple[str, ...] = ()
    uses: tuple[tuple[str, int], ...] = ()
    owner: Symbol | None = None
    nearest: tuple[Symbol, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether nothing in the workspace bears the name."""
        return not (self.symbols or self.files or self.entries or self.settings or self.outside or self.uses)


class Resolver:
    """Looks names up in one store; keeps what it read for the length of one question."""

    def __init__(self, store: Store, root: Path | None = None) -> None:
        self.store = self._store = store
        self._root = root

    def resolve(self, mention: Mention) -> Named:
        """What bears the name, tried from exact to loose; with uses or nearest names where nothing does."""
        name, blank = plain(mention.text), Named(mention.text, mention.kind)
        is_path = mention.form == "path" or "/" in mention.text or is_file_name(mention.text)
        return (
            (self._as_path(mention.text, blank) if is_path else None)
            or self._borne(name, blank)
            or (self._as_path(name, blank) if mention.form == "quoted" else None)
            or self._as_member(name, blank)
            or (None if is_path else self._as_used(name, blank) or self._as_slip(name, blank))
            or replace(blank, nearest=self._nearest(name, self._store.symbol_names()))
        )

    def exact(self, mention: Mention) -> Named | None:
        """The symbols or build entries of exactly this name, if any."""
        if symbols := self._store.symbols_named(mention.text):
            return Named(mention.text, mention.kind, symbols=fitting(symbols, mention.kind))
        return None

    def spelt(self, each: Spelt, intent: str) -> Named | None:
        """The symbols of a name that words of the question make up; types where only such are asked that."""
        names = each.types if each.types and intent in OF_TYPES else each.names
        kind = each.mention.kind
        symbols = tuple(s for name in names for s in fitting(self._store.symbols_named(name), kind))
        same_kind = tuple(s for s in symbols if s.kind == kind)
        return Named(each.mention.text, kind, spelled=names[0], symbols=same_kind or symbols) if symbols else None

    def entry(self, name: str, kinds: tuple[type, ...]) -> Named | None:
        """The entries of build files of this name, of these kinds, if any."""
        found = tuple(each for each in self._entries(name) if isinstance(each.item, kinds))
        return Named(name, entries=found) if found else None

    def setting(self, name: str) -> Named | None:
        """The setting of just this name, unless a symbol or an entry of a build file bears it too."""
        found = tuple(settings_named(name, self._store))
        borne = found and (self._store.symbols_named(name) or self._entries(name))
        return Named(name, settings=found) if found and not borne else None

    def member(self, mention: Mention, holder: Named) -> Named | None:
        """What a type or file holds under the name of `mention`, if anything."""
        for owner in holder.symbols:
            if found := tuple(s for s in self._store.members_of(owner) if s.name == mention.text):
                return Named(mention.text, mention.kind, symbols=found, owner=owner)
        inside = [s for path in holder.files for s in self._store.symbols_in(path) if s.name == mention.text]
        return Named(mention.text, mention.kind, symbols=fitting(inside, mention.kind)) if inside else None

    def meant(self, mention: Mention) -> Named | None:
        """The symbols of the name that this one is a slip for, if any."""
        return self._as_slip(plain(mention.text), Named(mention.text, mention.kind))

    def loose(self, mention: Mention) -> Named | None:
        """The symbols of this name in any case, with '_' between its words or not, in the singular or plural."""
        return self._borne(mention.text, Named(mention.text, mention.kind), loose=True)

    def bears(self, name: str) -> bool:
        """Whether the workspace bears or uses a plain name, in any case, singular or plural, but not misspelled."""
        blank = Named(name)
        if self._borne(name, blank):
            return True
        if owner := self._owner(name):
            return bool(line_within(self._store, owner, name.rsplit(".", 1)[-1]))
        return bool(self._as_used(name, blank))

    def _borne(self, name: str, blank: Named, *, loose: bool = False) -> Named | None:
        """What bears a plain name. Loosely, file names do not count, and '_' does not matter."""
        if symbols := self.symbols(name):
            return replace(blank, symbols=fitting(symbols, blank.kind))
        if entries := self._entries(name):
            return replace(blank, entries=entries)
        if not loose and (files := self._stems(name)):
            cased = [s for s in self._store.symbols_named_nocase(name) if s.is_type and s.file in files]
            return replace(blank, symbols=tuple(cased), spelled=cased[0].name) if cased else replace(blank, files=files)
        return self._as_base(name, blank) or self._in_other_form(name, blank, loose)

    def _as_path(self, text: str, blank: Named) -> Named | None:
        if files := self.files(text):
            return replace(blank, files=files)
        outside = self._outside(text)
        return replace(blank, outside=outside) if outside else None

    def _as_base(self, name: str, blank: Named) -> Named | None:
        """A type of somebody else's from which types here derive."""
        heirs = self._store.derived_from(name)
        return replace(blank, uses=tuple((heir.file, heir.line) for heir in heirs[:MOST_USES])) if heirs else None

    def _in_other_form(self, name: str, blank: Named, loose: bool) -> Named | None:
        if is_constant(name) and find_word(self._store, name, 1):
            return None
        for form in forms(name):
            if symbols := self.symbols(form) or self._store.symbols_named_nocase(form):
                kept = fitting(symbols, blank.kind)
                return replace(blank, symbols=kept, spelled=kept[0].name)
        flat = name.replace("_", "").lower()
        same = sorted(n for n in self._store.symbol_names() if n.replace("_", "").lower() == flat) if loose else []
        return (
            replace(blank, symbols=fitting(self._store.symbols_named(same[0]), blank.kind), spelled=same[0])
            if same
            else None
        )

    def _as_used(self, name: str, blank: Named) -> Named | None:
        """A name that lines mention, where its qualifier is mentioned too."""
        head, _, last = name.rpartition(".")
        if head and not find_word(self._store, head.rsplit(".", 1)[-1], 1):
            return None
        uses = [*find_setting(self._store, last), *find_word(self._store, last)]
        uses = list({path: (path, line) for path, line in reversed(uses)}.values())[::-1]
        if not is_identifier(last):  # a word that documents use may be a word of prose
            built = {build.file for build in self._builds}
            uses = [(path, line) for path, line in uses if path in built or language_of(path) in LANGUAGES]
        return replace(blank, uses=tuple(uses)) if uses else None

    def _as_slip(self, name: str, blank: Named) -> Named | None:
        head, _, last = name.rpartition(".")
        if not (meant := slip(last, self._store.symbol_names())):
            return None
        symbols = self.symbols(f"{head}.{meant}" if head else meant) or self._store.symbols_named(meant)
        return replace(blank, spelled=meant, symbols=fitting(symbols, blank.kind))

    def symbols(self, name: str) -> list[Symbol]:
        """Symbols of a simple or qualified name. Of an unknown qualifier only a module's or folder's name passes."""
        found = self._store.symbols_named(name)
        head, _, last = name.rpartition(".")
        if found or not head:
            return found
        candidates = self._store.symbols_named(last)
        inside = [s for s in candidates if f".{s.qualified}".endswith(f".{name}")]
        if inside:
            return inside
        owner = head.rsplit(".", 1)[-1]
        if owners := [s for s in self._store.symbols_named(owner) if s.is_type]:
            heirs = {base for o in owners for base in self._ancestors(o)}
            return [s for s in candidates if s.scope.rsplit(".", 1)[-1] in heirs]
        return (
            [s for s in candidates if owner.lower() in re.split(r"[/.]", s.file.lower())]
            or [s for s in candidates if owner in s.qualified.split(".")[:-1]]
            or (candidates if candidates and find_word(self._store, owner, 1) else [])  # a variable, an alias
        )

    def _ancestors(self, symbol: Symbol, depth: int = 5) -> set[str]:
        names = set(symbol.bases)
        if depth:
            for base in symbol.bases:
                for parent in self._store.symbols_named(base):
                    if parent.is_type and parent.bases and parent != symbol:
                        names |= self._ancestors(parent, depth - 1)
        return names

    def _owner(self, name: str) -> Symbol | None:
        """The type of which `name`, a qualified one, is asked to be a member."""
        head = name.rpartition(".")[0]
        return next((s for s in self.symbols(head) if s.is_type), None) if head else None

    def _as_member(self, name: str, blank: Named) -> Named | None:
        """A member that a type of the workspace does not declare: a slip, a field, or nothing; None without a type."""
        owner = self._owner(name)
        if owner is None:
            return None
        last = name.rsplit(".", 1)[-1]
        members = self._store.members_of(owner)
        if meant := slip(last, [s.name for s in members]):
            return replace(blank, spelled=meant, symbols=tuple(s for s in members if s.name == meant))
        if line := line_within(self._store, owner, last):
            return replace(blank, owner=owner, uses=((owner.file, line),))
        return replace(blank, owner=owner, nearest=self._nearest(last, [s.name for s in members]))

    @cached_property
    def _builds(self) -> list[BuildFacts]:
        return self._store.builds()

    def files(self, text: str) -> tuple[str, ...]:
        """Indexed files of a path, of the end of one, or in a folder; then of a fragment."""
        wanted = text.replace("\\", "/").removeprefix("./").strip("/").lower()
        paths = self._store.paths()
        exact = [path for path, lower in zip(paths, paths.lower, strict=True) if lower.endswith(f"/{wanted}")]
        if exact:
            return tuple(sorted(exact, key=lambda p: (p.lower() != wanted, p.count("/"), p)))
        if any(f"/{wanted}/" in lower for lower in paths.lower):
            return (f"{wanted}/",)
        return self._with_stem(f"/{wanted}")

    def _stems(self, name: str) -> tuple[str, ...]:
        """Files whose name without suffix, or dotted module path, is `name`."""
        return self._with_stem("/" + name.replace(".", "/").lower())

    def _with_stem(self, end: str) -> tuple[str, ...]:
        paths = self._store.paths()
        return tuple(path for path, stem in zip(paths, paths.stems, strict=True) if stem.endswith(end))

    def _outside(self, text: str) -> tuple[str, ...]:
        if self._root is None:
            return ()
        wanted = text.replace("\\", "/").removeprefix("./").strip("/")
        if ".." in wanted.split("/"):
            return ()
        if (self._root / wanted).exists():
            return (wanted,)
        if "/" in wanted or wanted.rsplit(".", 1)[-1] not in rules().suffixes:
            return ()
        seen = 0
        for folder, folders, files in os.walk(self._root):
            folders[:] = [
                name for name in folders if not name.startswith(".") and name not in {"node_modules", "build"}
            ]
            seen += len(files) + len(folders)
            if wanted in files:
                return (str((Path(folder) / wanted).relative_to(self._root)).replace(os.sep, "/"),)
            if seen > MOST_WALKED:
                break
        return ()

    def _entries(self, name: str) -> tuple[Entry, ...]:
        lower, found, ending = name.lower(), [], []
        for build in self._builds:
            items: tuple[Target | Option | Dependency, ...] = (*build.targets, *build.options, *build.dependencies)
            found += [Entry(build, item) for item in items if item.name.lower() == lower]
            ending += [Entry(build, item) for item in items if item.name.lower().endswith((f":{lower}", f"/{lower}"))]
            if build.name.lower() == lower:
                found.append(Entry(build, None))
        return tuple(found or ending)

    def _nearest(self, name: str, names: Iterable[str]) -> tuple[Symbol, ...]:
        near = closest(name.rsplit(".", 1)[-1], names)
        return tuple(symbols[0] for close in near if (symbols := fitting(self._store.symbols_named(close), "")))
