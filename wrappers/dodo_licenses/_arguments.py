"""What a caller may pass, checked before a request is sent. Pure.

Each function returns the value as it is sent, or raises InvalidArgumentError with a sentence that names the
argument and what is allowed. The value itself is shown only where it can't be secret, and where it is short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses_api.operations import Parameter

E = TypeVar("E", bound=StrEnum)
M = TypeVar("M")

# Whatever else a path could hold (a slash, a question mark, "..") would reach another operation.
_IN_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_SHOWN = 40
INT32_MAX = 2**31 - 1


def _refused(name: str, allowed: str, value: object, shown: str | None = None) -> InvalidArgumentError:
    return InvalidArgumentError(f"{name} must be {allowed}, not {_shown(value) if shown is None else shown}")


def whole_number(name: str, value: object, low: int, high: int = INT32_MAX) -> int:
    """Accept a whole number from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _refused(name, f"a whole number from {low} to {high}", value)
    return value


def flag(name: str, value: object) -> bool:
    """Accept True or False."""
    if not isinstance(value, bool):
        raise _refused(name, "True or False", value)
    return value


def identifier(name: str, value: object) -> str:
    """Accept an id as the API makes them. What is none may be a license key and is not shown."""
    if value == "":  # in the words of the vendor's SDK, which has tests of them
        raise InvalidArgumentError(f"Expected a non-empty value for `{name}` but received {value!r}")
    wrong = _IN_NO_IDENTIFIER.search(value) if isinstance(value, str) else None
    if not isinstance(value, str) or wrong is not None:
        found = None if wrong is None else f"one with {wrong[0]!r} in it"
        raise _refused(name, "an id of letters, digits, '_' and '-'", value, found)
    return value


def checked_text(name: str, value: object) -> str:
    """Accept a string that is not blank. The value may be a secret and is not shown."""
    if not isinstance(value, str) or not value.strip():
        found = "a blank string" if isinstance(value, str) else type(value).__name__
        raise _refused(name, "a string that is not blank", value, found)
    return _whole(name, value)


def _whole(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(
            f"{name} holds half a character (a lone surrogate, at {error.start}), which no text can have"
        ) from None
    return text


def checked_license_key(name: str, value: object) -> str:
    """Accept a license key as a person pastes it, with blanks around it."""
    return checked_text(name, value).strip()


def choice(name: str, value: object, kind: type[E]) -> E:
    """Accept one of the values that the spec names; newer ones are known from replies only."""
    allowed = list(kind)
    if not isinstance(value, str) or value not in allowed:
        raise _refused(name, f"one of {', '.join(repr(str(member)) for member in allowed)}", value)
    return kind(value)


def checked_datetime(name: str, value: object) -> str:
    """Accept a moment, as a datetime or an ISO string, that knows its time zone."""
    moment, is_text = value, isinstance(value, str)
    with suppress(ValueError):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise _refused(name, "a datetime, or a string such as '2026-12-31T00:00:00Z'", value)
    if moment.utcoffset() is None:
        advice = "end it with Z" if is_text else "add one, such as value.replace(tzinfo=timezone.utc)"
        raise InvalidArgumentError(f"{name} has no time zone, so what moment it means is unknown: {advice}")
    try:
        return moment.astimezone(UTC).isoformat()
    except OverflowError:
        raise InvalidArgumentError(f"{name} lies outside the years 1 to 9999 in UTC") from None


def mapping(name: str, value: Mapping[str, M] | None) -> Mapping[str, M]:
    """Accept a mapping; None is an empty one. What it holds may be secret and is not shown."""
    if value is not None and not isinstance(value, Mapping):
        raise _refused(name, "a mapping", value, type(value).__name__)
    return {} if value is None else value


def checked_query(query: Mapping[str, object] | None, name: str = "default_query") -> Mapping[str, str]:
    """Accept query parameters that can be sent."""
    checked = {}
    for parameter, value in mapping(name, query).items():
        if not isinstance(parameter, str) or not isinstance(value, str | int | float):
            raise InvalidArgumentError(f"{name}: {parameter!r} must be a string, a number or a boolean")
        checked[_whole(name, parameter)] = _whole(name, in_query(value))
    return checked


def in_query(value: object) -> str:
    """A value as a query has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


_CHECKS: Mapping[str, Callable[[str, object], Any]] = {
    "identifier": identifier,
    "text": checked_text,
    "trimmed": checked_license_key,
    "boolean": flag,
    "datetime": checked_datetime,
}


def checked(parameter: Parameter, value: object, *, typed_in: bool = False) -> Any:  # noqa: ANN401 - of its kind
    """Accept what an operation's parameter may be.

    What a stranger may have typed in, the license key of the public operations, is for the API to judge,
    whatever it holds: an application that handles the API's errors needs no second handler.
    """
    if typed_in and parameter.kind == "trimmed" and isinstance(value, str):
        return value.encode(errors="replace").decode().strip()
    if parameter.enum is not None:
        return choice(parameter.name, value, parameter.enum)
    if parameter.kind == "integer":
        return whole_number(parameter.name, value, parameter.minimum, parameter.maximum)
    return _CHECKS[parameter.kind](parameter.name, value)


def _shown(value: object) -> str:
    """A refused value, where it is one that a person would read."""
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return f"a string of {len(value)} characters"
    is_short = not isinstance(value, int) or abs(value) < 10**_LONGEST_SHOWN
    if is_short and isinstance(value, str | int | float | None):
        return repr(value)
    return f"one of the type {type(value).__name__}"
