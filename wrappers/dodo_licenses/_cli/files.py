"""The files that commands write: whole or not at all, and for their owner alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click


@contextmanager
def private_file(target: Path) -> Generator[IO[str]]:
    """A text file, under a name that nobody can guess until it is whole and takes the target's place."""
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise click.UsageError(f"{target} is no plain file: name one, or write to stdout.")
    if not target.parent.is_dir():
        raise click.UsageError(f"There is no directory {target.parent}.")
    descriptor, name = tempfile.mkstemp(prefix=".dodo-licenses-", dir=target.parent)  # O_EXCL, 0600
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", newline="", encoding="utf-8", errors="backslashreplace") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
