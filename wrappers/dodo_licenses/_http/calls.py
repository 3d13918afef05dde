"""One call on its way: what httpx reports is noted for who decides, and becomes a reply or an error."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx

from dodo_licenses._errors import (
    APIConnectionError,
    APITimeoutError,
    DodoPaymentsError,
    InvalidArgumentError,
    ResponseValidationError,
    parsed,
    said,
)
from dodo_licenses._http.attempts import Attempts
from dodo_licenses._http.deadlines import Until
from dodo_licenses._http.pacing import Pace
from dodo_licenses._http.threads import Cancel, now
from dodo_licenses._http.wire import GLANCE, Sender
from dodo_licenses._messages import Reply, Request
from dodo_licenses._text import redacted

logger = logging.getLogger("dodo_licenses")

# A redirect may lead to no address; what a SOCKS proxy says wrong, httpx lets through.
BROKEN: tuple[type[Exception], ...] = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError)
with suppress(ImportError):
    from socksio import ProtocolError

    BROKEN += (ProtocolError,)
# What breaks before a request is sent.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# What httpx unpacks within bounds: 64 KiB as they come are 64 MiB at most.
_UNPACKED = frozenset({"gzip", "deflate"})
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")  # not of what was unpacked
_NO_BODY = httpx.ByteStream(b"")  # without it, httpx takes a third longer for headers that a body would need
_LARGEST_BODY = 32 * 2**20
_FIRST_REFUSAL = 300
_TOO_MANY_REQUESTS = 429
_LONGEST_RETRY_AFTER = 60.0


class Call:
    """One call on its way: what decides on its attempts, and what came of the last of them."""

    def __init__(
        self, sender: Sender[Any, Any], request: Request[Any], pace: Pace, cancel: Cancel | None = None
    ) -> None:
        self.attempts = Attempts(
            repeatable=request.operation.repeatable,
            timeout=sender.settings.seconds,
            max_retries=sender.settings.max_retries,
            is_page=request.operation.items is not None,
            now=now(),
        )
        self._sender, self._settings, self._request, self._pace = sender, sender.settings, request, pace
        self._cancel = cancel
        self._secrets = request.secrets + sender.settings.secrets
        self._paused_before = pace.paused_before(now())
        self._outcome: Reply[Any] | APIConnectionError | None = None

    def check(self) -> None:
        """Raise where nobody waits any more, and tell where harm may be done by sending it again."""
        if self._cancel is not None:
            self._cancel.check()
        try:
            self._sender.check()
        except DodoPaymentsError as error:
            if self.attempts.is_sent and not self._request.operation.repeatable:
                self.attempts.may_have_been_done = True
                raise self._error(str(error), APIConnectionError) from None
            raise

    def pause(self) -> float | None:
        """Seconds to sleep until there is something to do, 0 where there is; None where the call is over."""
        pause = self.attempts.pause(now())
        if pause is None or pause <= 0:
            return pause
        self.check()
        return min(pause, GLANCE)

    def keeps_its_place(self) -> bool:
        """Whether it waits on for its turn; where the server asks for too long a pause, the call is over."""
        self.check()
        if self._paused() <= self.attempts.patience:
            return True
        self.attempts.give_up()
        if self._outcome is None:
            said = f"the rate limit of {self._settings.base_url} is used up for longer than the"
            self._fail(f"{said} {self.attempts.patience:g} s that this call waits for it", APITimeoutError)
        return False

    def begin(self, waited: float) -> None:
        """Note that the next attempt goes out, after so many seconds in line."""
        self.check()
        self._sent_at = now()
        self._pace.sent(self._sent_at)
        self.attempts.begin(self._sent_at, waited)

    def outgoing(self) -> httpx.Request:
        """The request as it is sent, with time-outs that know whose they are.

        Raises:
            InvalidArgumentError: It needs an API key, and there is none; or it cannot be written down.
        """
        self._chunks: list[bytes] = []
        self._size = 0
        left = self.attempts.end - now()
        until = Until(left, self)
        connect = Until(min(left, self._settings.connect_seconds), self)
        timeouts = {"connect": connect, "read": until, "write": until, "pool": until}
        operation, query = self._request.operation, {**self._settings.query, **self._request.query}
        url = self._settings.base_url + self._request.path + (f"?{urlencode(query)}" if query else "")
        headers, body, extensions = self._sender.headers(operation), self._request.body, {"timeout": timeouts}
        stream = _NO_BODY if operation.method == "GET" and body is None else None
        try:
            request = httpx.Request(
                operation.method, url, headers=headers, json=body, stream=stream, extensions=extensions
            )
            request.read()  # as httpx does with what is no stream, for tools that look at its content
        except (TypeError, ValueError, RecursionError, httpx.InvalidURL) as error:
            problem = error.reason if isinstance(error, UnicodeEncodeError) else str(error)
        else:
            return request
        raise InvalidArgumentError(f"{operation.id}: an argument cannot be sent ({problem})")

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Have the attempt told what httpcore does, where no connections of ours tell it."""
        if event.endswith("connect_tcp.started"):
            self.attempts.is_fresh = True
        elif event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.check()
            self.attempts.is_sent = True
        elif event.endswith("receive_response_headers.complete"):
            self.attempts.is_answered = True

    def add(self, chunk: bytes, response: httpx.Response) -> None:
        """Take a piece of the reply's body, within a bound."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > _LARGEST_BODY:
            problem, operation = f"longer than {_LARGEST_BODY >> 20} MiB", self._request.operation.id
            status_code = response.status_code
            raise ResponseValidationError(operation=operation, problem=problem, status_code=status_code)
        if now() > self.attempts.until:  # connections that aren't ours know nothing of it
            raise httpx.ReadTimeout("the time for the whole call is over")

    def came(self, response: httpx.Response) -> None:
        """Note an answer, whatever it says."""
        status, moment, content = response.status_code, now(), b"".join(self._chunks)
        asked_to_wait = None if status < _FIRST_REFUSAL else asked_to_wait_by(response.headers)
        if status == _TOO_MANY_REQUESTS:
            self._pace.refused(moment, self._sent_at, asked_to_wait)
            self.attempts.refused(self._paused())
        else:
            self._pace.accepted(self._sent_at)
            by_api = status < _FIRST_REFUSAL or said(parsed(content), "code") is not None
            self.attempts.answered(moment, status, asked_to_wait=asked_to_wait, by_api=by_api)
        self._outcome = Reply(
            request=self._request,
            status_code=status,
            headers=response.headers,
            content=content,
            server=self._settings.server,
            as_httpx=partial(as_httpx, self._request, self._settings.base_url, status),
            may_have_been_done=self.attempts.may_have_been_done,
            secrets=self._secrets,
        )
        self._log(str(status), logging.DEBUG if status < _FIRST_REFUSAL else logging.INFO)

    def broke(self, error: Exception) -> None:
        """Note that no answer came."""
        is_known_unsent = self.attempts.is_fresh and not self.attempts.is_sent
        self.attempts.broke(now(), sent=not isinstance(error, _NEVER_SENT) and not is_known_unsent)
        base_url, settings = self._settings.base_url, self._settings
        kind, why = APIConnectionError, redacted(str(error), self._secrets)
        said = f"the connection to {base_url} broke ({why or type(error).__name__})"
        if isinstance(error, httpx.ConnectTimeout):
            kind = APITimeoutError
            said = f"{base_url} could not be connected to in {settings.connect_seconds:g} s"
        elif isinstance(error, httpx.TimeoutException | TimeoutError):
            kind, said = APITimeoutError, f"{base_url} did not answer in {settings.seconds or 0:g} s"
        elif isinstance(error, httpx.ConnectError):
            said = f"{base_url} cannot be reached ({why}): check the address and the network"
        tried = f", {self.attempts.made} attempts" if self.attempts.made > 1 else ""
        self._fail(said + tried, kind)
        self._log(type(error).__name__, logging.INFO)

    def outcome(self) -> Reply[Any]:
        """The last answer; where none ever came, what broke."""
        if isinstance(self._outcome, Reply):
            return self._outcome
        raise self._outcome or AssertionError  # no call ends before its first attempt

    def _paused(self) -> float:
        return self._pace.paused_in_all - self._paused_before

    def _fail(self, said: str, kind: type[APIConnectionError]) -> None:
        if isinstance(self._outcome, Reply):
            self._outcome = replace(self._outcome, may_have_been_done=self.attempts.may_have_been_done)
        else:
            self._outcome = self._error(said, kind)

    def _error(self, said: str, kind: type[APIConnectionError]) -> APIConnectionError:
        shown, done = shown_request(self._request, self._settings.base_url), self.attempts.may_have_been_done
        return kind(shown, message=f"{self._request}: {said}", may_have_been_done=done)

    def _log(self, outcome: str, level: int) -> None:
        took, made = (now() - self._sent_at) * 1000, self.attempts.made
        logger.log(level, "%s: %s in %.0f ms (attempt %d)", self._request, outcome, took, made)


def is_for_httpx(response: httpx.Response) -> bool:
    """Whether a body is not read as it comes: because it is packed, or a tool of the user's has read it."""
    return response.is_stream_consumed or response.headers.get("Content-Encoding", "").lower() in _UNPACKED


def shown_request(request: Request[Any], base_url: str) -> httpx.Request:
    """A request as errors and replies have it: no headers, no body, no secret in its address."""
    return httpx.Request(request.operation.method, base_url + request.shown_path)


def as_httpx(
    request: Request[Any], base_url: str, status: int, headers: Mapping[str, str], content: bytes
) -> httpx.Response:
    """What httpx would make of a reply, its body unpacked."""
    as_read = {n.encode(): v.encode() for n, v in headers.items() if n.lower() not in _OF_TRANSFER}
    asked = shown_request(request, base_url)
    return httpx.Response(status, headers=as_read, content=content, request=asked)


def asked_to_wait_by(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks to wait, in seconds up to the bound; None where it doesn't, or not readably."""
    value = headers.get("Retry-After", "").strip()
    try:
        if value.replace(".", "", 1).isdigit():
            seconds = float(value)
        else:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)
