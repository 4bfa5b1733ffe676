"""Build facts of a Docker Compose file: its services, their images, and the variables that they can be set by."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import Map, Yaml, keys, names
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.facts.text import decode

_DEFAULT_FILES = re.compile(r"(?:docker-)?compose\.ya?ml")
_VARIABLE = re.compile(r"(?<!\$)\$\{(\w{1,100}+)(?::?([-+?])([^{}\n]{0,200}+))?+\}")


def read(path: str, source: bytes) -> BuildFacts:
    """What the Compose file at `path` says. Services are targets, their images dependencies, variables options.

    Folders that images are built in are `subfolders`; other Compose files that it takes in are `includes`. Never
    raises.
    """
    facts = begin("compose", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    services = {name: keys(value) for name, value in keys(yaml.root.get("services")).items() if name}
    file = path.rpartition("/")[2]
    compose = "docker compose" if _DEFAULT_FILES.fullmatch(file) else f"docker compose -f {file}"
    contexts = {name: context for name, service in services.items() if (context := _context(service))}
    return replace(
        facts,
        name=text(yaml.root.get("name")),
        targets=tuple(_service(yaml, name, service, compose) for name, service in services.items()),
        options=tuple(_variables(decode(source))),
        dependencies=tuple(_images(yaml, services)),
        subfolders=tuple(dict.fromkeys(folder for folder in contexts.values() if folder != "." and "$" not in folder)),
        includes=tuple(dict.fromkeys(_included(yaml, services))),
        commands=ordered(
            {"build": f"{compose} build" if contexts else "", "run": f"{compose} up" if services else ""},
        ),
    )


def _service(yaml: Yaml, name: str, service: Map, compose: str) -> Target:
    said = []
    if context := _context(service):
        said.append(f"Built in `{context}`.")
    elif written := text(service.get("image")):
        said.append(f"Image `{written}`.")
    if ports := [port for each in _list(service.get("ports")) if (port := _port(each))]:
        said.append(f"Ports {', '.join(f'`{port}`' for port in ports)}.")
    if command := service.get("command"):
        said.append(f"Runs `{' '.join(names(command))}`.")
    if profiles := names(service.get("profiles")):
        said.append(f"Profiles {', '.join(f'`{profile}`' for profile in profiles)}.")
    needed = service.get("depends_on")
    links = tuple(names(needed) if not isinstance(needed, Map) else needed)
    return Target(
        name, "service", yaml.line("services", name), links=links, command=f"{compose} up {name}", doc=" ".join(said)
    )


def _context(service: Map) -> str:
    """The folder that the image is built in; '' where it is not built."""
    build = service.get("build")
    written = text(keys(build).get("context")) if isinstance(build, Map) else text(build)
    if written == "" and isinstance(build, Map):
        written = "."
    return posixpath.normpath(written) if written and "://" not in written else written


def _port(port: object) -> str:
    if isinstance(port, Map):
        published, target = text(port.get("published")), text(port.get("target"))
        return f"{published}:{target}" if published else target
    return text(port)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _images(yaml: Yaml, services: dict[str, Map]) -> Iterator[Dependency]:
    """Images that are not built here, each once."""
    seen: set[str] = set()
    for name, service in services.items():
        written = text(service.get("image"))
        if written and not _context(service) and written not in seen:
            seen.add(written)
            if found := image(written, yaml.line("services", name, "image")):
                yield found


def _included(yaml: Yaml, services: dict[str, Map]) -> Iterator[str]:
    for each in _list(yaml.root.get("include")):
        yield from names(each.get("path")) if isinstance(each, Map) else names(each)
    for service in services.values():
        if file := text(keys(service.get("extends")).get("file")):
            yield file


def _variables(source: str) -> Iterator[Option]:
    """Variables of the surroundings that the file puts in place, with the default that it gives them."""
    seen: set[str] = set()
    for number, line in enumerate(re.split(r"\r\n?|\n", source), 1):
        for match in _VARIABLE.finditer(line.partition(" #")[0]):
            if match[1] not in seen:
                seen.add(match[1])
                must = " that must be set" if match[2] == "?" else ""
                default = match[3].strip() if match[2] == "-" else ""
                yield Option(match[1], default, number, f"A variable of the environment{must}.")
