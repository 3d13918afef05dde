"""The built wheel, installed into clean environments: `make dist`, since it needs a package index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dodo_licenses.mock import MockServer

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]
EXAMPLE = "DEMO-0001-0002-0003"
BIN = "Scripts" if os.name == "nt" else "bin"
# What the base install brings: httpx and attrs with what they need, and what the wrapper truly uses.
BASE = {"dodo-licenses", "attrs", "httpx", "msgspec"}
BASE |= {"anyio", "certifi", "h11", "httpcore", "idna", "typing-extensions"}
EXTRAS = {
    "cli": ("import dodo_licenses.__main__, click, rich", "dodo-licenses"),
    "mock": ("import dodo_licenses.mock", "dodo-licenses-mock"),
    "webhooks": ("import standardwebhooks", None),
}


def run(*command, **options):
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel():
    """What `make dist` built, or a job of its own did."""
    (sdist,), (built,) = (ROOT / "dist").glob("*.tar.gz"), (ROOT / "dist").glob("*.whl")
    assert sdist.stat().st_size < 1_000_000
    return built


class Clean:
    """A clean environment with what was asked for installed, and nothing of this repository on its path."""

    def __init__(self, folder, requirement, *options):
        self.folder = folder
        run("uv", "venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
        self.python = str(folder / "venv" / BIN / "python")
        run("uv", "pip", "install", "--quiet", "--python", self.python, *options, requirement)

    def run(self, *command, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
        return run(self.python, *command, cwd=self.folder, env={**kept, **environment})

    def installed(self):
        listed = json.loads(run("uv", "pip", "list", "--format", "json", "--python", self.python))
        return {package["name"] for package in listed}


@pytest.fixture(scope="session")
def base(wheel, tmp_path_factory):
    return Clean(tmp_path_factory.mktemp("base"), str(wheel))


def test_the_base_install_brings_nothing_beyond_what_it_uses(base):
    assert base.installed() <= BASE


def test_the_examples_of_the_readme_run_there(base):
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2
    with MockServer() as mock:
        given = {"DODO_PAYMENTS_API_KEY": mock.api_key, "DODO_PAYMENTS_BASE_URL": mock.base_url}
        for block in blocks:
            base.run("-c", block, **given)


def test_what_is_missing_is_told_in_a_line(base):
    for module, extra in (("dodo_licenses", "cli"), ("dodo_licenses.mock", "mock")):
        command = [base.python, "-m", module]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=base.folder)
        assert done.returncode == 2
        assert f"dodo-licenses[{extra}]" in done.stderr
        assert done.stderr.count("\n") == 1


def test_types_and_spec_come_along(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"dodo_licenses/py.typed", "dodo_licenses_api/py.typed", "dodo_licenses/openapi.yaml"}
    assert wanted <= names
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_extra_brings_what_it_needs(wheel, extra, tmp_path):
    code, script = EXTRAS[extra]
    clean = Clean(tmp_path, f"dodo-licenses[{extra}] @ {wheel.as_uri()}")
    clean.run("-c", code)
    if script is not None:
        run(str(tmp_path / "venv" / BIN / script), "--help")


def test_the_lowest_versions_that_are_allowed_will_do(wheel, tmp_path):
    requirement = f"dodo-licenses[cli,mock,webhooks] @ {wheel.as_uri()}"
    clean = Clean(tmp_path, requirement, "--resolution", "lowest-direct")
    clean.run("-c", EVERYTHING)
    free = ["free", EXAMPLE, "--all", "--yes"]
    for command in (["list", "--format", "table"], ["list", "--format", "csv"], ["lookup", EXAMPLE], free):
        assert clean.run("-m", "dodo_licenses", *command, "--demo")


EVERYTHING = """
import datetime
from dodo_licenses.testing import DodoMock
from standardwebhooks.webhooks import Webhook

at, secret = datetime.datetime.now(datetime.timezone.utc), "whsec_ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1v"
event = '{"business_id": "b", "type": "refund.failed", "timestamp": "2026-01-01T00:00:00Z", "data": {}}'
headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp()))}
headers["webhook-signature"] = Webhook(secret).sign("msg_1", at, event)
with DodoMock(keys=250) as mock:
    client = mock.client()
    assert len({key.id for key in client.license_keys.list(page_size=50)}) == 250
    client.licenses.activate(license_key=mock.add_license_key()["key"], name="laptop")
    assert client.webhooks.unwrap(event, headers, key=secret).type == "refund.failed"
"""
