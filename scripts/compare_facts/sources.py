"""Real sources, fetched once from the registries into a cache folder.

`sources/<language>.toml` lists them:

    [[source]]
    registry = "pypi"       # pypi: an sdist; pypi-wheel: a wheel; npm; debian; python: the running standard library
    package = "fmt"
    version = "1.2.3"       # exact; a Debian package may leave it out, since mirrors keep one version only
    folder = "src"          # only what lies below; '' for all. A name of a folder may be a pattern: lib*/src
    only = ["core"]         # folders below it that are compared, where not all are
    without = ["test/data"] # folders below it that are left out, and patterns of files: *_test.cc
    archive = "lib/src.zip" # an archive in the package, which is the source instead
"""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from platformdirs import user_cache_path
from scripts.compare_facts.definition import MissingError

from codeanvil.facts.languages import language_of

HERE = Path(__file__).parent
MAX_BYTES = 2_000_000
"""Larger files are nobody's source; the same limit as `index.max_file_bytes`."""

_HEAD = 65_536
_KEYS = {"registry", "package", "version", "folder", "only", "without", "archive"}


@dataclass(frozen=True, slots=True)
class Source:
    """One package; the fields are the keys of the file."""

    registry: str
    package: str
    version: str = ""
    folder: str = ""
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    archive: str = ""

    @property
    def title(self) -> str:
        """Name and version as a reader wants them."""
        return f"{self.package} {self.version}".strip()


def sources_of(language: str) -> list[Source]:
    """The sources that a language is compared on. Raises MissingError without a list, ValueError for a bad entry."""
    file = HERE / "sources" / f"{language}.toml"
    if not file.is_file():
        raise MissingError(
            f"No sources are listed for {language}: write scripts/compare_facts/sources/{language}.toml."
        )
    sources = []
    for entry in tomllib.loads(file.read_text("utf-8"))["source"]:
        if unknown := entry.keys() - _KEYS:
            raise ValueError(f"{file} has an unknown key {min(unknown)}; a source has {', '.join(sorted(_KEYS))}.")
        lists = {key: tuple(entry.get(key, ())) for key in ("only", "without")}
        sources.append(Source(**entry | lists))
    return sources


def cache_folder() -> Path:
    """Where fetched sources are kept; XDG_CACHE_HOME moves it."""
    return user_cache_path("codeanvil") / "compare-facts"


def fetch(source: Source) -> Path:
    """The folder of a source, downloaded unless it is there already. Raises MissingError."""
    cache = cache_folder()
    if source.registry == "python":
        return Path(sysconfig.get_path("stdlib"))
    parts = (source.registry, source.package.replace("/", "+"), source.version, Path(source.archive).name)
    name = "-".join(filter(None, parts))
    folder = cache / name
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as temporary:
            download, unpacked = Path(temporary, "download"), Path(temporary, "unpacked")
            download.mkdir()
            _run(_download_command(source, download), source, download)
            archives = list(download.iterdir())
            if len(archives) != 1:
                raise MissingError(
                    f"{source.title} came as {len(archives)} files from {source.registry}; one was expected."
                )
            _unpack(archives[0], unpacked, source)
            if source.archive:
                package, unpacked = unpacked, Path(temporary, "inner")
                _unpack(_within(package, source), unpacked, source)
            unpacked.rename(folder)
    places = sorted(folder.glob(source.folder)) if source.folder else [folder]
    if not places:
        raise MissingError(f"{source.title} has no folder {source.folder}; mend its entry or delete {folder}.")
    return places[0]


def _within(package: Path, source: Source) -> Path:
    """The archive in an unpacked package. Raises MissingError."""
    found = sorted(package.glob(source.archive))
    if not found:
        raise MissingError(f"{source.title} has no archive {source.archive}; mend its entry.")
    return found[0]


def files_of(root: Path, source: Source, language: str) -> Iterator[str]:
    """Paths below `root`, in order, of the files in a language; links and large files are left out."""
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            continue
        if (source.only and not _below(relative, source.only)) or _below(relative, source.without):
            continue
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if language_of(relative, head) == language:
            yield relative


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") or fnmatchcase(path, folder) for folder in folders)


def _download_command(source: Source, folder: Path) -> list[str]:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    match source.registry:
        case "pypi":
            return [*pip, "--no-binary", ":all:", "--dest", str(folder), f"{source.package}=={source.version}"]
        case "pypi-wheel":
            return [*pip, "--only-binary", ":all:", "--dest", str(folder), f"{source.package}=={source.version}"]
        case "npm":
            package = f"{source.package}@{source.version}"
            return [_tool("npm"), "pack", "--silent", "--pack-destination", str(folder), package]
        case "debian":
            package = "=".join(filter(None, (source.package, source.version)))
            return [_tool("apt-get"), "download", "--quiet", "-o", "APT::Sandbox::User=root", package]
    raise ValueError(f"There is no registry {source.registry}; a source has pypi, pypi-wheel, npm, debian or python.")


def _unpack(archive: Path, folder: Path, source: Source) -> None:
    folder.mkdir()
    if archive.suffix == ".deb":
        _run([_tool("dpkg-deb"), "-x", str(archive), str(folder)], source, folder)
    elif archive.suffix in {".zip", ".whl"}:
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(folder)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        # An sdist or npm package is one folder with everything in it.
        if len(inside := list(folder.iterdir())) == 1:
            inner = folder.with_name("inner")
            inside[0].rename(inner)
            folder.rmdir()
            inner.rename(folder)


def _run(command: list[str], source: Source, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise MissingError(
            f"{source.title} could not be fetched from {source.registry} ({said[-1] if said else 'no message'}); "
            f"look whether the registry is reached, then run `{' '.join(command)}`."
        )


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingError(f"{name} is not installed; it fetches the sources that facts are compared on.")
    return found
