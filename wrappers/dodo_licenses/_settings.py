"""Where a client's requests go and with which API key, from arguments and environment variables."""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Mapping
from math import inf
from typing import Protocol, TypeAlias, TypedDict
from urllib.parse import urlsplit

import attrs

from dodo_licenses._arguments import checked_query, mapping, whole_number
from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses._http.deadlines import is_loopback
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses_api.operations import SERVERS, Environment
from dodo_licenses_api.types import UNSET, Unset


class PhasedTimeout(Protocol):
    """What an `httpx.Timeout` says: seconds for connecting, and for a reply, which here is the whole call."""

    connect: float | None
    read: float | None


Timeout: TypeAlias = float | PhasedTimeout | None


class CallOptions(TypedDict, total=False):
    """What every method takes beside its own arguments, for one call; of a listing, for each of its pages.

    Attributes:
        timeout: Seconds that the call may take, as `DodoPayments` takes them.
        extra_headers: Headers beside the client's own.
        extra_query: Query parameters that the method has no argument for.
        extra_body: Fields of the body that the method has no argument for.
    """

    timeout: Timeout | Unset
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, object] | None
    extra_body: Mapping[str, object] | None


API_KEY_VARIABLE = "DODO_PAYMENTS_API_KEY"
BASE_URL_VARIABLE = "DODO_PAYMENTS_BASE_URL"
LOG_VARIABLE = "DODO_PAYMENTS_LOG"
WEBHOOK_KEY_VARIABLE = "DODO_PAYMENTS_WEBHOOK_KEY"
_BASE_URL = f"base_url (or {BASE_URL_VARIABLE})"
_CONNECT_TIMEOUT = 5.0
_RESERVED = {
    "authorization": "the API key is bearer_token",
    **dict.fromkeys(("content-length", "transfer-encoding"), "the client says itself how long a body is"),
}
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _checked_token(token: str | None) -> str | None:
    """Drop what a shell or a file leaves around an API key; never show the key itself."""
    if token is not None and not isinstance(token, str):
        raise InvalidArgumentError(f"bearer_token must be a string, not {type(token).__name__}")
    token = None if token is None or not token.strip() else token.strip()
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise InvalidArgumentError(
            f"bearer_token (or {API_KEY_VARIABLE}) holds characters that no API key has: "
            f"copy it again from the dashboard"
        )
    return token


def _phases(timeout: Timeout) -> tuple[float | None, float | None]:
    """Seconds for connecting, and for a call with all its attempts."""
    if timeout is None or isinstance(timeout, int | float):
        return None, timeout
    return timeout.connect, timeout.read


def _checked_timeout(timeout: Timeout) -> Timeout:
    """Accept a number of seconds above 0, an httpx.Timeout of such numbers, or None for no time-out."""
    try:
        is_one = all(seconds is None or seconds > 0 for seconds in _phases(timeout))
    except (AttributeError, TypeError):
        is_one = False
    if not is_one or isinstance(timeout, bool):
        raise InvalidArgumentError(f"timeout must be a number of seconds above 0, or None, not {timeout!r}")
    return timeout


def _checked_rate_limit(rate_limit: RateLimit | None) -> RateLimit | None:
    if rate_limit is not None and not isinstance(rate_limit, RateLimit):
        raise InvalidArgumentError(f"rate_limit must be a RateLimit or None, not {rate_limit!r}")
    return rate_limit


def checked_headers(headers: Mapping[str, str] | None, name: str = "default_headers") -> Mapping[str, str]:
    """Accept headers that can be sent. Their values may be secrets and are not shown."""
    checked = dict(mapping(name, headers))
    for header, value in checked.items():
        if not isinstance(header, str) or not _HEADER_NAME.fullmatch(header):
            raise InvalidArgumentError(f"{name} holds {header!r}, which is no name of a header")
        is_text = isinstance(value, str) and value.isascii() and value.isprintable()
        if not is_text or value != value.strip():
            raise InvalidArgumentError(
                f"{name}: {header} must be a string of printable ASCII characters, without blanks around it"
            )
        if header.lower() in _RESERVED:
            raise InvalidArgumentError(f"{name} cannot hold {header}: {_RESERVED[header.lower()]}")
    return checked


@attrs.frozen(kw_only=True)
class Settings:
    """What a client was told, each by the name of its argument; checked, and by `attrs.evolve` again.

    Attributes:
        base_url: Where requests go, without a slash at the end.
        query: `default_query`; a request's own parameters count for more.
    """

    base_url: str = attrs.field()
    allow_http: bool = False
    bearer_token: str | None = attrs.field(repr=False, converter=_checked_token)
    timeout: Timeout = attrs.field(converter=_checked_timeout)
    max_retries: int = attrs.field()
    rate_limit: RateLimit | None = attrs.field(converter=_checked_rate_limit)
    headers: Mapping[str, str] = attrs.field(repr=False, converter=checked_headers)
    query: Mapping[str, str] = attrs.field(repr=False, converter=checked_query)
    webhook_key: str | bytes | None = attrs.field(repr=False)

    @max_retries.validator
    def _check_max_retries(self, _: object, given: int) -> None:
        whole_number("max_retries", given, 0, 100)

    @base_url.validator
    def _check_base_url(self, _: object, url: str) -> None:
        """Refuse what is no address, without showing it: it may hold a password."""
        try:
            parts, mark = urlsplit(url), set(" ?#\\") & set(url)
            host, _port = parts.hostname or "", parts.port  # raises for one that is no port
            host.encode("idna")  # raises for a label that is empty or too long
            is_address = parts.scheme in ("http", "https") and host and url.isprintable() and not mark
        except (ValueError, TypeError, AttributeError):
            is_address = False
        if not is_address:
            raise InvalidArgumentError(
                f"{_BASE_URL} must be an address such as 'https://live.dodopayments.com'"
            )
        if parts.username is not None:
            raise InvalidArgumentError(f"{_BASE_URL} must hold no user name or password")
        if parts.scheme == "http" and not self.allow_http and not is_loopback(host):
            raise InvalidArgumentError(
                f"{_BASE_URL} is plain http, which shows the API key to the network between here and "
                f"{host}: use https, or pass allow_http=True where that is meant"
            )

    @functools.cached_property
    def server(self) -> str:
        """What errors call the place where requests go: the environment's name, or the base URL."""
        return next((name for name, url in SERVERS.items() if url == self.base_url), self.base_url)

    @functools.cached_property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere, should the server repeat it."""
        return () if self.bearer_token is None else (self.bearer_token,)

    @functools.cached_property
    def seconds(self) -> float | None:
        """For a call, all attempts together; None for any number."""
        return _phases(self.timeout)[1]

    @functools.cached_property
    def connect_seconds(self) -> float:
        """Of them, for connecting."""
        connect, total = _phases(self.timeout)
        return min(_CONNECT_TIMEOUT if connect is None else connect, inf if total is None else total)

    def for_call(self, options: CallOptions) -> Settings:
        """The settings of one call."""
        timeout, headers = options.get("timeout", UNSET), options.get("extra_headers")
        return attrs.evolve(
            self,
            timeout=self.timeout if isinstance(timeout, Unset) else timeout,
            headers={**self.headers, **checked_headers(headers, "extra_headers")},
        )


def server_address(environment: Environment | None, base_url: str | None, default: str | None = None) -> str:
    """Where requests go: an environment counts as much as a base URL, and live mode is what is left."""
    if environment is None:
        if base_url is None:
            base_url = SERVERS["live_mode"] if default is None else default
        return base_url.rstrip("/") if isinstance(base_url, str) else base_url
    if base_url is not None:
        raise InvalidArgumentError("give environment or base_url, not both: each says where to ask")
    if environment not in SERVERS:
        allowed = " or ".join(map(repr, SERVERS))
        raise InvalidArgumentError(f"environment must be {allowed}, not {environment!r}")
    return SERVERS[environment]


def variable(name: str) -> str | None:
    """An environment variable; None where it is not set, or blank."""
    value = os.environ.get(name, "").strip()
    return None if value == "" else value


def set_up_logging() -> None:
    """Have the log written to stderr where DODO_PAYMENTS_LOG asks for it and the program writes none."""
    level = variable(LOG_VARIABLE)
    if level is not None:
        if level.lower() not in ("debug", "info"):
            raise InvalidArgumentError(f"{LOG_VARIABLE} must be 'debug' or 'info', not {level!r}")
        logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
        logging.getLogger("dodo_licenses").setLevel(level.upper())
