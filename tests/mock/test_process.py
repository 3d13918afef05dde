"""The mock as a program: options, endings, and what a database keeps."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import misbehaving as m
import pytest
from click.testing import CliRunner

from dodo_licenses.mock import MockServer, command


@contextlib.contextmanager
def serving(*arguments, api_key="sk_test_mock"):
    """A mock in a process of its own, the first line that it said, and plain requests to it."""
    program = [sys.executable, "-m", "dodo_licenses.mock", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = process.stderr.readline()
            url = re.search(r"at (http://\S+?),", said)[1]
            bearer = {"Authorization": f"Bearer {api_key}"}
            with httpx.Client(base_url=url, headers=bearer, timeout=600) as http:
                yield process, said, http
        finally:
            process.kill()


def run(*arguments):
    return CliRunner().invoke(command.mock, arguments)


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
@pytest.mark.parametrize(
    ("ending", "key"), [(signal.SIGINT, "@{}/key"), (signal.SIGTERM, "sk_test_of_a_file")]
)
def test_it_says_what_it_serves_logs_no_secret_and_ends_cleanly(tmp_path, ending, key):
    (tmp_path / "key").write_text("sk_test_of_a_file\n")
    (tmp_path / "state").write_text(json.dumps({"license_keys": [{"key": "A"}, {"key": "B"}]}))
    options = ("--load", tmp_path / "state", "--api-key", key.format(tmp_path))
    with serving(*options, api_key="sk_test_of_a_file") as (process, said, http):
        assert said.startswith("serving 2 license keys at http://127.0.0.1:")
        assert [key["key"] for key in http.get("/license_keys").json()["items"]] == ["A", "B"]
        process.send_signal(ending)
        assert process.wait() == 0
        told = process.stderr.read()
        assert "Traceback" not in told
        assert "sk_test_of_a_file" not in said + told


@pytest.mark.skipif(os.name == "nt" or shutil.which("curl") is None, reason="it is a line for a shell")
@pytest.mark.parametrize("key", ["sk_test_mock", "@a 'key'", "it's $HOME"])
def test_what_a_terminal_shows_works_where_it_is_pasted(tmp_path, monkeypatch, key):
    monkeypatch.chdir(tmp_path)
    Path("a 'key'").write_text("sk_test_of_a_file\n")
    ours, theirs = os.openpty()
    program = [sys.executable, "-m", "dodo_licenses.mock", "--port", "0", "--api-key", key]
    with subprocess.Popen(program, stderr=theirs) as process, os.fdopen(ours) as screen:
        try:
            lines = [screen.readline() for _ in range(4)][2:]
            shell = [
                subprocess.run(["/bin/sh", "-c", line], cwd="/", check=True, capture_output=True)
                for line in lines
            ]
            listed, state = (json.loads(done.stdout) for done in shell)
            assert (len(listed["items"]), state["license_keys"]) == (2, 250)
            assert "of_a_file" not in "".join(lines)
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--load", "nothing.json"], "nothing.json"),
        (["--load", "wrong.json"], "license_keys[0].key is missing"),
        (["--load", "broken.json"], "JSON"),
        (["--load", "evil.json"], r"\x1b]0;x\x07\u202e is unknown"),
        (["--latency", "-1"], "--latency"),
        (["--db", "broken.json"], "database"),
        (["--port", "65536"], "65535"),
        (["--db", "other.db"], "not written by this version"),
        (["--api-key", "@nothing.txt"], "read nothing.txt"),
        (["--api-key", "@empty.txt"], "empty"),
        (["--until", "soon"], "2026-01-31"),
    ],
)
def test_wrong_use_is_told_before_it_serves(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    Path("wrong.json").write_text('{"license_keys": [{}]}')
    Path("broken.json").write_text("{" * 2000)
    Path("evil.json").write_text('{"license_keys": [{"\\u001b]0;x\\u0007\\u202e": 1}]}')
    Path("empty.txt").write_text("\n")
    with contextlib.closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE license_keys (id)")
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr.splitlines()[-1]


def test_a_port_in_use_is_told(mock):
    done = run("--port", mock.base_url.rpartition(":")[2])
    assert done.exit_code == 1
    assert "try another --port" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_what_was_acknowledged_survives_a_kill(tmp_path):
    db, acknowledged = tmp_path / "mock.db", []
    with serving("--db", db, "--keys", 50) as (process, _, http), ThreadPoolExecutor() as pool:
        sold = http.get("/license_keys").json()["items"][0]
        owner = {name: sold[name] for name in ("customer_id", "product_id")}

        def write(worker):
            with contextlib.suppress(httpx.HTTPError):
                for number in itertools.count():
                    key = http.post("/license_keys", json={**owner, "key": f"{worker}-{number}"}).json()
                    http.post("/licenses/activate", json={"license_key": key["key"], "name": "x"})
                    acknowledged.append(key["id"])

        pool.map(write, range(4))
        m.until(lambda: len(acknowledged) > 20)
        process.kill()
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    with MockServer(db=db) as mock:
        kept = {key["id"]: key["instances_count"] for key in mock.dump()["license_keys"]}
    assert {kept.get(key) for key in acknowledged} == {1}
    assert len(kept) - 50 - len(acknowledged) <= 4
