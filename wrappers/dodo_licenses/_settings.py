"""Where a client's requests go and with which API key, from arguments and environment variables. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from dodo_licenses._arguments import whole_number
from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses._http.pacing import RateLimit

Environment: TypeAlias = Literal["live_mode", "test_mode"]

BASE_URLS: Mapping[str, str] = {
    "live_mode": "https://live.dodopayments.com",
    "test_mode": "https://test.dodopayments.com",
}
API_KEY_VARIABLE = "DODO_PAYMENTS_API_KEY"
BASE_URL_VARIABLE = "DODO_PAYMENTS_BASE_URL"
_BASE_URL = f"base_url (or {BASE_URL_VARIABLE})"
_CONNECT_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a client was told.

    Attributes:
        base_url: Where requests go, without a slash at the end.
        server: What errors call that place: the environment's name, or the base URL.
        bearer_token: The API key, if there is one.
        timeout: Seconds for a call, all attempts together.
        connect_timeout: Seconds of it for connecting.
        max_retries: How often a call is tried again.
        rate_limit: How many requests may be sent; None for any number.
    """

    base_url: str
    server: str
    bearer_token: str | None = field(repr=False)
    timeout: float
    connect_timeout: float
    max_retries: int
    rate_limit: RateLimit | None


def settings(
    *,
    bearer_token: str | None,
    environment: Environment | None,
    base_url: str | None,
    timeout: float,
    max_retries: int,
    rate_limit: RateLimit | None,
    allow_http: bool,
    variables: Mapping[str, str],
) -> Settings:
    """Check what the caller gave and fill in the rest.

    An argument counts for more than an environment variable, and live mode is what is left.

    Raises:
        InvalidArgumentError: Something of it cannot be right.
    """
    if base_url is not None and environment is not None:
        raise InvalidArgumentError("give environment or base_url, not both: each says where to ask")
    if environment is not None and environment not in BASE_URLS:
        allowed = " or ".join(map(repr, BASE_URLS))
        raise InvalidArgumentError(f"environment must be {allowed}, not {environment!r}")
    if base_url is None and environment is None:
        base_url = variables.get(BASE_URL_VARIABLE, "").strip() or None
    if base_url is None:
        server: str = environment if environment is not None else "live_mode"
        base_url = BASE_URLS[server]
    else:
        base_url = server = _checked_url(base_url, allow_http=allow_http)
    if bearer_token is None:
        bearer_token = variables.get(API_KEY_VARIABLE)
    if rate_limit is not None and not isinstance(rate_limit, RateLimit):
        raise InvalidArgumentError(f"rate_limit must be a RateLimit or None, not {rate_limit!r}")
    return Settings(
        base_url=base_url,
        server=server,
        bearer_token=_checked_token(bearer_token),
        timeout=checked_timeout(timeout),
        connect_timeout=min(_CONNECT_TIMEOUT, timeout),
        max_retries=checked_retries(max_retries),
        rate_limit=rate_limit,
    )


def checked_timeout(timeout: object) -> float:
    """Accept a number of seconds above 0, which infinity may be."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise InvalidArgumentError(f"timeout must be a number of seconds above 0, not {timeout!r}")
    return timeout


def checked_retries(max_retries: object) -> int:
    """Accept a number of retries, 0 to 100."""
    return whole_number("max_retries", max_retries, 0, 100)


def _checked_url(url: str, *, allow_http: bool) -> str:
    if not _is_address(url):
        raise InvalidArgumentError(f"{_BASE_URL} must be an address such as 'https://live.dodopayments.com'")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.username is not None:
        raise InvalidArgumentError(f"{_BASE_URL} must hold no user name or password")
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        raise InvalidArgumentError(
            f"{_BASE_URL} is plain http, which shows the API key to the network between here and "
            f"{host}: use https, or pass allow_http=True where that is meant"
        )
    return url.rstrip("/")


def _is_address(url: object) -> bool:
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        _ = parts.port  # raises for one that is no port
    except ValueError:
        return False
    extra = parts.query or parts.fragment or " " in parts.geturl()
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not extra


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
