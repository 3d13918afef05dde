"""Where a client's requests go and with which API key, from arguments and environment variables."""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias, TypedDict
from urllib.parse import urlsplit

from dodo_licenses._arguments import checked_query, whole_number
from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses._http.deadlines import is_loopback
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses_api.types import UNSET, Unset

Environment: TypeAlias = Literal["live_mode", "test_mode"]


class PhasedTimeout(Protocol):
    """What an `httpx.Timeout` says."""

    @property
    def connect(self) -> float | None:
        """Seconds for connecting."""

    @property
    def read(self) -> float | None:
        """Seconds for a reply, which here is the whole call."""


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


BASE_URLS: Mapping[str, str] = {
    "live_mode": "https://live.dodopayments.com",
    "test_mode": "https://test.dodopayments.com",
}
API_KEY_VARIABLE = "DODO_PAYMENTS_API_KEY"
BASE_URL_VARIABLE = "DODO_PAYMENTS_BASE_URL"
LOG_VARIABLE = "DODO_PAYMENTS_LOG"
WEBHOOK_KEY_VARIABLE = "DODO_PAYMENTS_WEBHOOK_KEY"
_BASE_URL = f"base_url (or {BASE_URL_VARIABLE})"
_CONNECT_TIMEOUT = 5.0
_LOG_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a client was told.

    Attributes:
        base_url: Where requests go, without a slash at the end.
        server: What errors call that place: the environment's name, or the base URL.
        bearer_token: The API key, if there is one.
        timeout: As given.
        max_retries: How often a call is tried again.
        rate_limit: How many requests may be sent; None for any number.
        headers: Headers of every request beside the client's own.
        query: Query parameters of every request; the request's own count for more.
        webhook_key: The secret that webhooks are signed with, if there is one.
    """

    base_url: str
    server: str
    bearer_token: str | None = field(repr=False)
    timeout: Timeout
    max_retries: int
    rate_limit: RateLimit | None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    webhook_key: str | bytes | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere, should the server repeat it."""
        return () if self.bearer_token is None else (self.bearer_token,)

    @property
    def seconds(self) -> float | None:
        """For a call, all attempts together; None for any number."""
        timeout = self.timeout
        return timeout if timeout is None or isinstance(timeout, int | float) else timeout.read

    @property
    def connect_seconds(self) -> float:
        """Of them, for connecting."""
        timeout, total = self.timeout, self.seconds
        connect = _CONNECT_TIMEOUT
        if timeout is not None and not isinstance(timeout, int | float) and timeout.connect is not None:
            connect = timeout.connect
        return connect if total is None else min(connect, total)


def settings(
    *,
    bearer_token: str | None,
    environment: Environment | None,
    base_url: str | None,
    timeout: Timeout,
    max_retries: int,
    rate_limit: RateLimit | None,
    allow_http: bool,
    variables: Mapping[str, str],
    default_headers: Mapping[str, str] | None = None,
    default_query: Mapping[str, object] | None = None,
    webhook_key: str | bytes | None = None,
) -> Settings:
    """Check what the caller gave and fill in the rest.

    An argument counts for more than an environment variable, and live mode is what is left. Logging is set
    up where DODO_PAYMENTS_LOG asks for it.

    Raises:
        InvalidArgumentError: Something of it cannot be right.
    """
    _set_up_logging(variables.get(LOG_VARIABLE, "").strip())
    if base_url is not None and environment is not None:
        raise InvalidArgumentError("give environment or base_url, not both: each says where to ask")
    if environment is not None and environment not in BASE_URLS:
        allowed = " or ".join(map(repr, BASE_URLS))
        raise InvalidArgumentError(f"environment must be {allowed}, not {environment!r}")
    if base_url is None and environment is None:
        base_url = variables.get(BASE_URL_VARIABLE, "").strip() or None
    if base_url is None:
        base_url = BASE_URLS["live_mode" if environment is None else environment]
    base_url = _checked_url(base_url, allow_http=allow_http)
    if bearer_token is None:
        bearer_token = variables.get(API_KEY_VARIABLE)
    if rate_limit is not None and not isinstance(rate_limit, RateLimit):
        raise InvalidArgumentError(f"rate_limit must be a RateLimit or None, not {rate_limit!r}")
    return Settings(
        base_url=base_url,
        server=next((name for name, url in BASE_URLS.items() if url == base_url), base_url),
        bearer_token=_checked_token(bearer_token),
        timeout=checked_timeout(timeout),
        max_retries=checked_retries(max_retries),
        rate_limit=rate_limit,
        headers=checked_headers("default_headers", default_headers),
        query=checked_query("default_query", default_query),
        webhook_key=variables.get(WEBHOOK_KEY_VARIABLE) if webhook_key is None else webhook_key,
    )


def checked_timeout(timeout: Timeout) -> Timeout:
    """Accept a number of seconds above 0, an httpx.Timeout of such numbers, or None for no time-out."""
    phases: tuple[float | None, ...] = (None,) if timeout is None else (float("nan"),)
    if isinstance(timeout, int | float):
        phases = (timeout,)
    elif timeout is not None and hasattr(timeout, "connect") and hasattr(timeout, "read"):
        phases = (timeout.connect, timeout.read)
    if isinstance(timeout, bool) or not all(seconds is None or seconds > 0 for seconds in phases):
        raise InvalidArgumentError(f"timeout must be a number of seconds above 0, or None, not {timeout!r}")
    return timeout


def checked_retries(max_retries: object) -> int:
    """Accept a number of retries, 0 to 100."""
    return whole_number("max_retries", max_retries, 0, 100)


def for_call(ours: Settings, options: CallOptions) -> Settings:
    """The settings of one call.

    Raises:
        InvalidArgumentError: One of the options cannot be right.
    """
    timeout = options.get("timeout", UNSET)
    return replace(
        ours,
        timeout=ours.timeout if isinstance(timeout, Unset) else checked_timeout(timeout),
        headers={**ours.headers, **checked_headers("extra_headers", options.get("extra_headers"))},
    )


def checked_headers(name: str, headers: Mapping[str, str] | None) -> Mapping[str, str]:
    """Accept headers that can be sent. Their values may be secrets and are not shown."""
    for header, value in (headers or {}).items():
        if not isinstance(header, str) or not _HEADER_NAME.fullmatch(header):
            raise InvalidArgumentError(f"{name} holds {header!r}, which is no name of a header")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise InvalidArgumentError(f"{name}: {header} must be a string of printable ASCII characters")
        if header.lower() == "authorization":
            raise InvalidArgumentError(f"{name} cannot hold Authorization: the API key is bearer_token")
    return dict(headers or {})


def _checked_url(url: str, *, allow_http: bool) -> str:
    if not _is_address(url):
        raise InvalidArgumentError(f"{_BASE_URL} must be an address such as 'https://live.dodopayments.com'")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.username is not None:
        raise InvalidArgumentError(f"{_BASE_URL} must hold no user name or password")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise InvalidArgumentError(
            f"{_BASE_URL} is plain http, which shows the API key to the network between here and "
            f"{host}: use https, or pass allow_http=True where that is meant"
        )
    return url.rstrip("/")


def _is_address(url: object) -> bool:
    if not isinstance(url, str) or not url.isprintable() or any(mark in url for mark in " ?#\\"):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is no port
        return parts.scheme in ("http", "https") and _is_host(parts.hostname or "")
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        host.encode("idna")  # raises UnicodeError, which is a ValueError, for a label empty or too long
    return bool(host)


def _set_up_logging(level: str) -> None:
    """Have the log of this package written to stderr, unless the program writes it somewhere itself."""
    if not level:
        return
    if level.lower() not in _LOG_LEVELS:
        raise InvalidArgumentError(f"{LOG_VARIABLE} must be 'debug' or 'info', not {level!r}")
    logger = logging.getLogger("dodo_licenses")
    logger.setLevel(_LOG_LEVELS[level.lower()])
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def _checked_token(token: object) -> str | None:
    """Drop what a shell or a file leaves around an API key; never show the key itself."""
    if token is not None and not isinstance(token, str):
        raise InvalidArgumentError(f"bearer_token must be a string, not {type(token).__name__}")
    if token is None or not token.strip():
        return None
    token = token.strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise InvalidArgumentError(
            f"bearer_token (or {API_KEY_VARIABLE}) holds characters that no API key has: "
            f"copy it again from the dashboard"
        )
    return token
