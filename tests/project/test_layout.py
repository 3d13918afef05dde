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

# A module may import those above it only.
LEVELS = [
    "_version",
    "_text",
    "_errors",
    "_arguments",
    "_decoding",
    "_messages",
    "_pagination",
    "_http",
    "_http.attempts",
    "_http.pacing",
    "_http.deadlines",
    "_settings",
    "_by_name",
    "_http.wire",
    "_http.calls",
    "_http.sync",
    "_http.aio",
    "_listing",
    "_resource",
    "_granted",
    "_methods_async",  # by way of dodo_licenses_api.resources, which stands on _resource
    "_methods",
    "_webhooks",
    "_client_async",
    "_client",
    "types",
    "pagination",
    "_public",
    "__init__",
    "mock",
    "contract",
    "_cli",
    "__main__",
    "testing",
    "pytest_plugin",
]
PURE = [
    "_text",
    "_errors",
    "_arguments",
    "_decoding",
    "_messages",
    "_pagination",
    "_http.attempts",
    "_http.pacing",
]


def imports(path):
    """The modules that a file imports when it runs, anywhere in it."""
    tree = ast.parse(path.read_text())
    for_types = [
        n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
    ]
    left_out = {id(inner) for node in for_types for line in node.body for inner in ast.walk(line)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrapper_modules(path):
    for name in imports(path):
        if name.startswith("dodo_licenses."):
            first, *rest = name.split(".")[1:]
            yield f"{first}.{rest[0]}" if rest and f"{first}.{rest[0]}" in LEVELS else first


def files(module):
    """The files of a module, or of a package; the modules of `_http` have levels of their own."""
    path = WRAPPER.joinpath(*module.split("."))
    if path.with_suffix(".py").exists():
        return [path.with_suffix(".py")]
    return [path / "__init__.py"] if module == "_http" else list(path.rglob("*.py"))


@pytest.mark.parametrize("module", LEVELS)
def test_imports_point_down(module):
    below = LEVELS[: LEVELS.index(module)]
    used = {name for path in files(module) for name in wrapper_modules(path) if files(name)}
    assert used - {module} <= set(below)


def test_every_module_has_its_level():
    names = {
        path.stem for path in WRAPPER.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    names |= {f"_http.{path.stem}" for path in (WRAPPER / "_http").glob("*.py") if path.stem != "__init__"}
    assert names == set(LEVELS)


def test_the_mock_knows_nothing_of_the_wrapper_or_the_generated_client():
    for path in (WRAPPER / "mock").rglob("*.py"):
        known = {name.split(".")[0] for name in imports(path)} & {"dodo_licenses", "dodo_licenses_api"}
        assert known <= {"dodo_licenses"}, path
        assert set(wrapper_modules(path)) <= {"mock"}, path


def test_the_mock_never_reads_the_spec():
    for path in (WRAPPER / "mock").rglob("*.py"):
        tree = ast.parse(path.read_text())
        texts = [
            node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        nodes = [
            node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        ]
        docs = {node.body[0].value for node in nodes if node.body and isinstance(node.body[0], ast.Expr)}
        assert not [text.value for text in texts if "openapi" in text.value and text not in docs], path


def test_no_file_is_too_long_to_read_at_once():
    for path in WRAPPER.rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 400, path


def test_httpx_is_imported_in_one_place():
    users = {path.relative_to(WRAPPER).parts[0] for path in WRAPPER.rglob("*.py") if "httpx" in imports(path)}
    assert users == {"_http", "contract", "mock"}  # checks replies for users' tests, and sends webhooks
    low_level = {
        path.relative_to(GENERATED).parts[0] for path in GENERATED.rglob("*.py") if "httpx" in imports(path)
    }
    assert low_level == {"api", "client.py"}


def test_what_the_spec_says_is_read_without_the_network():
    """So another HTTP library is a change in `_http`, and in what writes the low-level client."""
    code = "import sys, dodo_licenses_api.public; assert 'httpx' not in sys.modules; dodo_licenses_api.Client"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("module", PURE)
def test_the_pure_modules_do_no_input_or_output(module):
    (path,) = files(module)
    forbidden = {
        "httpx",
        "httpcore",
        "anyio",
        "socket",
        "asyncio",
        "threading",
        "time",
        "os",
        "concurrent.futures",
    }
    assert not forbidden & set(imports(path))


def test_of_the_generated_modules_one_stands_on_the_wrapper():
    by_module = {path.stem: set(wrapper_modules(path)) for path in GENERATED.rglob("*.py")}
    assert {name: used for name, used in by_module.items() if used} == {"resources": {"_resource"}}


def test_public_names_are_sorted_and_there():
    names = dodo_licenses.__all__
    assert names == sorted(names)
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


@pytest.mark.parametrize("how", ["from dodo_licenses import DodoPayments", "from dodo_licenses import *"])
@pytest.mark.parametrize("broken", ["import nothing_there", "raise AttributeError('httpx breaks')"])
def test_a_dependency_that_breaks_on_import_is_the_cause_that_is_shown(how, broken, tmp_path):
    (tmp_path / "httpx.py").write_text(broken)
    done = subprocess.run(
        [sys.executable, "-c", how],
        env={"PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert "nothing_there" in last or "httpx breaks" in last


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
