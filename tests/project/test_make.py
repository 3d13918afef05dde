"""What `make` shows and how it ends, as somebody sees it who has just cloned this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("make") is None, reason="there is no make")


def make(*words):
    """Run make in the environment of these tests, which is set up."""
    command = ["make", f"BIN={Path(sys.executable).parent}", "-o", ".venv/runs", "-o", ".venv/ready", *words]
    # What the make that runs these tests was told is not for this one.
    environment = {name: os.environ[name] for name in os.environ if "MAKE" not in name and name != "MFLAGS"}
    for name in ("ARGS", "API_KEY", "BASE_URL", "DODO_PAYMENTS_API_KEY"):
        environment.pop(name, None)
    return subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300, env=environment
    )


def test_run_shows_both_ends_of_the_list_and_what_to_try_next():
    shown = make("run")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0].split()[0] == "id"
    assert lines[6:7] == ["…"]
    assert lines.index("250 license keys") == 10
    targets = set(make().stdout.split())
    assert {line.split()[1] for line in lines if line.startswith("  make ")} <= targets | {"help"}


def test_run_takes_options_shows_every_row_then_and_fails_where_listing_does():
    shown = make("run", "ARGS=--status active --limit 12").stdout.splitlines()
    assert (len(shown), shown[-1]) == (14, "12 license keys")
    assert make("run", "ARGS=--status sold").returncode == 2


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:9", "https://live.dodopayments.com"])
def test_contract_ends_with_2_for_every_failure_and_says_which(base_url):
    ended = make("contract", f"BASE_URL={base_url}")
    assert ended.returncode == 2
    assert "`make` itself ends with 2 whatever the status was" in (ROOT / "docs" / "contract.md").read_text()
    assert f"Error {3 if '127' in base_url else 2}" in ended.stderr
