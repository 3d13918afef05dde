"""What a person sees: terminals of any width, colours, pipes that end early, a full disk, closed streams."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import pytest
from cli.conftest import COMMAND, Shell, environment

from dodo_licenses.testing import DodoMock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals are others there")
COLOURED = re.compile(r"\x1b\[[0-9;]*3[0-9]")


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.fixture(scope="module")
def terminal():
    with DodoMock(keys=120) as mock:
        key = mock.add_license_key("DEMO-1", id="lic_1", activations_limit=3)
        mock.client().licenses.activate(license_key=key["key"], name="a name that is rather long " * 9)
        yield Shell.of(mock)


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "--columns", "id,product_id,customer_id,expires_at"],
        ["list", "--show-keys"],
        ["lookup", "lic_1"],
        ["instances"],
        ["--help"],
        ["list", "--help"],
    ],
    ids=" ".join,
)
def test_nothing_is_wider_than_the_terminal(terminal, columns, arguments):
    shown = terminal.on_a_terminal(*arguments, columns=columns)
    assert shown.returncode == 0
    lines = plain(shown.stdout).split("\r")[-1].splitlines()
    if "--help" not in arguments or columns > 40:  # where an example stands on a line of its own
        assert max(map(len, lines)) <= columns
    if arguments == ["list"]:
        rows = [line for line in lines if line.startswith("lic_")]
        assert len(rows) == 121  # a line each, nothing folded
        assert ("customer" in shown.stdout) == (columns == 200)
        assert len({line.index("…") for line in rows}) == 1  # pieces of the table line up
    for word in re.findall(r"lic_[A-Za-z0-9]+…?", "\n".join(lines)):
        assert len(word) == 25 or word.endswith("…") or word == "lic_1" or "help" in arguments[-1]


def test_colours_are_for_terminals_that_want_them(terminal):
    assert COLOURED.search(terminal.on_a_terminal("list").stdout)
    assert not COLOURED.search(terminal("list", "--format", "table").stdout)
    for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert not COLOURED.search(terminal.on_a_terminal("list", "--limit", "20", **wish).stdout)


def test_a_terminal_is_told_where_it_asks_and_gets_a_table(terminal):
    shown = terminal.on_a_terminal("list", "--limit", "2").stdout
    assert f"asking {terminal.account['DODO_PAYMENTS_BASE_URL']}" in shown
    assert "2 license keys" in shown
    assert "{" not in shown
    assert "asking the demo" in Shell().on_a_terminal("list", "--demo", "--limit", "1").stdout


def test_a_file_is_written_with_a_sign_of_life(terminal, tmp_path):
    shown = plain(terminal.on_a_terminal("list", "--output", tmp_path / "keys.csv", columns=200).stdout)
    assert "pages read, 121 license keys" in shown
    assert f"121 license keys in {tmp_path / 'keys.csv'}" in shown


@pytest.mark.parametrize("form", ["table", "ndjson"])
def test_the_first_keys_are_there_before_the_last(form):
    with DodoMock(keys=3000, latency=0.05) as slow:
        slow.fault("hang", "list_license_keys", probability=0.0001)
        with Shell.of(slow).start("list", "--format", form) as process:
            assert "lic_" in process.stdout.readline() + process.stdout.readline()
            assert len(slow.requests) < 30
            process.kill()


def test_a_pipe_that_ends_early_is_no_trouble(terminal):
    env = environment(**terminal.account)
    with subprocess.Popen([*COMMAND, "list"], env=env, stdout=-1, stderr=-1, text=True) as process:
        json.loads(process.stdout.readline())
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode in (
        0,
        141,
    )  # 141 is what shells call a broken pipe; 0 where all was written before
    assert "Traceback" not in told
    for form in ("table", "csv", "json"):
        done = terminal.line(f"set -o pipefail; dodo-licenses list --format {form} --show-keys | head -1")
        assert len(done.lines) == 1
        assert done.returncode in (0, 141)
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr


@pytest.mark.parametrize("closed", ["0<&- 2>&-", ">&-", "2>/dev/full"])
def test_a_closed_stream_changes_no_answer(terminal, closed):
    for command in ("validate DEMO-1", "list"):
        done = terminal.line(f"dodo-licenses {command} {closed}")
        assert done.returncode == 0
        assert "Traceback" not in done.stderr


def test_a_locale_without_the_characters_is_no_trouble(terminal):
    plain_ascii = {**environment(**terminal.account), "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*COMMAND, "lookup", "lic_1", "--format", "table"], env=plain_ascii, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert "…" in done.stdout.decode()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")  # noqa: PTH110
@pytest.mark.parametrize("form", ["table", "ndjson", "csv", "json"])
def test_a_full_disk_is_told_in_a_line(terminal, form):
    done = terminal.line(f"dodo-licenses list --format {form} >/dev/full")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_a_listing_leaves_no_traceback(ending):
    with DodoMock(keys=500) as mock:
        mock.fault("hang", "list_license_keys", times=None, probability=0.5)
        with Shell.of(mock).start("list") as process:
            while not [request for request in mock.requests if request["fault"] == "hang"]:
                assert process.poll() is None
            process.send_signal(ending)
            told = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + ending
    assert told.strip() == f"dodo-licenses: {'interrupted' if ending == signal.SIGINT else 'terminated'}"
