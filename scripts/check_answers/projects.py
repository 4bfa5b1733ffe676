"""The projects that question sets ask about: what `tests/questions/projects.toml` lists, fetched once and checked."""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

QUESTIONS = Path(__file__).parents[2] / "tests" / "questions"

_APT = Path("/etc/apt")


class FetchError(Exception):
    """A project cannot be had; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """One entry of the file; `archive` is the name of what the registry gives, `sha256` what it must be."""

    name: str
    language: str
    registry: str
    package: str
    version: str
    archive: str
    sha256: str

    @property
    def questions(self) -> Path:
        """The file of its question set."""
        return QUESTIONS / f"{self.name}.jsonl"


def projects() -> list[Project]:
    """All projects, in the order of the file."""
    entries = tomllib.loads((QUESTIONS / "projects.toml").read_text("utf-8"))["project"]
    return [Project(**{key: entry[key] for key in Project.__slots__}) for entry in entries]


def fetch(project: Project) -> Path:
    """The project's folder, downloaded unless it is there already. Raises FetchError."""
    cache = user_cache_path("codeanvil") / "check-answers"
    folder = cache / f"{project.name}-{project.version}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as temporary:
        place = Path(temporary)
        _download(project, place)
        archive = place / project.archive
        if not archive.is_file():
            came = ", ".join(sorted(each.name for each in place.iterdir() if each.is_file())) or "nothing"
            raise FetchError(f"{project.name}: {project.registry} gave {came}, not {project.archive}.")
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if digest != project.sha256:
            raise FetchError(f"{project.name}: {project.archive} is another file than the questions were written for.")
        unpacked = place / "unpacked"
        with tarfile.open(archive) as packed:
            packed.extractall(unpacked, filter="data")
        inside = list(unpacked.iterdir())
        (inside[0] if len(inside) == 1 else unpacked).rename(folder)
    return folder


def _download(project: Project, place: Path) -> None:
    match project.registry:
        case "pypi":
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            _run([*pip, "--no-binary", ":all:", f"{project.package}=={project.version}"], project, place)
        case "npm":
            _run(["npm", "pack", "--silent", f"{project.package}@{project.version}"], project, place)
        case "debian-source":
            options = _source_lists(place)
            _run(["apt-get", *options, "update", "--quiet"], project, place)
            try:
                _run(["apt-get", *options, "source", "--quiet", "--download-only", project.package], project, place)
            except FetchError:  # of what a source package is made of, only the archive is wanted
                if not (place / project.archive).is_file():
                    raise
        case _:
            raise FetchError(f"{project.name}: there is no registry {project.registry}; use pypi, npm, debian-source.")


def _source_lists(place: Path) -> list[str]:
    """Options for apt-get under which it knows the source packages of the suites whose binary packages it knows."""
    parts = place / "apt"
    (parts / "lists" / "partial").mkdir(parents=True)
    lists = ("sources.list", "sources.list.d/*.list", "sources.list.d/*.sources")
    for file in [file for pattern in lists for file in _APT.glob(pattern)]:
        text = re.sub(r"^deb\s", "deb-src ", file.read_text("utf-8"), flags=re.MULTILINE)
        (parts / file.name).write_text(re.sub(r"^Types:.*$", "Types: deb-src", text, flags=re.MULTILINE), "utf-8")
    named = {
        "Dir::Etc::sourcelist": parts / "sources.list",
        "Dir::Etc::sourceparts": parts,
        "Dir::State::lists": parts / "lists",
        "APT::Sandbox::User": "root",
    }
    return [word for key, value in named.items() for word in ("-o", f"{key}={value}")]


def _run(command: list[str], project: Project, place: Path) -> None:
    tool = shutil.which(command[0])
    if tool is None:
        raise FetchError(f"{project.name}: {command[0]} is not installed; it fetches from {project.registry}.")
    done = subprocess.run([tool, *command[1:]], cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        why = said[-1] if said else "no message"
        raise FetchError(f"{project.name} {project.version} cannot be fetched from {project.registry}: {why}")
