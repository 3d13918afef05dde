"""Text that somebody else wrote, on its way to a person's terminal, a program or a spreadsheet."""

from __future__ import annotations

import json
import re
from typing import Any

from dodo_licenses._text import escaped, visible

_LONG = 60
_MASKED = 8
# What spreadsheets take for the beginning of a formula; a quote before it is theirs for "this is text".
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - spreadsheets read the wide forms, too


def to_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """JSON in a line, with the same characters escaped, so that it says the same and steers nothing."""
    return escaped(json.dumps(value, ensure_ascii=False), lambda character: json.dumps(character)[1:-1])


def quoted(text: str) -> str:
    """What somebody wrote, for a sentence about it: safe to read and not too long."""
    return f"'{visible(text[:_LONG])}{'…' if len(text) > _LONG else ''}'"


def masked(secret: str) -> str:
    """The end of a key string, enough to tell it from others on a screen."""
    return f"…{visible(secret[-4:])}" if len(secret) > _MASKED else "…"


def for_spreadsheet(cell: Any) -> Any:  # noqa: ANN401 - numbers and None pass
    """A cell that a spreadsheet shows instead of computing it."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def from_spreadsheet(cell: str) -> str:
    """The same cell as it was before."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
