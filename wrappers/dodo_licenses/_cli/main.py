"""The group of all commands, and from what they raise to a line on stderr and an exit status."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from dodo_licenses._cli.exporting import export
from dodo_licenses._cli.extras import completion, mock
from dodo_licenses._cli.importing import import_
from dodo_licenses._cli.instances import instances, rename_instance
from dodo_licenses._cli.keys import get, list_, update
from dodo_licenses._cli.licenses import activate, deactivate, validate
from dodo_licenses._cli.statistics import stats
from dodo_licenses._errors import APIConnectionError, APIStatusError, DodoPaymentsError, InvalidArgumentError
from dodo_licenses._version import __version__
from dodo_licenses.contract.command import contract

PROGRAM = "dodo-licenses"
_REFUSED, _WRONG_USE, _NOT_REACHABLE, _INTERRUPTED, _BROKEN_PIPE = 1, 2, 3, 130, 141

# What to do next, for what happens most.
_NEXT_STEPS = {
    "UNAUTHORIZED": "set DODO_PAYMENTS_API_KEY to a key of this environment, or choose another --environment",
    "FORBIDDEN": "use an API key that may write",
    "LICENSE_KEY_LIMIT_REACHED": f"free an activation with `{PROGRAM} deactivate`, or raise the limit",
    "LICENSE_KEY_ALREADY_EXISTS": f"look at it with `{PROGRAM} get --key`",
    "INACTIVE_LICENSE_KEY": f"look at it with `{PROGRAM} get --key`",
    "TOO_MANY_REQUESTS": "wait a minute; another program may use the same API key",
}


class _PipeEndedError(Exception):
    """Nobody reads on, as `head` doesn't."""


class _Group(click.Group):
    """Lists its commands in the order that they were added in, and knows a pipe that ended early."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, SystemExit) as error:
            # click and rich would exit with the status of an API that refused.
            if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
                raise
            raise _PipeEndedError from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """License keys of Dodo Payments.

    The API key is taken from the environment variable DODO_PAYMENTS_API_KEY. With --demo, each command works
    on a mock with 250 made-up license keys instead of an account.

    \b
    Examples:
      dodo-licenses list --demo
      dodo-licenses list --status active --limit 20
      dodo-licenses export --to keys.csv
    """


for _command in (
    list_,
    get,
    update,
    import_,
    export,
    stats,
    instances,
    rename_instance,
    activate,
    validate,
    deactivate,
    mock,
    contract,
    completion,
):
    cli.add_command(_command)


def run() -> int:
    """Run the command line with the process's arguments and give its exit status back."""
    _write_any_character()
    try:
        status = cli.main(prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, _PipeEndedError):
        _forget_stdout()
        return _BROKEN_PIPE
    except (click.ClickException, click.Abort, DodoPaymentsError, KeyboardInterrupt, OSError) as error:
        if isinstance(error, OSError):
            _forget_stdout()
        sentence, status = _told(error)
        click.echo(f"{PROGRAM}: {sentence}", err=True)
    return status if isinstance(status, int) else 0


def _write_any_character() -> None:
    """Files and pipes get UTF-8 whatever the locale; a terminal that lacks a character gets a `?` for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _told(error: BaseException) -> tuple[str, int]:
    """A failure in a line, with the next step, and its exit status."""
    match error:
        case click.ClickException() | InvalidArgumentError():
            return _in_a_line(error), _WRONG_USE
        case APIConnectionError():
            said = str(error)
            return said if "check" in said else f"{said}: check the network, and try again", _NOT_REACHABLE
        case APIStatusError() if error.code in _NEXT_STEPS:
            return f"{error}: {_NEXT_STEPS[error.code]}", _REFUSED
        case OSError():
            return f"{error.filename or 'stdout'}: {error.strerror or error}", _REFUSED
        case click.Abort() | KeyboardInterrupt():
            return "interrupted", _INTERRUPTED
    return str(error), _REFUSED


def _in_a_line(error: click.ClickException | InvalidArgumentError) -> str:
    if isinstance(error, InvalidArgumentError):
        return str(error)
    said = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    return f"{said} (see {context.command_path if context else PROGRAM} --help)"


def _forget_stdout() -> None:
    """Nobody reads it any more; Python would complain of that on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
