"""Runs the command line as people do: in a process, in a pipe, on a terminal; or here, to be quick."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dodo_licenses._cli import run
from dodo_licenses.testing import DodoMock

COMMAND = [sys.executable, "-m", "dodo_licenses"]
# Every command, on an account that holds lic_1, whose string is DEMO-1, where there are the files below.
COMMANDS = [
    "list --show-keys",
    "list --columns key,status,source --format csv",
    "grants list --format ndjson",
    "lookup lic_1 --show-keys",
    "instances",
    "free lic_1 --all --dry-run",
    "free lic_1 --all --yes",
    "free lic_1 --device nothing --yes",
    "disable lic_1 --yes",
    "enable lic_1 --dry-run",
    "update lic_1 --limit 3",
    "activate DEMO-1 desktop",
    "validate DEMO-1",
    "deactivate DEMO-1 lki_1",
    "doctor",
    "grants fulfill entg_1 DEMO-1",
    "import NEW-1 --customer-id cus_1 --product-id pdt_1",
    "import --file keys.csv",
    "disable --ids ids --yes",
    "grants list",
    "grants revoke ent_1 entg_1 --yes",
]


def environment(**more):
    """The environment without what would name an account, and what makes a terminal or a stream special."""
    left_out = ("DODO_", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM")
    left_out += ("SOURCE_DATE_EPOCH", "PYTHONUNBUFFERED")
    known = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**known, "TERM": "xterm-256color", **more}


@dataclass
class Done:
    """What a command said; on a terminal all of it is in stdout."""

    returncode: int
    stdout: str
    stderr: str = ""

    @property
    def lines(self):
        return self.stdout.splitlines()


class Shell:
    """Runs commands in processes, on an account where there is one."""

    def __init__(self, **account):
        self.account = account

    @classmethod
    def of(cls, mock):
        return cls(
            DODO_PAYMENTS_API_KEY=mock.api_key,
            DODO_PAYMENTS_BASE_URL=mock.base_url,
            DODO_PAYMENTS_RATE_LIMIT="1000000",
        )

    def __call__(self, *arguments, **more):
        """A process whose output nobody looks at."""
        with self.start(*arguments, **more) as process:
            stdout, stderr = process.communicate()
        return Done(process.returncode, stdout, stderr)

    def line(self, line, **more):
        """A line for bash, in which `dodo-licenses` is this program."""
        return self(command=["bash", "-c", line.replace("dodo-licenses", " ".join(COMMAND))], **more)

    def start(self, *arguments, command=COMMAND, **more):
        """A process that runs on."""
        return subprocess.Popen(
            [*command, *map(str, arguments)],
            env=environment(**{**self.account, **more}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def on_a_terminal(self, *arguments, columns=80, typed=(), **more):
        """A process on a terminal so wide; `typed` are pairs of what to wait for and what to type then."""
        import fcntl  # noqa: PLC0415 - there is none on Windows
        import pty  # noqa: PLC0415
        import termios  # noqa: PLC0415

        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, columns))
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=environment(**{**self.account, **more}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - a password is asked there
        )
        os.close(theirs)
        shown, answers = b"", list(typed)
        with suppress(OSError):  # the other end has gone
            while part := os.read(ours, 65536):
                shown += part
                if answers and answers[0][0].encode() in shown:
                    os.write(ours, answers.pop(0)[1].encode())
        os.close(ours)
        return Done(process.wait(), shown.decode().replace("\r\n", "\n"))


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(scope="module")
def shared_mock():
    with DodoMock(keys=250, read_only_api_key="sk_test_reader") as server:
        yield server


@pytest.fixture
def mock(shared_mock):
    """An account's server, with 250 license keys."""
    shared_mock.reset()
    return shared_mock


@pytest.fixture
def cli(mock, monkeypatch, capsys, tmp_path):
    """Commands in this process, on the account of `mock`; on a terminal where its columns are given."""
    monkeypatch.chdir(tmp_path)
    for name, value in Shell.of(mock).account.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def call(*arguments, stdin="", terminal=None):
        arguments = [str(argument) for argument in arguments]
        capsys.readouterr()
        with monkeypatch.context() as here:
            here.setattr("sys.stdin", io.StringIO(stdin))
            here.setattr("sys.argv", ["dodo-licenses", *arguments])
            here.delenv("COLUMNS", raising=False)
            if terminal is None:
                return Done(run(arguments), *capsys.readouterr())
            here.setenv("COLUMNS", str(terminal))
            here.setattr("sys.stdout", Terminal())
            here.setattr("sys.stderr", sys.stdout)
            return Done(run(arguments), sys.stdout.getvalue())

    return call


def one_line(done, status, *words):
    """It failed with a status and one clear line, and no traceback."""
    told = done.stderr.splitlines()
    assert done.returncode == status, done.stderr
    assert len(told) == 1, done.stderr
    for word in words:
        assert word in told[0]
    assert done.stdout == ""


def write_files(text="x"):
    """The files that some commands read, with this text wherever somebody else may have put one."""
    with Path("keys.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["key", "customer_id", "product_id", text], [text] * 4])
    Path("ids").write_text(f"lic_{text} {text} {' '.join(map(str, range(20)))}", encoding="utf-8")
