"""What a person sees: terminals of 80 and 200 columns, colours, pipes that end early, a full disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest
from cli.conftest import COMMAND, Shell, environment

from dodo_licenses.testing import DodoMock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals are others there")
COLOURED = re.compile(r"\x1b\[[0-9;]*m")


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize(
    "arguments",
    [["list"], ["list", "--show-keys"], ["stats"], ["instances"], ["--help"], ["export", "--help"]],
    ids=" ".join,
)
def test_nothing_is_wider_than_the_terminal(account, columns, arguments):
    shown = account.on_a_terminal(*arguments, columns=columns)
    assert shown.returncode == 0
    lines = plain(shown.text).splitlines()
    assert max(map(len, lines)) <= columns
    if arguments == ["list"]:
        keys = [line for line in lines if line.startswith("lic_")]
        assert len(keys) == 250  # a line each, nothing folded
        assert ("customer" in shown.text) == (columns == 200)
        starts = {line.index("…") for line in keys}
        assert len(starts) == 1  # pieces of the table line up


def test_colours_are_for_terminals_that_want_them(account):
    assert COLOURED.search(account.on_a_terminal("list").text)
    assert not COLOURED.search(account("list", "--format", "table").stdout)
    for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = account.on_a_terminal("list", "--limit", "20", **wish).text
        assert not re.search(r"\x1b\[[0-9;]*3[0-9]", shown)


def test_a_terminal_is_told_where_it_asks_and_gets_a_table(account, mock):
    shown = account.on_a_terminal("list", "--limit", "2")
    assert f"asking {mock.base_url}" in shown.text
    assert "2 license keys" in shown.text
    assert "{" not in shown.text


@pytest.mark.parametrize("form", ["table", "ndjson"])
def test_the_first_keys_are_there_before_the_last(form):
    with DodoMock(keys=1000, latency=0.5) as slow:
        shell = Shell(DODO_PAYMENTS_API_KEY=slow.api_key, DODO_PAYMENTS_BASE_URL=slow.base_url)
        with shell.start("list", "--format", form, bufsize=1) as process:
            assert "lic_" in process.stdout.readline() + process.stdout.readline()
            assert len(slow.requests) < 9
            process.kill()


def test_an_export_shows_how_far_it_is(tmp_path):
    with DodoMock(keys=1000, latency=0.2) as mock:
        shell = Shell(DODO_PAYMENTS_API_KEY=mock.api_key, DODO_PAYMENTS_BASE_URL=mock.base_url)
        shown = plain(shell.on_a_terminal("export", "--to", tmp_path / "keys.csv").text)
    assert "the API gives no total" in shown
    assert "1,000 keys" in shown
    assert re.search(r"\d/s", shown)
    assert "1,000 license keys in" in shown


def test_a_pipe_that_ends_early_is_no_trouble(account):
    command = [*COMMAND, "list", "--format", "ndjson"]
    env = environment(**account.account)
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        json.loads(process.stdout.readline())
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 141  # what shells call a broken pipe
    assert "Traceback" not in told
    assert "Exception" not in told
    for form in ("table", "csv", "json"):
        line = f"set -o pipefail; {' '.join(COMMAND)} list --format {form} --show-keys | head -1"
        shell = ["bash", "-c", line]
        done = subprocess.run(shell, env=env, capture_output=True, text=True, check=False)
        assert done.stdout.count("\n") == 1
        assert done.returncode in (0, 141)  # 0 where all of it was written before
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr


def test_a_locale_without_the_characters_is_no_trouble(account):
    plain_ascii = {**environment(**account.account), "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    for words in (["list", "--format", "table"], ["stats", "--format", "table"], ["get", "lic_0"]):
        done = subprocess.run([*COMMAND, *words], env=plain_ascii, capture_output=True, check=False)
        assert "Traceback" not in done.stderr.decode()
        done.stdout.decode("utf-8")
        assert done.returncode == (1 if "lic_0" in words else 0)


@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq")
def test_jq_reads_it(account, mock):
    line = f"{' '.join(COMMAND)} list | jq -r .id"
    env = environment(**account.account)
    done = subprocess.run(line, shell=True, env=env, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stdout.split() == [key["id"] for key in mock.dump()["license_keys"]]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")  # noqa: PTH110
@pytest.mark.parametrize("form", ["table", "ndjson", "csv", "json"])
def test_a_full_disk_is_told_in_a_line(account, form):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, "list", "--format", form],
            env=environment(**account.account),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_ctrl_c_in_the_middle_of_a_listing_leaves_no_traceback():
    with DodoMock(keys=3000) as slow:
        shell = Shell(DODO_PAYMENTS_API_KEY=slow.api_key, DODO_PAYMENTS_BASE_URL=slow.base_url)
        with shell.start("list", "--page-size", "1") as process:
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            told = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert told.strip() == "dodo-licenses: interrupted"
