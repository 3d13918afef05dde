"""The group of all commands, and from what they raise to a line on stderr and an exit status."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import click

from dodo_licenses._cli.changing import disable, enable, free
from dodo_licenses._cli.doctor import doctor
from dodo_licenses._cli.grants import grants
from dodo_licenses._cli.importing import import_
from dodo_licenses._cli.keys import activate, deactivate, instances, list_, update, validate
from dodo_licenses._cli.lookup import lookup
from dodo_licenses._cli.options import Group
from dodo_licenses._cli.progress import note
from dodo_licenses._errors import APIConnectionError, DodoPaymentsError, InvalidArgumentError
from dodo_licenses._version import __version__
from dodo_licenses.contract.command import contract
from dodo_licenses.mock.command import mock

PROGRAM = "dodo-licenses"
_REFUSED, _WRONG_USE, _NOT_REACHABLE, _INTERRUPTED, _BROKEN_PIPE, _TERMINATED = 1, 2, 3, 130, 141, 143

# What to do next, for what happens most.
_NEXT_STEPS = {
    "UNAUTHORIZED": "set DODO_PAYMENTS_API_KEY to a key of this environment, or choose another --environment",
    "FORBIDDEN": "use an API key that may write",
    "LICENSE_KEY_LIMIT_REACHED": f"free a seat with `{PROGRAM} free`, or raise the limit",
    "LICENSE_KEY_ALREADY_EXISTS": f"look at it with `{PROGRAM} lookup`",
    "INACTIVE_LICENSE_KEY": f"look at it with `{PROGRAM} lookup`",
    "TOO_MANY_REQUESTS": "wait a minute; another program may use the same API key",
}
# What people try, and what does it.
_OTHER_WORDS = {
    **dict.fromkeys(("show", "get", "find", "search", "view", "status"), "lookup"),
    **dict.fromkeys(("create", "add"), "import"),
    **dict.fromkeys(("block", "suspend"), "disable"),
    "revoke": f"disable, or for an entitlement grant: {PROGRAM} grants revoke",
    **dict.fromkeys(("set", "edit", "change", "extend"), "update"),
    "export": "list --output keys.csv",
    "help": "--help",
}


class Terminated(KeyboardInterrupt):
    """SIGTERM: ends like Ctrl-C, with another exit status."""


class _Group(Group):
    """Knows what people call the commands, and a pipe that was closed."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 - as click has it
        if args[0] in _OTHER_WORDS:
            raise click.UsageError(f"There is no {args[0]}; try: {PROGRAM} {_OTHER_WORDS[args[0]]}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, SystemExit) as error:
            # click and rich would exit with the status of an API that refused.
            if not isinstance(error, BrokenPipeError) and not isinstance(error.__context__, BrokenPipeError):
                raise
            _forget_stdout()
            return _BROKEN_PIPE


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """License keys of Dodo Payments.

    The API key is taken from the environment variable DODO_PAYMENTS_API_KEY. With --demo, each command works
    on a mock with 250 made-up license keys instead of an account.

    \b
    Examples:
      dodo-licenses lookup DEMO-0001-0002-0003 --demo
      dodo-licenses list --output keys.csv
    """


_OFTEN = (lookup, free, disable, enable, import_, list_, update, instances)
_SELDOM = (activate, validate, deactivate, grants, doctor, mock, contract)
for _command in (*_OFTEN, *_SELDOM):
    cli.add_command(_command)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line, with the process's arguments or others, and give its exit status back."""
    try:
        status = cli.main(arguments, prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return _BROKEN_PIPE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a traceback could show what a customer or a server chose
        if isinstance(error, OSError):
            _forget_stdout()
        sentence, status = _told(error)
        note(f"{PROGRAM}: {sentence}")
    return status if isinstance(status, int) else 0


def _told(error: BaseException) -> tuple[str, int]:  # noqa: PLR0911 - a table
    """A failure in a line, with the next step, and its exit status."""
    said = str(error)
    where = "".join(getattr(error, "__notes__", ()))
    if where not in said and "(asked " not in said and not isinstance(error, InvalidArgumentError):
        said = f"{said} (asked {where})"
    match error:
        case click.UsageError():
            path = PROGRAM if error.ctx is None else error.ctx.command_path
            return f"{' '.join(error.format_message().split())} (see {path} --help)", error.exit_code
        case click.ClickException():
            return error.format_message(), error.exit_code
        case InvalidArgumentError():
            return said, _WRONG_USE
        case APIConnectionError():
            return f"{said}{'' if 'check' in said else ': check the network, and try again'}", _NOT_REACHABLE
        case DodoPaymentsError():
            step = _NEXT_STEPS.get(getattr(error, "code", None) or "")
            return said if step is None else f"{said}: {step}", _REFUSED
        case OSError():
            return f"{error.filename or 'stdout'}: {error.strerror or error}", _REFUSED
        case click.Abort() | KeyboardInterrupt():
            is_end = isinstance(error.__cause__ or error, Terminated)
            return ("terminated", _TERMINATED) if is_end else ("interrupted", _INTERRUPTED)
    if "DODO_LICENSES_TRACEBACK" in os.environ:
        raise error
    return f"a fault of ours, {type(error).__name__}: {said}; DODO_LICENSES_TRACEBACK=1 shows where", _REFUSED


def _forget_stdout() -> None:
    """Nobody reads it any more; Python would complain of that on its way out."""
    with suppress(OSError):  # it is none of the process's own
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
