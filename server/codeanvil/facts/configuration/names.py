"""Which files are a project's own files of configuration.

Only such as are called so, `config.yaml`, `settings.toml`, `application.properties`, or lie in a folder `config`: what
tools keep in other files is theirs.
"""

import re
from functools import lru_cache

from codeanvil.facts.builds import is_build_file

_FORMATS = {
    "toml": "toml", "yaml": "yaml", "yml": "yaml", "json": "json", "ini": "ini", "cfg": "ini", "conf": "ini",
    "properties": "properties",
}  # fmt: skip
_STEMS = r"(?:app|application|app[-_]?config|app[-_]?settings|config|configuration|conf|settings|defaults?|preferences)"
_NAMED = re.compile(rf"{_STEMS}(?:[-._][\w-]+){{0,2}}\.(?:toml|ya?ml|json|ini|cfg|conf|properties)", re.IGNORECASE)
_FOLDERS = frozenset({"config", "conf", "settings", "configs"})


@lru_cache(maxsize=65_536)
def is_config_file(path: str) -> str | None:
    """The format of a file of configuration (toml, yaml, json, ini, properties), by its path; None for any other."""
    *folders, name = path.split("/")
    form = _FORMATS.get(name.rpartition(".")[2].lower())
    hidden = any(part.startswith(".") for part in (*folders, name))
    if form is None or hidden or is_build_file(path):
        return None
    inside = bool(folders) and folders[-1].lower() in _FOLDERS
    return form if inside or _NAMED.fullmatch(name) else None
