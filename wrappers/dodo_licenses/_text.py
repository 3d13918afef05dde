"""Text that somebody else wrote: what in it may be shown. Pure."""

from __future__ import annotations

import functools
import html
import json
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote_plus

_JOINERS = "\u200c\u200d"  # they join letters and emoji, and steer nothing
# What is shorter is found in too many words to be replaced, and is hardly a secret.
_SHORTEST_SECRET = 6
_REDACTED = "[redacted]"


def visible(text: str) -> str:
    r"""Text for people: whatever would steer a terminal, or hide or turn around what is read, as `\x1b`."""
    return escaped(text, lambda character: character.encode("unicode_escape").decode())


def escaped(text: str, escape: Callable[[str], str]) -> str:
    """Text in which only what steers nothing stays as it is."""
    if text.isprintable():
        return text
    return "".join(character if _is_harmless(character) else escape(character) for character in text)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"


def redacted(text: str, secrets: tuple[str, ...]) -> str:
    """Text without secrets, as they are or as a server may write them in JSON, addresses and web pages."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = _spellings(secret).sub(_REDACTED, text)
    return text


def redacted_bytes(content: bytes, secrets: tuple[str, ...]) -> bytes:
    """The same for UTF-8, or what should be."""
    return redacted(content.decode(errors="surrogateescape"), secrets).encode(errors="surrogateescape")


@functools.lru_cache(maxsize=16)
def _spellings(secret: str) -> re.Pattern[str]:
    """All backslashes are taken, and a text is a spelling in one way only: so it takes no time to fail."""
    parts = []
    for run, character in re.findall(r"(\\*)([^\\]|$)", secret, re.DOTALL):
        if run:
            parts.append(rf"(?:\\(?:u005c)?|{_numbered(chr(92))}){{{len(run)},}}+")
        if character:
            parts.append(_spelling(character, escaped_by=0 if run else 1))
    return re.compile("".join(parts), re.IGNORECASE)


def _spelling(character: str, escaped_by: int) -> str:
    """A character itself, escaped by so many backslashes or more, or by its number."""
    units = character.encode("utf-16-be").hex()
    plain = {re.escape(form) for form in (character, html.escape(character), quote_plus(character))}
    escapes = {json.dumps(character)[1:-1], character.encode("unicode_escape").decode()}
    letters = {re.escape(escape.lstrip("\\")) for escape in escapes} - {"", *plain}
    ways = {
        *(rf"\\{{0,9}}{form}" for form in plain),
        *(rf"\\{{{escaped_by},9}}{letter}" for letter in letters),
        "".join(rf"\\{{{escaped_by},9}}u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        _numbered(character),
    }
    return f"(?:{'|'.join(ways)})"


def _numbered(character: str) -> str:
    number = ord(character)
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in character.encode())
    return rf"{percent}|&\#(?:0*{number}|x0*{number:x});"
