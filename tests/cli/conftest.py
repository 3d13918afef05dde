"""Runs the command line as a person does: in a process, in a pipe, or in a terminal of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from dodo_licenses.testing import DodoMock


def environment(**more):
    """The environment without what would name an account, and without what makes a terminal special."""
    left_out = ("DODO_", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM")
    known = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**known, "TERM": "xterm-256color", **more}


COMMAND = [sys.executable, "-m", "dodo_licenses"]


@dataclass
class Shown:
    """What a terminal showed."""

    text: str
    returncode: int


class Shell:
    """Runs commands, on an account where there is one."""

    def __init__(self, **account):
        self.account = account

    def __call__(self, *arguments, **more):
        """A process whose output nobody looks at."""
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=environment(**self.account, **more),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, *arguments, **settings):
        """A process that runs on."""
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=environment(**self.account),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **settings,
        )

    def on_a_terminal(self, *arguments, columns=80, **more):
        """A process on a terminal so wide."""
        import fcntl  # noqa: PLC0415 - there is none on Windows
        import pty  # noqa: PLC0415
        import struct  # noqa: PLC0415
        import termios  # noqa: PLC0415

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=environment(**self.account, **more),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
        os.close(ours)
        return Shown(b"".join(parts).decode().replace("\r\n", "\n"), process.wait(60))


@pytest.fixture
def shell():
    """Commands without an account."""
    return Shell()


@pytest.fixture
def mock():
    """An account's server, with 250 license keys."""
    with DodoMock(keys=250, read_only_api_key="sk_test_reader") as server:
        yield server


@pytest.fixture
def account(mock):
    """Commands on the account of `mock`."""
    return Shell(DODO_PAYMENTS_API_KEY=mock.api_key, DODO_PAYMENTS_BASE_URL=mock.base_url)


def one_line(done, status, *words):
    """It failed with a status and one clear line, and no traceback."""
    told = done.stderr.splitlines()
    assert done.returncode == status, done.stderr
    assert len(told) == 1, done.stderr
    for word in words:
        assert word in told[0]
    assert done.stdout == ""
