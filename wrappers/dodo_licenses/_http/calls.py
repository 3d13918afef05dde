"""One call on its way: what httpx reports is noted for who decides, and becomes a reply or an error."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, NoReturn

import httpx

from dodo_licenses._errors import (
    APIConnectionError,
    APITimeoutError,
    DodoPaymentsError,
    ResponseValidationError,
)
from dodo_licenses._http.attempts import Attempts
from dodo_licenses._http.deadlines import Until, now
from dodo_licenses._http.pacing import Pace
from dodo_licenses._http.wire import Sender
from dodo_licenses._messages import Reply, Request, said_by_api
from dodo_licenses._text import redacted

logger = logging.getLogger("dodo_licenses")

BROKEN = (httpx.HTTPError, httpx.StreamError, OSError)
# What breaks before a request is sent.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# Packed replies that httpx unpacks within bounds: 64 KiB as they come are 64 MiB at most.
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")  # not of what was unpacked
_LARGEST_BODY = 32 * 2**20
_FIRST_REFUSAL = 300
_TOO_MANY_REQUESTS = 429
_LONGEST_RETRY_AFTER = 60.0


class Call:
    """One call on its way: what decides on its attempts, and what came of the last of them."""

    def __init__(self, sender: Sender[Any], request: Request, pace: Pace, patience: float | None) -> None:
        settings = sender.settings
        self.request = request
        self.attempts = Attempts(
            repeatable=request.operation.repeatable,
            timeout=settings.seconds,
            max_retries=settings.max_retries,
            patience=patience,
            now=now(),
        )
        self._sender = sender
        self._settings = settings
        self._pace = pace
        self._paused_before = pace.paused_before(now())
        self._sent_at = 0.0
        self._answer: Reply | None = None
        self._failure: APIConnectionError | None = None

    def pause(self) -> float | None:
        """Seconds to sleep before the next attempt, 0 where it is time for it; None where there is none."""
        return self.attempts.pause(now())

    def has_no_patience(self) -> bool:
        """Whether the pauses that the server asked for are longer than this call waits; then it is over."""
        if self._paused() <= self.attempts.patience:
            return False
        self.attempts.give_up()
        if self._failure is None:
            self._failure = self._failed(
                APITimeoutError,
                f"the rate limit of {self._settings.base_url} is used up for longer than "
                f"the {self.attempts.patience:g} s that this call waits for it",
            )
        return True

    def begin(self, waited: float) -> None:
        """Note that the next attempt goes out, after so many seconds in line."""
        self._sent_at = now()
        self._pace.sent(self._sent_at)
        self.attempts.begin(self._sent_at, waited)

    def outgoing(self, trace: Callable[..., Any], check: Callable[[], object] | None = None) -> httpx.Request:
        """The request as it is sent, with time-outs that know when they end."""
        self._is_traced = self._is_fresh = self._was_written = self._is_answered = False
        self.until = until = Until.moment(self.attempts.end, check)
        connect = Until.moment(min(until.end, now() + self._settings.connect_seconds))
        timeouts = {"connect": connect, "read": until, "write": until, "pool": until}
        return self._sender.outgoing(self.request, {"timeout": timeouts, "trace": trace})

    def trace(self, event: str, info: Mapping[str, Any]) -> bool:
        """Take note of what httpcore does; whether `until` has moved because of it."""
        self._is_traced = True
        if event.endswith("connect_tcp.started"):
            self._is_fresh = True
        elif event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self._was_written = True
            if not self._is_fresh:
                self.until.end = self.attempts.reused_end
                return True
        elif event.endswith("receive_response_headers.complete"):
            self._is_answered = True
            self.until.end = self.attempts.end
            return not self._is_fresh
        return False

    @property
    def met_silence(self) -> bool:
        """Whether a connection that was used before may have died: nothing came on it."""
        return self._was_written and not self._is_fresh and not self._is_answered

    def came(self, response: httpx.Response, content: bytes) -> None:
        """Note an answer, whatever it says."""
        status, moment = response.status_code, now()
        asked_to_wait = _asked_to_wait(response.headers.get("Retry-After", "").strip())
        if status == _TOO_MANY_REQUESTS:
            self._pace.refused(moment, self._sent_at, asked_to_wait)
            self.attempts.refused(self._paused())
        else:
            self._pace.accepted(self._sent_at)
            by_api = status < _FIRST_REFUSAL or said_by_api(content)[0] is not None
            self.attempts.answered(moment, status, asked_to_wait=asked_to_wait, by_api=by_api)
        self._answer = Reply(
            status_code=status,
            headers=response.headers,
            content=content,
            server=self._settings.server,
            as_httpx=partial(as_httpx, self.request, self._settings.base_url, status),
            secrets=self._settings.secrets,
        )
        self._log(str(status), logging.DEBUG if status < _FIRST_REFUSAL else logging.INFO)

    def broke(self, error: Exception) -> None:
        """Note that no answer came."""
        sent = not isinstance(error, _NEVER_SENT) and (self._was_written or not self._is_traced)
        self.attempts.broke(now(), sent=sent)
        base_url, settings = self._settings.base_url, self._settings
        kind, why = APIConnectionError, self.redacted(str(error))
        said = f"the connection to {base_url} broke ({why or type(error).__name__})"
        if isinstance(error, httpx.ConnectTimeout):
            kind = APITimeoutError
            said = f"{base_url} could not be connected to in {settings.connect_seconds:g} s"
        elif isinstance(error, httpx.TimeoutException | TimeoutError):
            kind, said = APITimeoutError, f"{base_url} did not answer in {settings.seconds or 0:g} s"
        elif isinstance(error, httpx.ConnectError):
            said = f"{base_url} cannot be reached ({why}): check the address and the network"
        tried = f", {self.attempts.made} attempts" if self.attempts.made > 1 else ""
        self._failure = self._failed(kind, said + tried)
        self._log(type(error).__name__, logging.INFO)

    def redacted(self, text: str) -> str:
        """What the server wrote, without the secrets that were sent."""
        return redacted(text, self.request.secrets + self._settings.secrets)

    def outcome(self) -> Reply:
        """The last answer; where none ever came, what broke."""
        if self._answer is not None:
            return replace(self._answer, may_have_been_done=self.attempts.may_have_been_done)
        if self._failure is None:  # no call ends before its first attempt
            raise DodoPaymentsError(f"{self.request}: not sent")
        raise self._failure

    def _paused(self) -> float:
        return self._pace.paused_in_all - self._paused_before

    def _failed(self, kind: type[APIConnectionError], said: str) -> APIConnectionError:
        done = self.attempts.may_have_been_done
        shown = shown_request(self.request, self._settings.base_url)
        return kind(shown, message=f"{self.request}: {said}", may_have_been_done=done)

    def _log(self, outcome: str, level: int) -> None:
        milliseconds = (now() - self._sent_at) * 1000
        logger.log(
            level, "%s: %s in %.0f ms (attempt %d)", self.request, outcome, milliseconds, self.attempts.made
        )


class Body:
    """Gathers what a reply holds, within a bound.

    Attributes:
        is_readable: Whether it isn't packed in a way that nobody asked for.
    """

    def __init__(self, call: Call, response: httpx.Response) -> None:
        self._operation, self._status = call.request.operation.id, response.status_code
        self._chunks: list[bytes] = []
        self._size = 0
        encoding = response.headers.get("Content-Encoding", "").strip()
        self.is_readable = encoding.lower() in _ENCODINGS
        if not self.is_readable and self._status < _FIRST_REFUSAL:
            self._refuse(f"packed as {call.redacted(encoding)[:20]!r}, which nobody asked for")

    def add(self, chunk: bytes) -> None:
        """Take a piece."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > _LARGEST_BODY:
            self._refuse(f"longer than {_LARGEST_BODY >> 20} MiB")

    def _refuse(self, problem: str) -> NoReturn:
        raise ResponseValidationError(operation=self._operation, problem=problem, status_code=self._status)

    def __bytes__(self) -> bytes:
        return b"".join(self._chunks)


def shown_request(request: Request, base_url: str) -> httpx.Request:
    """A request as errors and replies have it: no headers, no body, no secret in its address."""
    return httpx.Request(request.operation.method, base_url + request.shown_path)


def as_httpx(
    request: Request, base_url: str, status: int, headers: Mapping[str, str], content: bytes
) -> httpx.Response:
    """What httpx would make of a reply, its body unpacked."""
    as_read = {n.encode(): v.encode() for n, v in headers.items() if n.lower() not in _OF_TRANSFER}
    asked = shown_request(request, base_url)
    return httpx.Response(status, headers=as_read, content=content, request=asked)


def _asked_to_wait(value: str) -> float | None:
    """What Retry-After asks to wait, in seconds up to the bound; None where it doesn't, or not readably."""
    if not value:
        return None
    try:
        if value.replace(".", "", 1).isdigit():
            seconds = float(value)
        else:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)
