"""What a caller may pass, checked before a request is sent. Pure.

Each function returns the value as the generated client wants it, or raises InvalidArgumentError with a
sentence that names the argument and what is allowed. The value itself is shown only where it can't be secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Concatenate, ParamSpec, TypeVar

from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses_api.types import UNSET, Unset

E = TypeVar("E", bound=StrEnum)
P = ParamSpec("P")
T = TypeVar("T")

# Whatever else a path could hold (a slash, a question mark, "..") would reach another operation.
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")
INT32_MAX = 2**31 - 1


def whole_number(name: str, value: object, low: int, high: int = INT32_MAX) -> int:
    """Accept a whole number from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidArgumentError(f"{name} must be a whole number from {low} to {high}, not {value!r}")
    return value


def flag(name: str, value: object) -> bool:
    """Accept True or False."""
    if not isinstance(value, bool):
        raise InvalidArgumentError(f"{name} must be True or False, not {value!r}")
    return value


def identifier(name: str, value: object) -> str:
    """Accept an id as the API makes them: letters, digits, `_` and `-`."""
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise InvalidArgumentError(f"{name} must be an id of letters, digits, '_' and '-', not {value!r}")
    return value


def text(name: str, value: object) -> str:
    """Accept a string that is not blank. The value may be a secret and is not shown."""
    if not isinstance(value, str) or not value.strip():
        found = "a blank string" if isinstance(value, str) else type(value).__name__
        raise InvalidArgumentError(f"{name} must be a string that is not blank, not {found}")
    return value


def pasted(name: str, value: object) -> str:
    """Accept a license key as a person pastes it, with blanks around it."""
    return text(name, value).strip()


def choice(name: str, value: object, kind: type[E]) -> E:
    """Accept one of the values that the spec names; newer ones are known from replies only."""
    allowed = list(kind)
    if not isinstance(value, str) or value not in allowed:
        listed = ", ".join(repr(str(member)) for member in allowed)
        raise InvalidArgumentError(f"{name} must be one of {listed}, not {value!r}")
    return kind(value)


def moment(name: str, value: object) -> datetime:
    """Accept a datetime that knows its time zone, and give it back in UTC."""
    if not isinstance(value, datetime):
        raise InvalidArgumentError(f"{name} must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise InvalidArgumentError(
            f"{name} has no time zone, so what moment it means is unknown: "
            f"add one, such as value.replace(tzinfo=timezone.utc)"
        )
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidArgumentError(f"{name} lies outside the years 1 to 9999 in UTC") from None


def optional(
    check: Callable[Concatenate[str, object, P], T],
    name: str,
    value: object,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | Unset:
    """Check an argument that may be left out, which None says."""
    return UNSET if value is None else check(name, value, *args, **kwargs)


def nullable(
    check: Callable[Concatenate[str, object, P], T],
    name: str,
    value: object,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | Unset | None:
    """Check an argument that may be left out, which UNSET says, or be null, which None says."""
    if value is None or isinstance(value, Unset):
        return value
    return check(name, value, *args, **kwargs)
