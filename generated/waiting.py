"""Make the client that waits: each `_…_async.py` of the wrapper, without `await`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

WRAPPER = Path(__file__).resolve().parents[1] / "wrappers" / "dodo_licenses"
# What is left out: keywords, and what names have more than those of their twins.
_LEFT_OUT = re.compile(
    r"\b(?:async |await |Async(?=[A-Z])|a(?=closing\b))"
    r"|(?<=\b__)a(?=(?:iter|enter|exit)__)"
    r"|_async(?= import\b)"
)


def waiting(text: str, awaited: Path) -> str:
    """A module's lines for the client that waits."""
    _, _, body = text.partition('"""\n\n')
    body = _LEFT_OUT.sub("", body).replace("_http.aio", "_http.sync")
    text = f'"""Made of {awaited.name} by `make generate`, not to be edited."""\n\n{body}'
    for command in (["check", "--fix", "--unsafe-fixes", "--exit-zero"], ["format"]):
        ruff = ["ruff", *command, "--quiet", "--stdin-filename", str(awaited), "-"]
        text = subprocess.run(ruff, input=text, check=True, capture_output=True, text=True).stdout
    return text


def modules() -> dict[Path, str]:
    """The files to be, and what they hold."""
    return {
        awaited.with_name(awaited.name.replace("_async", "")): waiting(awaited.read_text("utf-8"), awaited)
        for awaited in sorted(WRAPPER.glob("_*_async.py"))
    }
