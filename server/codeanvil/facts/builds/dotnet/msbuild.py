"""What all MSBuild files have in common: properties, packages, references, targets."""

from collections.abc import Iterator, Mapping
from typing import Any

from codeanvil.facts.builds.documents import BUILD_GROUP, MANAGED_GROUP
from codeanvil.facts.builds.properties import PARENTHESES, interpolated
from codeanvil.facts.builds.xml_document import Node
from codeanvil.facts.model import Dependency, Option, Target
from codeanvil.facts.text import fold

_PACKAGES = (
    ("PackageReference", ""),
    ("PackageVersion", MANAGED_GROUP),
    ("GlobalPackageReference", BUILD_GROUP),
    ("FrameworkReference", ""),
    ("DotNetCliToolReference", BUILD_GROUP),
)


class MsBuild:
    """An MSBuild file. `values` are its properties by their names in lower case, each the first value given."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.values: dict[str, str] = {}
        for each in self._properties():
            self.values.setdefault(each.tag.lower(), fold(each.text))

    def say(self, name: str) -> str:
        """A property with others in place; '' where the file does not set it."""
        return self.text(self.values.get(name.lower(), ""))

    def text(self, written: str) -> str:
        """`written` with the file's properties in place."""
        return interpolated(written.strip(), self.values, PARENTHESES)

    def line(self, name: str) -> int:
        """Line of a property; 0 where the file does not set it."""
        return next((each.line for each in self._properties() if each.tag.lower() == name.lower()), 0)

    def items(self, tag: str) -> Iterator[Node]:
        """The items of one kind, those of conditional groups too."""
        yield from self.root.all("ItemGroup", tag)
        yield from self.root.all("Choose", "When", "ItemGroup", tag)
        yield from self.root.all("Choose", "Otherwise", "ItemGroup", tag)

    def packages(self) -> Iterator[Dependency]:
        """What the file asks for, or sets versions of."""
        for tag, group in _PACKAGES:
            for item in self.items(tag):
                names = item.attributes.get("Include") or item.attributes.get("Update") or ""
                version = next((found for key in ("Version", "VersionOverride") if (found := _part(item, key))), "")
                private = not group and _part(item, "PrivateAssets").lower() == "all"
                for name in names.split(";"):
                    if clean := self.text(name):
                        yield Dependency(clean, self.text(version), item.line, BUILD_GROUP if private else group)

    def references(self) -> Iterator[str]:
        """Paths of the projects that this one refers to."""
        for item in self.items("ProjectReference"):
            for path in item.attributes.get("Include", "").split(";"):
                if clean := self.text(path.replace("\\", "/")):
                    yield clean

    def targets(self) -> Iterator[Target]:
        """The file's own steps."""
        for node in self.root.all("Target"):
            name = node.attributes.get("Name", "").strip()
            if name and "$(" not in name:
                yield Target(name, "custom", node.line, command=f"dotnet build -t:{name}")

    def options(self) -> Iterator[Option]:
        """Properties that have a default only where nobody has set them."""
        for each in self._properties():
            test = each.attributes.get("Condition", "").replace(" ", "").replace('"', "'").lower()
            if test == f"'$({each.tag.lower()})'==''":
                default = self.text(fold(each.text))
                yield Option(each.tag, default, each.line, f"A property: -p:{each.tag}=VALUE.")

    def _properties(self) -> Iterator[Node]:
        for path in (("PropertyGroup",), ("Choose", "When", "PropertyGroup"), ("Choose", "Otherwise", "PropertyGroup")):
            for group in self.root.all(*path):
                yield from group.children


def _part(item: Node, name: str) -> str:
    return item.attributes.get(name, "") or item.say(name)


def packed(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Properties as `BuildFacts.values` holds them."""
    return tuple((key, value) for key, value in values.items() if value)
