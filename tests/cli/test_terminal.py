"""What a person sees: terminals of any width, colours, pipes that end early, a full disk, closed streams."""

from __future__ import annotations

import os
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.conftest import Shell

from dodo_licenses._cli import run
from dodo_licenses.testing import DodoMock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals are others there")
COLOURED = re.compile(r"\x1b\[[0-9;]*3[0-9]")
STYLES = {"", "0", "1", "31", "32", "35"}  # bold, and the colours that are read on light and on dark
ID = re.compile(r"(?:lic|lki|cus|pdt|entg?)_\w*…?")
FULL = "No space left on device"
NAME = "a name that is rather long " * 9


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.fixture(scope="module")
def shared_mock():
    with DodoMock(keys=40) as server:
        yield server


@pytest.fixture
def terminal(mock):
    mock.add_license_key("DEMO-1", id="lic_1")
    return Shell.of(mock)


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_nothing_is_wider_than_the_terminal(cli, mock, columns):
    mock.add_license_key("DEMO-1", id="lic_1", activations_limit=3)
    mock.client().licenses.activate(license_key="DEMO-1", name=NAME)
    for command in (
        *("list", "list --columns id,product_id,customer_id,expires_at", "list --show-keys", "instances"),
        *("lookup DEMO-1", "grants list", "disable lic_1 --yes", "--help", "list --help"),
    ):
        shown = cli(*command.split(), terminal=columns)
        assert shown.returncode == 0
        assert set(";".join(re.findall(r"\x1b\[([0-9;]+)m", shown.stdout)).split(";")) <= STYLES
        lines = plain(shown.stdout).split("\r")[-1].splitlines()
        if "--help" in command and columns == 40:  # an example stands on a line of its own
            continue
        assert max(map(len, lines)) <= columns
        if command == "list":
            rows = [line for line in lines if line.startswith("lic_")]
            assert len(rows) == 41  # a line each, nothing folded
            assert ("customer" in shown.stdout) == (columns == 200)
            assert len({line.index("…") for line in rows}) == 1  # pieces of the table line up
        ids = {word for word in ID.findall(shown.stdout) if len(word) < 24} - {"lic_1", "lic_123"}
        assert all(word.endswith("…") for word in ids)
        if "lookup" in command:
            assert re.search(r"^lki_.* \d{4}-\d\d-\d\d *$", "\n".join(lines), re.MULTILINE)


def test_a_terminal_is_told_where_it_asks_and_gets_a_coloured_table(cli, mock, monkeypatch, tmp_path):
    shown = cli("list", "--limit", "20", terminal=80).stdout
    assert f"asking {mock.base_url}" in shown
    assert "20 license keys" in shown
    assert COLOURED.search(shown)
    assert not COLOURED.search(cli("list", "--format", "table").stdout)
    for name, value in {"NO_COLOR": "1", "TERM": "dumb"}.items():
        with monkeypatch.context() as wish:
            wish.setenv(name, value)
            assert not COLOURED.search(cli("list", "--limit", "20", terminal=80).stdout)
    lately = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    demo = cli("list", "--demo", "--created-at-gte", lately, terminal=80).stdout
    assert re.search(r"^asking the demo.*^[1-9] license key", demo, re.MULTILINE | re.DOTALL)
    written = cli("list", "--output", tmp_path / "keys.csv", terminal=200).stdout
    assert "1 page read, 40 license keys" in written


@pytest.mark.parametrize("form", ["table", "ndjson"])
def test_the_first_keys_are_there_before_the_last_and_the_pipe_may_end_there(form):
    with DodoMock(keys=3000, latency=0.05) as slow, Shell.of(slow).start("list", "--format", form) as process:
        assert "lic_" in process.stdout.readline() + process.stdout.readline()
        assert len(slow.requests) < 30
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141  # as shells call a broken pipe


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize(
    ("line", "status", "shown", "told"),
    [
        ("dodo-licenses validate DEMO-1 0<&- 2>&-", 0, "valid\n", ""),
        ("dodo-licenses validate DEMO-1 2>/dev/full", 0, "valid\n", ""),
        ("dodo-licenses validate DEMO-1 >&-", 0, "", ""),
        ("dodo-licenses list --format table >/dev/full", 1, "", FULL),
        ("dodo-licenses list --format csv >/dev/full", 1, "", FULL),
        ("LC_ALL=C PYTHONIOENCODING=ascii dodo-licenses lookup lic_1 --format table", 0, "∞", ""),
    ],
)
def test_streams_that_are_closed_full_or_ascii_change_no_answer(terminal, line, status, shown, told):
    done = terminal.line(line)
    assert done.returncode == status, done.stderr
    assert shown in done.stdout
    assert bool(shown) == bool(done.stdout)
    assert told in done.stderr
    assert done.stderr.count("\n") == bool(told)  # a line, and no traceback


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_what_is_said_last_is_not_lost_on_a_full_disk(monkeypatch, capsys, tmp_path):
    """By a command that prints without an echo of click's, which looks after each."""
    (tmp_path / "recorded.yaml").write_text("interactions: []")
    with monkeypatch.context() as here, Path("/dev/full").open("w") as full:
        here.setattr("sys.stdout", full)
        assert run(["contract", "check", str(tmp_path / "recorded.yaml")]) == 1
    assert capsys.readouterr().err == f"dodo-licenses: stdout: {FULL}\n"


def test_ctrl_c_leaves_no_traceback_while_it_starts_or_lists(tmp_path):
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    started = Shell()("--help", PYTHONPATH=str(tmp_path))
    assert (started.returncode, started.stderr) == (130, "dodo-licenses: interrupted\n")
    with DodoMock(keys=500) as mock:
        mock.fault("hang", "list_license_keys", times=None, probability=0.5)
        with Shell.of(mock).start("list") as process:
            while not [request for request in mock.requests if request["fault"] == "hang"]:
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            told = process.communicate()[1]
    assert process.returncode == 130
    assert told.strip() == "dodo-licenses: interrupted"
