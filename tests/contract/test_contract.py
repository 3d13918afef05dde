"""The contract suite itself, run as people run it: `make contract`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dodo_licenses.mock import MockServer

ROOT = Path(__file__).parents[2]


def contract(tmp_path, *options, **environment):
    command = [
        sys.executable,
        "-m",
        "tests.contract",
        "--seed",
        "7",
        "--out",
        str(tmp_path / "out"),
        *options,
    ]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "API_KEY": "sk_test_mock", **environment},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def test_spec_and_mock_agree(tmp_path):
    run = contract(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "spec and server agree" in run.stdout
    assert "SEED=7" in run.stdout
    for report in ("junit.xml", "html/index.html", "rules.json"):
        assert (tmp_path / "out" / report).stat().st_size > 0


def test_a_mock_on_its_own_agrees_with_the_spec_too(tmp_path):
    with MockServer() as mock:
        run = contract(tmp_path, "--base-url", mock.base_url)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 rule: left out" in run.stdout
    assert "CONTRACT_READ_ONLY_API_KEY" in run.stdout


def test_a_server_that_knows_no_such_api_key_does_not_agree(tmp_path):
    with MockServer() as mock:
        run = contract(tmp_path, "--first", "--base-url", mock.base_url, API_KEY="sk_test_SECRET")
    assert run.returncode == 1
    assert "DISAGREE" in run.stdout
    assert "curl -X GET" in run.stdout
    assert "SECRET" not in run.stdout + run.stderr


def test_no_server_is_told_in_a_line(tmp_path):
    run = contract(tmp_path, "--base-url", "http://127.0.0.1:9")
    assert run.returncode == 3
    assert run.stderr.count("\n") == 1
    assert "cannot be reached" in run.stderr


@pytest.mark.parametrize(
    ("base_url", "environment", "sentence"),
    [
        ("https://live.dodopayments.com", {}, "CONTRACT_LIVE"),
        ("https://test.dodopayments.com", {"CONTRACT_WRITE": "1"}, "CONTRACT_CUSTOMER_ID"),
    ],
)
def test_a_real_account_is_not_written_to_by_mistake(tmp_path, base_url, environment, sentence):
    run = contract(tmp_path, "--base-url", base_url, **environment)
    assert run.returncode == 2
    assert sentence in run.stderr
    assert run.stderr.count("\n") == 1
