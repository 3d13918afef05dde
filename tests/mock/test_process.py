"""The mock as a program: options, endings, and what a database keeps."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest

from dodo_licenses.mock import MockServer

DOCS = Path(__file__).parents[2] / "docs/mock.md"
MOCK = [sys.executable, "-m", "dodo_licenses.mock", "--port", "0"]
API_KEY = {"Authorization": "Bearer sk_test_mock"}


@contextlib.contextmanager
def serving(*arguments):
    """A mock in a process of its own, which knows its `url` and the first line that it `said`."""
    with subprocess.Popen([*MOCK, *map(str, arguments)], stderr=subprocess.PIPE, text=True) as process:
        try:
            process.said = process.stderr.readline()
            process.url = re.search(r"at (http://\S+?),", process.said)[1]
            yield process
        finally:
            process.kill()


def run(*arguments):
    return subprocess.run([*MOCK, *arguments], check=False, capture_output=True, text=True, timeout=300)


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_it_serves_and_ends_cleanly(ending):
    with serving("--keys", 7) as program:
        assert program.said.startswith("serving 7 license keys at http://127.0.0.1:")
        assert httpx.get(f"{program.url}/_mock/").json()["license_keys"] == 7
        program.send_signal(ending)
        assert program.wait(timeout=300) == 0
        assert "Traceback" not in program.stderr.read()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--load", "nothing.json"], "nothing.json"),
        (["--load", "wrong.json"], "license_keys[0].key is missing"),
        (["--load", "broken.json"], "JSON"),
        (["--webhook-url", "http://127.0.0.1:9"], "secret"),
        (["--latency", "-1"], "--latency"),
        (["--db", "broken.json"], "database"),
        (["--port", "65536"], "65535"),
        (["--db", "other.db"], "not written by this version"),
        (["--api-key", "@nothing.txt"], "cannot read nothing.txt"),
        (["--api-key", "@empty.txt"], "empty"),
        (["--until", "soon"], "2026-01-31"),
    ],
)
def test_wrong_use_is_one_line(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.json").write_text('{"license_keys": [{}]}')
    (tmp_path / "broken.json").write_text("{" * 2000)
    (tmp_path / "empty.txt").write_text("\n")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE license_keys (id)")
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr


def test_help_and_the_docs_name_every_option():
    documented = re.findall(r"^\| `(--[a-z-]+)", DOCS.read_text(), re.MULTILINE)
    assert set(re.findall(r"--[a-z][a-z-]+", run("--help").stdout)) == {*documented, "--help"}


def test_state_and_secret_may_come_from_files_and_no_secret_is_shown(tmp_path):
    (tmp_path / "key").write_text("sk_test_of_a_file\n")
    (tmp_path / "state").write_text(json.dumps({"license_keys": [{"key": "A"}, {"key": "B"}]}))
    with serving("--load", tmp_path / "state", "--api-key", f"@{tmp_path / 'key'}") as program:
        bearer = {"Authorization": "Bearer sk_test_of_a_file"}
        listed = httpx.get(f"{program.url}/license_keys", headers=bearer).json()["items"]
        assert [key["key"] for key in listed] == ["A", "B"]
        assert httpx.get(f"{program.url}/license_keys", headers=API_KEY).status_code == 401
        program.terminate()
        assert "sk_test_of_a_file" not in program.stderr.read()


def test_made_up_data_is_the_same_for_a_seed_and_ends_on_the_day_that_is_asked_for():
    def made_up(**settings):
        with MockServer(keys=200, **settings) as mock:
            return mock.dump()

    day = date(2030, 5, 1)
    dumped = made_up(until=day, seed=3)
    assert dumped == made_up(until=day, seed=3) != made_up(until=day)
    moments = [datetime.fromisoformat(key["created_at"]) for key in dumped["license_keys"]]
    assert (day - moments[0].date()).days < 7
    assert 720 < (day - moments[-1].date()).days < 740


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_what_was_acknowledged_survives_a_kill(tmp_path, eventually):
    db = tmp_path / "mock.db"
    acknowledged = []

    with serving("--db", db, "--keys", 50) as program:
        owner = httpx.get(f"{program.url}/license_keys", headers=API_KEY).json()["items"][0]

        def write(worker):
            body = {"customer_id": owner["customer_id"], "product_id": owner["product_id"]}
            with httpx.Client(base_url=program.url, headers=API_KEY, timeout=600) as http:
                for number in range(100_000):
                    try:
                        reply = http.post("/license_keys", json={**body, "key": f"{worker}-{number}"})
                        key = reply.json()
                        http.post("/licenses/activate", json={"license_key": key["key"], "name": "x"})
                    except httpx.HTTPError:
                        return
                    acknowledged.append(key["id"])

        writers = [threading.Thread(target=write, args=[worker]) for worker in range(4)]
        for writer in writers:
            writer.start()
        eventually(lambda: len(acknowledged) > 20)
        program.kill()
        for writer in writers:
            writer.join()

    with serving("--db", db, "--keys", 50) as program:
        state = httpx.get(f"{program.url}/_mock/dump").json()
        kept = {key["id"]: key for key in state["license_keys"]}
        assert set(acknowledged) <= set(kept)
        assert len(kept) - 50 - len(acknowledged) <= 4
        activated = {instance["license_key_id"] for instance in state["license_key_instances"]}
        assert set(acknowledged) <= activated
        for key in kept.values():
            seats = [i for i in state["license_key_instances"] if i["license_key_id"] == key["id"]]
            assert key["instances_count"] == len(seats)
