"""What holds the parts together: imports point down, names are public on purpose, nothing is stale."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dodo_licenses

ROOT = Path(__file__).parents[2]
WRAPPER = ROOT / "wrappers" / "dodo_licenses"
GENERATED = ROOT / "generated" / "dodo_licenses_api"

# A module may import those to its left only.
LEVELS = [
    "_version",
    "_errors",
    "_arguments",
    "_flow",
    "_messages",
    "_walk",
    "_pagination",
    "_replies",
    "_threads",
    "_listing",
    "_license_keys",
    "_license_key_instances",
    "_licenses",
    "_webhooks",
    "_spec",
    "_pacing",
    "_settings",
    "_deadlines",
    "_way",
    "_transport",
    "_client",
    "_public",
    "__init__",
    "mock",
    "contract",
    "_cli",
    "__main__",
    "testing",
    "pytest_plugin",
]


def imports(path):
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrapper_modules(path):
    for name in imports(path):
        if name.startswith("dodo_licenses."):
            yield name.split(".")[1]


def files(module):
    """The files of a module, or of a package."""
    path = WRAPPER / f"{module}.py"
    return [path] if path.exists() else list((WRAPPER / module).glob("*.py"))


@pytest.mark.parametrize("module", LEVELS)
def test_imports_point_down(module):
    below = LEVELS[: LEVELS.index(module)]
    used = {name for path in files(module) for name in wrapper_modules(path) if files(name)}
    assert used - {module} <= set(below)


def test_every_module_has_its_level():
    names = {
        path.stem for path in WRAPPER.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert names == set(LEVELS)


def test_the_mock_knows_nothing_of_the_wrapper_or_the_generated_client():
    for path in (WRAPPER / "mock").glob("*.py"):
        known = {name.split(".")[0] for name in imports(path)} & {"dodo_licenses", "dodo_licenses_api"}
        assert known <= {"dodo_licenses"}, path
        assert set(wrapper_modules(path)) <= {"mock"}, path


def test_no_file_is_too_long_to_read_at_once():
    for path in WRAPPER.rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 400, path


def test_httpx_is_imported_in_one_place():
    users = {path.stem for path in WRAPPER.glob("*.py") if "httpx" in imports(path)}
    assert users == {"_transport"}


@pytest.mark.parametrize(
    "module", ["_errors", "_arguments", "_flow", "_walk", "_pagination", "_replies", "_pacing", "_settings"]
)
def test_the_pure_modules_do_no_input_or_output(module):
    forbidden = {"httpx", "socket", "asyncio", "threading", "time", "os", "concurrent.futures"}
    assert not forbidden & set(imports(WRAPPER / f"{module}.py"))


def test_the_generated_client_knows_nothing_of_the_wrapper():
    for path in GENERATED.rglob("*.py"):
        assert not any(name.split(".")[0] == "dodo_licenses" for name in imports(path)), path


def test_public_names_are_sorted_and_there():
    names = dodo_licenses.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(hasattr(dodo_licenses, name) for name in names)


def test_every_public_name_can_be_imported_and_no_other():
    code = """
import dodo_licenses, sys
assert "httpx" not in sys.modules
from dodo_licenses import *
assert DodoPayments is dodo_licenses.DodoPayments is sys.modules["dodo_licenses._client"].DodoPayments
assert set(dodo_licenses.__all__) <= set(dir(dodo_licenses))
from dodo_licenses import mock
try:
    dodo_licenses.Nothing
except AttributeError as error:
    assert "Nothing" in str(error)
else:
    raise AssertionError
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_version_is_the_distribution_s():
    assert dodo_licenses.__version__ == importlib.metadata.version("dodo-licenses")


def test_no_optional_dependency_is_needed_to_import():
    code = """
import sys
for name in ("click", "rich", "starlette", "uvicorn", "schemathesis", "standardwebhooks"):
    sys.modules[name] = None  # makes importing it fail
from dodo_licenses import DodoPayments
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_has_hashes_and_no_addresses(name):
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    pinned = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9-]+==[^\n]+\\\n    --hash=sha256:", lock, re.MULTILINE))
    assert {"httpx", "attrs", "msgspec", "click", "starlette"} <= set(pinned)


def test_what_running_needs_has_the_same_versions_everywhere():
    pins = [
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert pins[0] < pins[1]
