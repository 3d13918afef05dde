"""The screens in README and docs are what the program shows on a terminal of 80 columns."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from cli.conftest import Shell

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCREEN = re.compile(
    r"<!-- screen: dodo-licenses (.*?) -->\n(?:```sh\n.*?\n```\n)?```text\n.*?```\n", re.DOTALL
)
NOON = "1795521600"  # of 24 November 2026: the demo's time

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals are others there")


def shown(command):
    screen = Shell().on_a_terminal(*shlex.split(command), columns=80, TERM="dumb", SOURCE_DATE_EPOCH=NOON)
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.stdout).splitlines()
    return "\n".join(line.rstrip() for line in lines if not line.startswith("asking "))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if SCREEN.search(page.read_text())], ids=lambda p: p.name
)
def test_screens_are_real(page):
    text = page.read_text()
    real = SCREEN.sub(
        lambda match: (
            f"<!-- screen: dodo-licenses {match[1]} -->\n```sh\ndodo-licenses {match[1]}\n```\n"
            f"```text\n{shown(match[1])}\n```\n"
        ),
        text,
    )
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(real)
    assert page.read_text() == real, "run the tests with UPDATE_DOCS=1"
