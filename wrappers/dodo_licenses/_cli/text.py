"""Text that somebody else wrote, on its way to a person's terminal, a program or a spreadsheet."""

from __future__ import annotations

import json
import re
from typing import Any

from dodo_licenses._text import escaped, visible

_LONG = 60
_MASKED = 8
# Where spreadsheets begin a formula: in some countries `;` divides cells. A quote there says "this is text".
_FORMULA = r"^(?='*[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?=[\s']*[=+\-@＝＋－＠])"  # noqa: RUF001 - the wide forms, too
_MARK = re.compile(_FORMULA)
_MARKED = re.compile(_FORMULA.replace("(?=", "'(?="))


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
    return _MARK.sub("'", cell) if isinstance(cell, str) else cell


def from_spreadsheet(cell: str) -> str:
    """The same cell as it was before."""
    return _MARKED.sub("", cell)
