"""The entry point: one call from words to exit code.

Exit codes: 0 done, 2 the call is wrong, 1 it failed; then one sentence on standard error says why.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import platformdirs

from codeanvil import settings
from codeanvil.cli.arguments import parse
from codeanvil.cli.output import Output
from codeanvil.errors import CodeAnvilError, UsageError

LOG_NAME = "codeanvil.log"
LOG_BYTES = 1_000_000
"""A longer log is begun anew."""


def main(words: Sequence[str] | None = None) -> int:
    """Do what `words` (default: the process's arguments) say, and return the exit code."""
    arguments = parse(sys.argv[1:] if words is None else words)
    out = Output(as_json=arguments.json)
    try:
        module, name = arguments.do.split(":")
        do: Callable[[argparse.Namespace, Output], None] = getattr(import_module(module), name)
        do(arguments, out)
    except CodeAnvilError as error:
        out.notice(str(error))
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        out.notice("Interrupted.")
        return 1
    except BrokenPipeError:
        out.abandon()  # whoever read our output has enough
        return 1
    except Exception as error:  # the last line of defence: a sentence, and the traceback in a file
        log = _write_log(arguments.workspace, traceback.format_exc())
        where = f"the details are in {log}" if log else "and its log could not be written"
        out.notice(f"{arguments.verb} broke off by a fault of CodeAnvil's own ({type(error).__name__}): {where}.")
        return 1
    finally:
        out.close()
    return 0


def _write_log(workspace: Path, text: str) -> Path | None:
    """Add `text` to the log in the workspace's data folder, or in the user's own where there is none."""
    folders = [Path(platformdirs.user_log_dir("codeanvil")), Path(tempfile.gettempdir())]
    try:
        data_folder = settings.load(workspace).data_folder(workspace.resolve())
        if data_folder.is_dir():
            folders.insert(0, data_folder)
    except CodeAnvilError:
        pass
    for folder in folders:
        log = folder / LOG_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            mode = "w" if log.exists() and log.stat().st_size > LOG_BYTES else "a"
            with log.open(mode, encoding="utf-8") as file:
                file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {' '.join(sys.argv)}\n{text}\n")
        except OSError:
            continue
        return log
    return None
