"""The command line as a person meets it: real processes, good and bad input."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from dodo_licenses.mock import MockServer

MOCK = "dodo_licenses.mock"


def run(*arguments, module="dodo_licenses", **environment):
    """A process, run to its end."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("DODO_")}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**known, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_line(done, status, *words):
    """It failed with a status and one clear line, and no traceback."""
    told = [line for line in done.stderr.splitlines() if not line.startswith("asking ")]
    assert done.returncode == status, done.stderr
    assert len(told) == 1, done.stderr
    for word in words:
        assert word in told[0]
    assert done.stdout == ""


@pytest.fixture
def account(mock):
    return {"DODO_PAYMENTS_API_KEY": mock.api_key, "DODO_PAYMENTS_BASE_URL": mock.base_url}


def test_the_demo_lists_every_key_of_its_mock():
    done = run("--demo", "list")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "250 license keys"
    assert done.stdout.count("lic_") == 250
    assert "asking http://127.0.0.1:" in done.stderr


def test_an_account_is_asked_where_it_is_and_says_so(account):
    done = run("list", "--status", "disabled", "--limit", "3", **account)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "3 license keys"
    assert account["DODO_PAYMENTS_BASE_URL"] in done.stderr
    assert account["DODO_PAYMENTS_API_KEY"] not in done.stdout + done.stderr


def test_key_strings_are_not_shown_whole(mock, account):
    listed = mock.dump()["license_keys"][:100]
    done = run("list", "--limit", "100", **account)
    assert not [key for key in listed if key["key"] in done.stdout]


def test_one_key_is_shown(mock, account):
    key = mock.dump()["license_keys"][0]
    done = run("get", key["id"], **account)
    assert done.returncode == 0, done.stderr
    assert key["id"] in done.stdout
    one_line(run("get", "lic_0000000000000000000000", **account), 1, "404", "NOT_FOUND")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--status", "inactive"], ["active", "expired", "disabled"]),
        (["list", "--page-size", "0"], ["1<=x<=100"]),
        (["list", "--page-size", "101"], ["1<=x<=100"]),
        (["list", "--page-size", "ten"], ["ten"]),
        (["list", "--limit", "-1"], ["-1"]),
        (["get", ""], ["id must be an id"]),
        (["get", "a/b"], ["id must be an id"]),
        (["get", "lic_1?x"], ["id must be an id"]),
        (["get", ".."], ["id must be an id"]),
        (["get"], ["ID"]),
        (["nothing"], ["nothing"]),
        (["--environment", "prod", "list"], ["live_mode", "test_mode"]),
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_in_a_line_before_anything_is_asked(arguments, words):
    one_line(run(*arguments, DODO_PAYMENTS_API_KEY="sk_test", DODO_PAYMENTS_BASE_URL=""), 2, *words)


def test_without_an_api_key_it_says_what_to_set():
    one_line(run("list"), 2, "DODO_PAYMENTS_API_KEY")


def test_a_wrong_api_key_is_told_with_where_it_was_tried_and_not_shown(mock):
    done = run("list", DODO_PAYMENTS_API_KEY="sk_SECRET", DODO_PAYMENTS_BASE_URL=mock.base_url)
    one_line(done, 1, "401", mock.base_url)
    assert "SECRET" not in done.stderr


def test_a_server_that_is_not_there_is_told():
    given = {"DODO_PAYMENTS_API_KEY": "sk_test", "DODO_PAYMENTS_BASE_URL": "http://127.0.0.1:9"}
    one_line(run("list", **given), 3, "cannot be reached")
    one_line(run("list", **{**given, "DODO_PAYMENTS_BASE_URL": "http://example.com"}), 2, "https")


def test_help_shows_examples():
    for command in ([], ["list"], ["get"]):
        done = run(*command, "--help")
        assert done.returncode == 0
        assert "dodo-licenses" in done.stdout
        assert "Example" in done.stdout


# --- the mock in the foreground ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], ["from 0 to 65535"]),
        (["--keys", "-1"], ["whole number"]),
        (["--keys", "many"], ["many"]),
        (["--db", "/"], ["cannot be used as a database"]),
        (["--what"], ["--what"]),
    ],
    ids=" ".join,
)
def test_the_mock_says_what_is_wrong_in_a_line(arguments, words):
    one_line(run(*arguments, module=MOCK), 2, *words)


def test_a_port_in_use_is_told():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        one_line(run("--port", str(port), module=MOCK), 1, str(port), "try another --port")


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_the_mock_tells_its_address_and_ends_cleanly(ending):
    command = [sys.executable, "-m", MOCK, "--port", "0", "--keys", "7"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        told = process.stderr.readline()
        assert "serving 7 license keys at http://127.0.0.1:" in told
        address = told.split(" at ")[1].split(",")[0]
        listed = run("list", DODO_PAYMENTS_API_KEY="sk_test_mock", DODO_PAYMENTS_BASE_URL=address)
        assert listed.stdout.splitlines()[-1] == "7 license keys"
        process.send_signal(ending)
        rest = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert "Traceback" not in rest


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
def test_ctrl_c_in_the_middle_of_a_listing_leaves_no_traceback():
    with MockServer(keys=3000) as slow:
        command = [sys.executable, "-m", "dodo_licenses", "list", "--page-size", "1"]
        environment = {
            **os.environ,
            "DODO_PAYMENTS_API_KEY": slow.api_key,
            "DODO_PAYMENTS_BASE_URL": slow.base_url,
        }
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr.readline().startswith("asking ")
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            told = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert told.strip() == "dodo-licenses: interrupted"
