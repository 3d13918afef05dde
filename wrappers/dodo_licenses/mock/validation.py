"""What a request may say: queries and JSON bodies, by the documentation's types and bounds. No I/O."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from dodo_licenses.mock.wire import Refusal

INT32_MAX = 2**31 - 1
_DIGITS = re.compile(r"[0-9]{1,10}")
# RFC 3339, which is stricter than what datetime.fromisoformat reads.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:[0-5]\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)

# Gets the name and the value of a field; gives the value back, or raises ValueError with a sentence.
Check = Callable[[str, Any], Any]


def that(is_right: Callable[[Any], object], wanted: str, read: Callable[[Any], Any] | None = None) -> Check:
    """The check of a condition, with what is wanted in words, and how a value is read that fulfils it."""

    def check(name: str, value: Any) -> Any:
        if not is_right(value):
            raise ValueError(f"{name} must be {wanted}")
        return value if read is None else read(value)

    return check


def is_number(value: Any) -> bool:
    """Whether it is one in JSON, where true is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    """Whether it is a string of characters that exist."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


true_or_false = that(lambda value: isinstance(value, bool), "true or false")
text = that(_is_text, "a string")
filled_text = that(lambda value: value and _is_text(value), "a string that is not empty")
anything = that(lambda _: True, "")
an_object = that(lambda value: isinstance(value, dict), "an object")
metadata = that(
    lambda its: isinstance(its, dict) and all(isinstance(value, str | int | float) for value in its.values()),
    "an object of strings, numbers and booleans",
)


def whole_number(low: int, high: int) -> Check:
    """A JSON number without a fraction (5.0 has none), in bounds."""
    return that(
        lambda value: is_number(value) and value == value // 1 and low <= value <= high,
        f"a whole number from {low} to {high}",
        int,
    )


def digits(low: int, high: int) -> Check:
    """A number as a query spells it."""
    number = whole_number(low, high)
    return lambda name, value: number(name, int(value) if _DIGITS.fullmatch(value) else value)


def one_of(*allowed: str, ignoring_case: bool = False) -> Check:
    """One of the documented values."""

    def folded(value: Any) -> Any:
        return value.lower() if ignoring_case and isinstance(value, str) else value

    known = {folded(value): value for value in allowed}
    return that(
        lambda value: isinstance(value, str) and folded(value) in known,
        f"one of {', '.join(allowed)}",
        lambda value: known[folded(value)],
    )


def list_of(check: Check) -> Check:
    """A list whose items all pass."""

    def check_all(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"{name} must be a list")  # noqa: TRY004 - of the request, not of the code
        return [check(f"{name}[{index}]", item) for index, item in enumerate(value)]

    return check_all


def moment(name: str, value: Any) -> datetime:
    """A date-time with its offset, as RFC 3339 has it; a leap second counts as the second before."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with contextlib.suppress(ValueError, OverflowError):  # of a day or an hour that doesn't exist
            return datetime.fromisoformat(value.upper().replace(":60", ":59")).astimezone(UTC)
    raise ValueError(f"{name} must be a date-time such as 2026-01-31T12:00:00Z")


def or_null(check: Check) -> Check:
    """The same, or null."""
    return lambda name, value: None if value is None else check(name, value)


limit = or_null(whole_number(0, INT32_MAX))  # of activations; null: none
PAGE: Mapping[str, Check] = {"page_size": digits(0, 100), "page_number": digits(0, INT32_MAX)}


def query(pairs: Iterable[tuple[str, str]], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The known parameters of a query, each given once at most.

    An empty one counts as absent: that is how the vendor's SDK for TypeScript sends null.
    """
    given = [(name, value) for name, value in pairs if name in checks and value]
    found = dict(given)
    if len(found) < len(given):
        raise Refusal(422, "INVALID_QUERY_PARAMS", "No parameter may be given twice.")
    return fields(found, {}, checks, code="INVALID_QUERY_PARAMS")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def json_of(content_type: str, content: bytes) -> Any:
    """What a body holds: 400 where it can't be read."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refusal(400, "INVALID_REQUEST_BODY", "The body must be application/json.")
    try:
        return json.loads(content.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "INVALID_REQUEST_BODY", "The body is not valid JSON.") from None


def record(where: str, value: Any, checks: Mapping[str, Check]) -> dict[str, Any]:
    """The fields of an object; ValueError names the one that is unknown or wrong."""
    for name in an_object(where, value):
        if name not in checks:
            known = ", ".join(sorted(checks)) or "nothing"
            raise ValueError(f"{where}.{name} is unknown; there may be {known}")
    return {name: checks[name](f"{where}.{name}", its) for name, its in value.items()}


def fields(
    data: Any,
    required: Mapping[str, Check],
    optional: Mapping[str, Check],
    code: str = "INVALID_REQUEST_BODY",
) -> dict[str, Any]:
    """The known fields of a body: 422 where one is missing or wrong."""
    if not isinstance(data, dict):
        raise Refusal(422, code, "The body must be an object")
    if missing := [name for name in required if name not in data]:
        raise Refusal(422, code, f"{missing[0]} must be given")
    checks = {**required, **optional}
    try:
        return {name: check(name, data[name]) for name, check in checks.items() if name in data}
    except ValueError as error:
        raise Refusal(422, code, str(error)) from None
