"""What a caller sees of each fault: measured against a misbehaving server, and kept in docs/errors.md.

UPDATE_DOCS=1 writes the table; otherwise the test fails where it isn't what was measured.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import misbehaving as m
import pytest

from dodo_licenses import AsyncDodoPayments, DodoPayments, DodoPaymentsError

DOCS = Path(__file__).parents[1] / "docs" / "errors.md"
BEGIN, END = "<!-- faults: written by the tests -->", "<!-- end of faults -->"
TIMEOUT = 2.0


def in_two_seconds():
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@dataclass(frozen=True)
class Row:
    """A fault, what an operation makes of it, how many requests the server saw and how long it took."""

    fault: str
    script: tuple
    operation: str
    seen: str
    requests: int
    at_most: float
    at_least: float = 0.0


REFUSED = "refused"  # no server at all
FOR_EVER = 20
BACKOFF = {1: 1.0, 2: 2.5}  # seconds at most for so many retries: 0.5 and 1.0, plus what a busy machine needs
WAITED = "APITimeoutError"
BROKE = "APIConnectionError"
SEAT = ", a seat may be taken"


def repeated(fault, script, seen, *, activate):
    """A fault that is retried twice, and how activate meets it."""
    return [
        Row(f"{fault}, once", script, "read", "the result", 2, BACKOFF[1]),
        Row(f"{fault}, for ever", script * FOR_EVER, "read", seen, 3, BACKOFF[2]),
        Row(fault, script * FOR_EVER, "activate", *activate),
    ]


ROWS = [
    Row("connection refused", (REFUSED,), "read", BROKE, 0, BACKOFF[2]),
    Row("connection refused", (REFUSED,), "activate", BROKE, 0, BACKOFF[2]),
    *repeated("reset before the reply", (m.reset,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    *repeated("reset in the middle of the reply", (m.RESET_IN_BODY,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    *repeated("reply cut short", (m.TRUNCATED,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    *repeated("chunks that are none", (m.BROKEN_CHUNKS,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    *repeated("not HTTP", (m.NOT_HTTP,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    *repeated("broken gzip", (m.BROKEN_GZIP,), BROKE, activate=(BROKE + SEAT, 1, 1.0)),
    Row("no reply", (m.stall,) * FOR_EVER, "read", WAITED, 1, TIMEOUT + 1, TIMEOUT),
    Row("no reply", (m.stall,) * FOR_EVER, "activate", WAITED + SEAT, 1, TIMEOUT + 1, TIMEOUT),
    Row("head a byte at a time", (m.TRICKLED_HEAD,), "read", WAITED, 1, TIMEOUT + 1, TIMEOUT),
    Row("body a byte at a time", (m.TRICKLED_BODY,), "read", WAITED, 1, TIMEOUT + 1, TIMEOUT),
    Row("Content-Length too small", (m.TOO_SHORT_LENGTH,), "read", "ResponseValidationError", 1, 1.0),
    Row("a web page with status 200", (m.HTML,), "read", "ResponseValidationError", 1, 1.0),
    Row("a web page with status 200", (m.HTML,), "activate", "ResponseValidationError" + SEAT, 1, 1.0),
    *repeated(
        "500", (m.failure(500),), "InternalServerError", activate=("InternalServerError" + SEAT, 1, 1.0)
    ),
    *repeated(
        "502", (m.failure(502),), "InternalServerError", activate=("InternalServerError" + SEAT, 1, 1.0)
    ),
    *repeated(
        "503", (m.failure(503),), "InternalServerError", activate=("InternalServerError", 3, BACKOFF[2])
    ),
    *repeated(
        "504", (m.failure(504),), "InternalServerError", activate=("InternalServerError" + SEAT, 1, 1.0)
    ),
    *repeated("408", (m.failure(408),), "APIStatusError", activate=("APIStatusError" + SEAT, 1, 1.0)),
    Row("503, twice", (m.failure(503),) * 2, "activate", "the result", 3, BACKOFF[2]),
    Row("503 with Retry-After: 1", (m.failure(503, Retry_After="1"),), "read", "the result", 2, 2.5, 1.0),
    Row(
        "503 with Retry-After: 90", (m.failure(503, Retry_After="90"),), "read", "InternalServerError", 1, 0.5
    ),
    Row("520, which no list knows", (m.failure(520),), "read", "InternalServerError", 1, 1.0),
    Row("499, which no list knows", (m.failure(499),), "read", "APIStatusError", 1, 1.0),
    Row("429 with Retry-After: 1", (m.failure(429, Retry_After="1"),), "read", "the result", 2, 2.5, 1.0),
    Row("429 with Retry-After: 1", (m.failure(429, Retry_After="1"),), "activate", "the result", 2, 2.5, 1.0),
    Row("429 with a date", ("date",), "read", "the result", 2, 3.5, 0.9),
    Row("429 without Retry-After", (m.failure(429),), "read", "the result", 2, 3.5, 2.0),
    Row(
        "429 with an unreadable one", (m.failure(429, Retry_After="soon"),), "read", "the result", 2, 3.5, 2.0
    ),
    Row("redirect to another host", ("redirect",), "read", "APIStatusError", 1, 1.0),
    Row("401", (m.failure(401),), "read", "AuthenticationError", 1, 1.0),
    Row("404 with an empty body", (m.answer(404),), "read", "NotFoundError", 1, 1.0),
]


def seen_by(error):
    return type(error).__name__ + (SEAT if error.activation_name else "")


SETTINGS = {"bearer_token": "sk_secret", "timeout": TIMEOUT, "rate_limit": None}


def call(client, operation):
    if operation == "read":
        return client.license_keys.retrieve("lic_1")
    return client.licenses.activate(license_key="DEMO-1", name="laptop")


@contextmanager
def run_sync(base_url, operation):
    with DodoPayments(base_url=base_url, **SETTINGS) as client:
        yield lambda: call(client, operation)


@contextmanager
def run_async(base_url, operation):
    with asyncio.Runner() as runner:
        client = AsyncDodoPayments(base_url=base_url, **SETTINGS)
        yield lambda: runner.run(call(client, operation))
        runner.run(client.close())


def measure(job):
    row, run = job
    elsewhere = m.MisbehavingServer()
    moved = m.answer(307, Location=f"{elsewhere.base_url}/license_keys/lic_1")
    dated = m.failure(429, Retry_After=in_two_seconds())
    script = [{"redirect": moved, "date": dated}.get(fault, fault) for fault in row.script]
    with elsewhere, m.MisbehavingServer(*script) as server, socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # taken, so that nobody else will listen there
        refusing = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        base_url = refusing if row.script == (REFUSED,) else server.base_url
        with run(base_url, row.operation) as attempt:
            began = time.monotonic()
            try:
                attempt()
                seen, error = "the result", None
            except DodoPaymentsError as caught:
                seen, error = seen_by(caught), caught
            seconds = time.monotonic() - began
        return seen, len(server.requests), seconds, error, len(elsewhere.requests)


JOBS = [(row, run) for row in ROWS for run in (run_sync, run_async)]


@pytest.fixture(scope="module")
def measured():
    """All rows at once, since most of them wait; without jitter, so that what they take is known."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(16) as pool:
        patch.setattr("random.uniform", lambda _, high: high)
        return dict(zip(JOBS, pool.map(measure, JOBS), strict=True))


@pytest.mark.parametrize("job", JOBS, ids=lambda j: f"{j[0].fault}-{j[0].operation}-{j[1].__name__}")
def test_a_fault_is_met_as_the_table_says(measured, job):
    row = job[0]
    seen, requests, seconds, error, elsewhere = measured[job]
    assert (seen, requests) == (row.seen, row.requests), error
    assert row.at_least <= seconds <= row.at_most
    assert elsewhere == 0
    assert "sk_secret" not in repr(error) + str(error) + str(vars(error) if error else "")
    assert "httpx" not in type(getattr(error, "__context__", None)).__module__


def test_the_table_in_the_documentation_is_this_one(measured):
    lines = [
        "| fault | call | the caller sees | requests | takes at most |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.fault} | {row.operation} | {measured[row, run_sync][0]} "
        f"| {measured[row, run_sync][1]} | {row.at_most:g} s |"
        for row in ROWS
    ]
    before, _, rest = DOCS.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join([before + BEGIN, "", *lines, "", END + after])
    if os.environ.get("UPDATE_DOCS"):
        DOCS.write_text(text)
    assert DOCS.read_text() == text, "run the tests with UPDATE_DOCS=1"
