"""What a request may say: queries and JSON bodies, by the documentation's types and bounds. No I/O."""

from __future__ import annotations

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


def _must(condition: object, name: str, wanted: str) -> None:
    if not condition:
        raise ValueError(f"{name} must be {wanted}")


def whole_number(low: int, high: int) -> Check:
    """A JSON number without a fraction (5.0 has none), in bounds; true is no number."""

    def check(name: str, value: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        is_whole = is_number and value == value // 1 and low <= value <= high
        _must(is_whole, name, f"a whole number from {low} to {high}")
        return int(value)

    return check


def digits(low: int, high: int) -> Check:
    """A number as a query spells it."""
    check = whole_number(low, high)
    return lambda name, value: check(name, int(value) if _DIGITS.fullmatch(value) else None)


def one_of(*allowed: str, ignoring_case: bool = False) -> Check:
    """One of the documented values."""
    known = {value.lower() if ignoring_case else value: value for value in allowed}

    def check(name: str, value: Any) -> str:
        given = value.lower() if ignoring_case and isinstance(value, str) else value
        _must(isinstance(given, str) and given in known, name, "one of " + ", ".join(allowed))
        return known[given]

    return check


def _of(kind: type, wanted: str) -> Check:
    def check(name: str, value: Any) -> Any:
        _must(isinstance(value, kind), name, wanted)
        return value

    return check


true_or_false = _of(bool, "true or false")
an_object = _of(dict, "an object")


def text(name: str, value: Any) -> str:
    """A string of characters that exist."""
    _must(isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value), name, "a string")
    return str(value)


def filled_text(name: str, value: Any) -> str:
    """A string that is not empty."""
    _must(text(name, value), name, "a string that is not empty")
    return str(value)


def metadata(name: str, value: Any) -> dict[str, Any]:
    """An object whose values are strings, numbers or booleans."""
    are_plain = all(isinstance(its, str | int | float) for its in an_object(name, value).values())
    _must(are_plain, name, "an object of strings, numbers and booleans")
    return dict(value)


def list_of(check: Check) -> Check:
    """A list whose items all pass."""

    def check_all(name: str, value: Any) -> list[Any]:
        _must(isinstance(value, list), name, "a list")
        return [check(f"{name}[{index}]", item) for index, item in enumerate(value)]

    return check_all


def anything(_: str, value: Any) -> Any:
    """Whatever it is."""
    return value


def moment(name: str, value: Any) -> datetime:
    """A date-time with its offset, as RFC 3339 has it; a leap second counts as the second before."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    is_one = isinstance(value, str) and _MOMENT.fullmatch(value)
    _must(is_one, name, "a date-time such as 2026-01-31T12:00:00Z")
    try:
        return datetime.fromisoformat(value.upper().replace(":60", ":59")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be a date-time that exists") from None


def or_null(check: Check) -> Check:
    """The same, or null."""
    return lambda name, value: None if value is None else check(name, value)


limit = or_null(whole_number(0, INT32_MAX))  # of activations; null: none
PAGE: Mapping[str, Check] = {"page_size": digits(0, 100), "page_number": digits(0, INT32_MAX)}


def query(pairs: Iterable[tuple[str, str]], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The known parameters of a query, each given once at most.

    An empty one counts as absent: that is how the vendor's SDK for TypeScript sends null.
    """
    found: dict[str, Any] = {}
    try:
        for name, value in pairs:
            if name in checks and value:
                _must(name not in found, name, "given once")
                found[name] = checks[name](name, value)
    except ValueError as error:
        raise Refusal(422, "INVALID_QUERY_PARAMS", str(error)) from None
    return found


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


def fields(data: Any, required: Mapping[str, Check], optional: Mapping[str, Check]) -> dict[str, Any]:
    """The known fields of a body: 422 where one is missing or wrong."""
    try:
        _must(isinstance(data, dict), "The body", "an object")
        for name in required:
            _must(name in data, name, "given")
        checks = {**required, **optional}
        return {name: check(name, data[name]) for name, check in checks.items() if name in data}
    except ValueError as error:
        raise Refusal(422, "INVALID_REQUEST_BODY", str(error)) from None
