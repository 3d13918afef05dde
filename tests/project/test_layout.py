"""What holds the parts together: imports point down, and importing is quick and says what is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRAPPER = "wrappers/dodo_licenses/"
GENERATED = "generated/dodo_licenses_api/"
PURE = [
    *("_text.py", "_errors.py", "_arguments.py", "_decoding.py", "_messages.py", "_pagination.py"),
    *("_http/attempts.py", "_http/pacing.py"),
]
WAYS_OUT = {"httpx", "httpcore", "anyio", "socket", "asyncio", "threading", "time", "os", "concurrent"}


@pytest.fixture(scope="module")
def graph():
    """Which files each of ours imports when it runs, at its head or later."""
    command = [sys.executable, "-m", "ruff", "analyze", "graph", "--quiet", "--no-type-checking-imports"]
    return json.loads(subprocess.check_output([*command, WRAPPER, GENERATED], text=True, cwd=ROOT))


def imported(path):
    return set(re.findall(r"^(?:from|import) (\w+)", (ROOT / path).read_text(), re.MULTILINE))


def test_imports_point_down(graph):
    TopologicalSorter(graph | {f"{WRAPPER}mock/__init__.py": []}).prepare()  # or they go round
    assert [path for path in PURE if imported(WRAPPER + path) & WAYS_OUT] == []
    up = [(path, to) for path in graph if path.startswith(GENERATED) for to in graph[path] if WRAPPER in to]
    assert up == [(f"{GENERATED}resources.py", f"{WRAPPER}_resource.py")]


def test_the_mock_knows_neither_the_client_nor_the_spec(graph):
    """So their agreement means something."""
    mock = f"{WRAPPER}mock/"
    files = [path for path in graph if path.startswith(mock)]
    assert files
    assert {to for path in files for to in graph[path] if not to.startswith(mock)} == set()
    assert [path for path in files if "openapi" in (ROOT / path).read_text()] == [f"{mock}__init__.py"]


def test_another_http_library_is_a_change_in_one_folder_and_one_template(graph):
    users = {"/".join(path.split("/")[1:3]) for path in graph if "httpx" in imported(path)}
    checks_replies_and_sends_webhooks = {"dodo_licenses/contract", "dodo_licenses/mock"}
    generated = {"dodo_licenses_api/api", "dodo_licenses_api/client.py"}
    assert users == {"dodo_licenses/_http", *generated, *checks_replies_and_sends_webhooks}


IMPORTING = """
import sys
for name in ("click", "rich", "starlette", "uvicorn", "schemathesis", "standardwebhooks"):
    sys.modules[name] = None  # makes importing it fail
import dodo_licenses, dodo_licenses_api.public
assert "httpx" not in sys.modules, "it is what takes most of the time"
from dodo_licenses import *
assert DodoPayments is dodo_licenses.DodoPayments is sys.modules["dodo_licenses._client"].DodoPayments
assert all(hasattr(dodo_licenses, name) for name in dodo_licenses.__all__)
assert set(dodo_licenses.__all__) <= set(dir(dodo_licenses))
from dodo_licenses import mock
assert not hasattr(dodo_licenses, "Nothing")
del sys.modules["click"], sys.modules["rich"]  # with these alone, the command line starts
from dodo_licenses._cli import run
assert run(["--help"]) == run(["list", "--help"]) == 0
"""


def test_all_public_names_can_be_imported_without_what_is_optional():
    done = subprocess.run([sys.executable, "-c", IMPORTING], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("how", "broken"),
    [
        ("from dodo_licenses import DodoPayments", "import nothing_there"),
        ("from dodo_licenses import *", "raise AttributeError('nothing_there')"),
    ],
)
def test_a_dependency_that_breaks_on_import_is_the_cause_that_is_shown(how, broken, tmp_path):
    (tmp_path / "httpx.py").write_text(broken)
    command, environment = [sys.executable, "-c", how], {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nothing_there" in done.stderr.splitlines()[-1]


def test_the_locks_have_no_addresses_and_the_same_versions():
    texts = [(ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt")]
    assert "://" not in "".join(texts)
    runs, everything = (set(re.findall(r"^\S+==\S+", text, re.MULTILINE)) for text in texts)
    assert {"httpx", "attrs", "msgspec", "click", "starlette"} <= {pin.partition("==")[0] for pin in runs}
    assert runs < everything
