"""What a caller sees of each fault: measured against a misbehaving server, and kept in docs/errors.md.

UPDATE_DOCS=1 writes the table; otherwise the test fails where it isn't what was measured.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import formatdate
from itertools import repeat
from pathlib import Path

import misbehaving as m

from dodo_licenses import DodoPaymentsError

DOCS = Path(__file__).parents[1] / "docs" / "errors.md"
BEGIN, END = "<!-- faults: written by the tests -->", "<!-- end of faults -->"
REFUSED, REDIRECT, DATED = "refused", "redirect", "date"  # no server, and what has to be made at the time
OK = "the result"
BROKE, LATE = "APIConnectionError", "APITimeoutError"
SEAT = ", a seat may be taken"


@dataclass(frozen=True)
class Row:
    """A fault, what an operation makes of it, and how many requests the server saw."""

    fault: str
    script: tuple
    call: str
    seen: str
    requests: int
    timeout: float = 30.0


def repeated(fault, played, seen):
    """A fault after which a read is tried again, and an activation isn't."""
    return [
        Row(f"{fault}, once", (played,), "read", OK, 2),
        Row(f"{fault}, for ever", (played,) * 9, "read", seen, 3),
        Row(fault, (played,) * 9, "activate", seen + SEAT, 1),
    ]


ROWS = [
    Row("connection refused", (REFUSED,), "read", BROKE, 0),
    Row("connection refused", (REFUSED,), "activate", BROKE, 0),
    *repeated("reset before the reply", m.reset, BROKE),
    *repeated("reset in the middle of the reply", m.RESET_IN_BODY, BROKE),
    *repeated("reply cut short", m.TRUNCATED, BROKE),
    *repeated("chunks that are none", m.BROKEN_CHUNKS, BROKE),
    *repeated("not HTTP", m.NOT_HTTP, BROKE),
    *repeated("broken gzip", m.BROKEN_GZIP, BROKE),
    Row("no reply", (m.stall,) * 9, "read", LATE, 1, 1.0),
    Row("no reply", (m.stall,) * 9, "activate", LATE + SEAT, 1, 1.0),
    Row("head a byte at a time", (m.TRICKLED_HEAD,), "read", LATE, 1, 1.0),
    Row("body a byte at a time", (m.TRICKLED_BODY,), "read", LATE, 1, 1.0),
    Row("body without an end", (m.ENDLESS,), "read", "ResponseValidationError", 1),
    Row("Content-Length too small", (m.TOO_SHORT_LENGTH,), "read", "ResponseValidationError", 1),
    Row("a web page with status 200", (m.HTML,), "read", "ResponseValidationError", 1),
    Row("a web page with status 200", (m.HTML,), "activate", "ResponseValidationError" + SEAT, 1),
    *repeated("500", m.failure(500), "InternalServerError"),
    *repeated("502", m.failure(502), "InternalServerError"),
    *repeated("504", m.failure(504), "InternalServerError"),
    *repeated("408", m.failure(408), "APIStatusError"),
    *repeated("503 of a gateway", m.answer(503, b"upstream reset", "text/plain"), "InternalServerError"),
    Row("503 of the API, twice", (m.failure(503),) * 2, "read", OK, 3),
    Row("503 of the API, twice", (m.failure(503),) * 2, "activate", OK, 3),
    Row("503 of the API, for ever", (m.failure(503),) * 9, "activate", "InternalServerError", 3),
    Row("503 with Retry-After: 1", (m.failure(503, Retry_After="1"),), "read", OK, 2),
    Row("503 with Retry-After: 90", (m.failure(503, Retry_After="90"),), "read", "InternalServerError", 1),
    Row("520, which no list knows", (m.failure(520),), "read", "InternalServerError", 1),
    Row("499, which no list knows", (m.failure(499),), "read", "APIStatusError", 1),
    Row("429 with Retry-After: 1", (m.failure(429, Retry_After="1"),), "read", OK, 2),
    Row("429 with Retry-After: 1", (m.failure(429, Retry_After="1"),), "activate", OK, 2),
    Row("429 with Retry-After: 90", (m.failure(429, Retry_After="90"),), "read", "RateLimitError", 1),
    Row("429 with a date", (DATED,), "read", OK, 2),
    Row("429 without Retry-After", (m.failure(429),), "read", OK, 2),
    Row("429 with an unreadable one", (m.failure(429, Retry_After="soon"),), "read", OK, 2),
    Row("redirect to another host", (REDIRECT,), "read", "APIStatusError", 1),
    Row("401", (m.failure(401),), "read", "AuthenticationError", 1),
    Row("403", (m.failure(403),), "activate", "PermissionDeniedError", 1),
    Row("404 with an empty body", (m.answer(404),), "read", "NotFoundError", 1),
]


def make(client, call):
    if call == "read":
        return client.license_keys.retrieve("lic_1")
    return client.licenses.activate(license_key="DEMO-1", name="laptop")


def measured(row, face):
    """What the caller saw, how many requests came, and how many to where it was sent on."""
    elsewhere = m.MisbehavingServer()
    made = {
        REDIRECT: m.answer(307, Location=f"{elsewhere.base_url}/license_keys/lic_1"),
        DATED: m.failure(429, Retry_After=formatdate(time.time() + 2, usegmt=True)),
    }
    with elsewhere, m.MisbehavingServer(*(made.get(fault, fault) for fault in row.script)) as server:
        base_url = "http://127.0.0.1:9" if row.script == (REFUSED,) else server.base_url
        settings = {"bearer_token": m.API_KEY, "timeout": row.timeout, "rate_limit": None}
        try:
            with face.client(base_url=base_url, **settings) as client:
                make(client, row.call)
            seen = OK
        except DodoPaymentsError as error:
            seen = type(error).__name__ + (SEAT if error.activation_name else "")
        return seen, len(server.requests), len(elsewhere.requests)


def test_faults_are_met_as_the_table_says(face):
    """All rows at once, since most of them wait."""
    with ThreadPoolExecutor(32) as pool:
        results = pool.map(measured, ROWS, repeat(face))
    told = {f"{row.fault}, {row.call}": (row.seen, row.requests, 0) for row in ROWS}
    assert dict(zip(told, results, strict=True)) == told


def test_the_table_in_the_documentation_is_this_one():
    lines = ["| fault | call | the caller sees | requests |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.fault} | {row.call} | {row.seen} | {row.requests} |" for row in ROWS]
    before, _, rest = DOCS.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join([before + BEGIN, "", *lines, "", END + after])
    if os.environ.get("UPDATE_DOCS"):
        DOCS.write_text(text)
    assert DOCS.read_text() == text, "run the tests with UPDATE_DOCS=1"
