"""The fixture `dodo_mock`: what it refuses, and what it costs. What it does, docs/mock.md shows."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import datetime

import httpx
import pytest

from dodo_licenses.mock import MockServer

NAIVE = datetime(2030, 1, 1)  # noqa: DTZ001
LOOK = """
import pytest, sys
class Look:
    def pytest_sessionfinish(self):
        assert "dodo_licenses.pytest_plugin" in sys.modules
        loaded = {"starlette", "uvicorn", "httpx", "attrs", "msgspec", "dodo_licenses.mock.server"}
        assert not loaded & set(sys.modules), loaded & set(sys.modules)
plain = ["-p", "dodo_licenses.pytest_plugin", "-p", "no:cacheprovider"]
sys.exit(pytest.main([*plain, "-q", "test_nothing.py"], [Look()]))
"""


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda its: its.add_license_key(state="active"), "status"),
        (lambda its: its.add_license_key(expires_at=NAIVE), "expires_at"),
        (lambda its: its.add_license_key("DEMO-1"), "string"),
        (lambda its: its.freeze(NAIVE), "date-time"),
        (lambda its: its.advance(days=10**8), "date value out of range"),
    ],
)
def test_what_cannot_be_is_refused(dodo_mock, call, words):
    before = [dodo_mock.add_license_key("DEMO-1")]
    with pytest.raises((ValueError, OverflowError), match=words):
        call(dodo_mock)
    assert dodo_mock.dump()["license_keys"] == before


def test_a_run_that_does_not_use_it_imports_nothing_for_it(tmp_path):
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass")
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # other plugins import what they like
    done = subprocess.run(
        [sys.executable, "-c", LOOK], check=False, capture_output=True, text=True, cwd=tmp_path, env=alone
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("number", range(2))
def test_each_test_begins_anew(dodo_mock, number):
    assert dodo_mock.requests == dodo_mock.dump()["license_keys"] == []
    dodo_mock.add_license_key(f"DEMO-{number}")
    assert [key.key for key in dodo_mock.client().license_keys.list()] == [f"DEMO-{number}"]


def test_it_may_be_entered_in_a_program_that_awaits():
    async def served():
        with MockServer(keys=0) as mock:
            async with httpx.AsyncClient(base_url=mock.base_url) as http:
                return (await http.get("/_mock/")).status_code

    assert asyncio.run(served()) == 200
