"""What commands are told: options that several of them have, and how values are written."""

from __future__ import annotations

import functools
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dodo_licenses._cli.text import quoted
from dodo_licenses._errors import InvalidArgumentError

if TYPE_CHECKING:
    from dodo_licenses_api.operations import Parameter

F = TypeVar("F", bound=Callable[..., Any])

_NONE = ("none", "never", "unlimited", "∞")  # what takes a limit or an expiry away
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Command(click.Command):
    """A command whose options are given once; the filters of the operation `filters` are options, too."""

    def __init__(self, *args: Any, filters: str | None = None, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **settings)
        self._filters = filters

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The options that stand in the code, after those that the spec has."""
        if self._filters is not None:
            from dodo_licenses_api.operations import OPERATIONS  # noqa: PLC0415 - slower than all of the help

            asked, self._filters = OPERATIONS[self._filters].parameters, None
            filters = [one for one in asked if one.place == "query" and one.kind != "integer"]
            self.params[:0] = map(_filter_option, filters)
        return super().get_params(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an option that is given twice, of which only the last would count."""
        order = [] if ctx.resilient_parsing else self.make_parser(ctx).parse_args(list(args))[2]
        for option in order:
            if isinstance(option, click.Option) and not option.multiple and order.count(option) > 1:
                raise click.UsageError(f"{option.opts[-1]} is given twice.", ctx)
        return super().parse_args(ctx, args)


class Group(click.Group):
    """Lists its commands in the order that they were added in; without one it shows its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """The names of the commands."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Nothing asks for help."""
        return super().parse_args(ctx, args or ["--help"])


command: Callable[..., Callable[..., Command]] = functools.partial(click.command, cls=Command)


def _filter_option(parameter: Parameter) -> click.Option:
    """The option for a filter, described by what the spec says of it."""
    kind: Any = str
    metavar: str | None = "ID" if parameter.kind == "identifier" else "TEXT"
    about = f"Only those of this {parameter.name.removesuffix('_id').replace('_', ' ')}."
    if parameter.enum is not None:
        kind, metavar = click.Choice([str(value) for value in parameter.enum]), None
        about = f"Only those with this {parameter.name}."
    elif parameter.kind == "datetime":
        is_end = parameter.name.endswith("_lte")
        kind, metavar = end if is_end else beginning, "DATE"
        word, way = parameter.name.partition("_")[0], "earlier" if is_end else "later"
        about = f"Only those {word} on that day (UTC) or {way}."
    return click.Option([f"--{parameter.name.replace('_', '-')}"], type=kind, metavar=metavar, help=about)


def end(value: str) -> datetime:
    """The end of a day in UTC, or a time of day with its offset."""
    return beginning(value, time.max)


def beginning(value: str, of_a_day: time = time.min) -> datetime:
    """The beginning of a day in UTC, or a time of day with its offset."""
    try:
        return datetime.combine(date.fromisoformat(value), of_a_day, UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        wrong = f"{quoted(value)} is not a date such as 2027-01-31 or 2027-01-31T12:00:00Z."
        raise click.BadParameter(wrong) from None
    if moment.tzinfo is None:
        raise click.BadParameter(f"{quoted(value)} has no time zone: write {value}Z for UTC, or its offset.")
    return moment


def duration(value: str) -> timedelta:
    """How long, such as 90d: hours, days or weeks."""
    written = re.fullmatch(r"([0-9]{1,5})([hdw])", value)
    if written is None:
        raise click.BadParameter(f"{quoted(value)} is not a time such as 36h, 90d or 12w.")
    return timedelta(**{_UNITS[written[2]]: int(written[1])})


def number(value: str) -> int:
    """A whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,10}", value):
        raise click.BadParameter(f"{quoted(value)} is neither a whole number from 0 nor 'none'.")
    return int(value)


def limits(command: F) -> F:
    """The options `--limit` and `--expires`, as they are written; `changes` reads them."""
    about = "When it stops working; a day begins at 0:00 UTC."
    command = click.option("--expires", "expires_at", metavar="DATE|never", help=about)(command)
    about = "How many activations it may have at once."
    return click.option("--limit", "activations_limit", metavar="N|none", help=about)(command)


def changes(written: Mapping[str, str | None]) -> dict[str, Any]:
    """What `--limit` and `--expires` say, where they are given; None takes it away."""
    readers: Mapping[str, Callable[[str], Any]] = {"activations_limit": number, "expires_at": beginning}
    read = {}
    for name, value in written.items():
        try:
            if value is not None:
                read[name] = None if value in _NONE else readers[name](value)
        except click.BadParameter as error:
            raise InvalidArgumentError(f"{name}: {error.message}") from None
    return read


def license_key(*, required: bool = True) -> Callable[[F], F]:
    """The argument KEY, which `-` keeps out of the shell's history; where it may lack, a person is asked."""

    def read(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
        if not ctx.resilient_parsing and not (value := read_key(value)):
            raise click.UsageError("Give a KEY, or `-` to read it from stdin.", ctx)
        return value

    return click.argument("key", metavar="KEY" if required else "[KEY]", required=required, callback=read)


def read_key(value: str | None) -> str:
    """A license key as it was given; `-` is what stdin holds, or the answer of a person there."""
    if value is None or value == "-":
        if sys.stdin.isatty():
            value = str(click.prompt("License key (not shown)", hide_input=True, err=True))
        else:
            value = "" if value is None else sys.stdin.read()
    if "\n" in value.strip():
        raise click.UsageError("Give one license key at a time, not several lines.")
    return value.strip()


def ids(command: F) -> F:
    """The argument ID..., of which `-` reads more from stdin."""

    def read(ctx: click.Context, _: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
        return words if ctx.resilient_parsing else read_words(words)

    return click.argument("ids", nargs=-1, required=True, metavar="ID...", callback=read)(command)


def read_words(words: Iterable[str]) -> tuple[str, ...]:
    """Words, each once, with those on stdin in the place of `-`: all of them before anything is done."""
    read = (sys.stdin.read().split() if word == "-" else [word.strip()] for word in words)
    return tuple(dict.fromkeys(itertools.chain.from_iterable(read)))
