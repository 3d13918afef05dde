"""What both engines are: where requests go, by which way, with which headers."""

from __future__ import annotations

import copy
import platform
import ssl
import threading
import urllib.request
from typing import Any, Generic, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from dodo_licenses._errors import DodoPaymentsError, InvalidArgumentError
from dodo_licenses._http.deadlines import is_loopback
from dodo_licenses._settings import API_KEY_VARIABLE, Settings
from dodo_licenses._version import __version__
from dodo_licenses_api.operations import Operation

C = TypeVar("C", httpx.Client, httpx.AsyncClient)
L = TypeVar("L")

GLANCE = 0.25  # seconds between two looks whether the client was closed, or the reply is still wanted
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # the rate limit bounds a listing, not its bytes
    "User-Agent": f"dodo-licenses/{__version__} Python/{platform.python_version()}",
}


class Sender(Generic[C, L]):
    """What both engines are. A user's `http_client` carries the requests, and stays the user's to close."""

    _kind: type[C]

    def __init__(self, settings: Settings, http_client: C | None = None) -> None:
        if http_client is not None and not isinstance(http_client, self._kind):
            expected, found = self._kind.__name__, type(http_client).__name__
            raise InvalidArgumentError(f"http_client must be an httpx.{expected}, not {found}")
        self.http_client: C | None = http_client
        self._host = _host_of(settings.base_url)
        self.way = way_to(settings.base_url) if http_client is None else {}
        self._closed = threading.Event()  # one for all twins
        self._lines: dict[object, L] = {}  # of processes or event loops; these, too
        self._take(settings)

    def _take(self, settings: Settings) -> None:
        self.settings = settings
        headers = httpx.Headers({"Host": self._host})
        headers.update({} if self.http_client is None else self.http_client.headers)
        headers.pop("Authorization", None)
        headers.update({**_HEADERS, **settings.headers})
        self._public_headers, self._headers = headers, headers.copy()
        if settings.bearer_token is not None:
            self._headers["Authorization"] = f"Bearer {settings.bearer_token}"

    def with_settings(self, settings: Settings, http_client: C | None = None) -> Self:
        """The same with other settings: to the same server, on the same connections at the same pace."""
        theirs = self.http_client if http_client is None else http_client
        if settings.base_url != self.settings.base_url or theirs is not self.http_client:
            return type(self)(settings, theirs)
        twin = copy.copy(self)
        twin._take(settings)  # noqa: SLF001 - its own
        return twin

    @property
    def is_closed(self) -> bool:
        """Whether it sends nothing more."""
        return self._closed.is_set() or (self.http_client is not None and self.http_client.is_closed)

    def check(self) -> None:
        """Raise where it is closed."""
        if self.is_closed:
            raise DodoPaymentsError("this client is closed: make another one")

    def headers(self, operation: Operation[Any]) -> httpx.Headers:
        """Those of a request. A public operation never carries the API key; see Call.outgoing."""
        if operation.public:
            return self._public_headers
        if self.settings.bearer_token is None:
            raise InvalidArgumentError(
                f"{operation.id} needs an API key: set {API_KEY_VARIABLE}, or pass bearer_token in code"
            )
        return self._headers


def _host_of(base_url: str) -> str:
    try:
        return httpx.URL(base_url).netloc.decode()
    except httpx.InvalidURL:
        raise InvalidArgumentError("base_url is no address") from None


def way_to(base_url: str) -> dict[str, Any]:
    """What httpx's transport has to know to get to a server: proxy and certificates.

    httpx looks into the environment only where its client makes the transport itself.
    """
    parts = urlsplit(base_url)
    proxy = _proxy_for(parts.scheme, parts.hostname or "", parts.netloc)
    problem = "the proxy that the environment names (HTTPS_PROXY, ALL_PROXY) is no address"
    try:
        checked = None if proxy is None else httpx.Proxy(proxy)
        httpx.HTTPTransport(proxy=checked, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).close()
        problem = "the certificates to trust cannot be read (SSL_CERT_FILE, SSL_CERT_DIR)"
        # Without TLS nobody is trusted: reading the certificates of those who are takes 40 ms.
        plain = parts.scheme == "http" and (checked is None or checked.url.scheme != "https")
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else httpx.create_ssl_context()
    except ImportError:
        problem = 'the proxy that the environment names needs: pip install "httpx[socks]"'
    except (ValueError, httpx.InvalidURL, OSError):
        pass
    else:
        return {"proxy": checked, "verify": verify}
    raise InvalidArgumentError(problem)  # out here, since httpx's own error may show the proxy's password


def _proxy_for(scheme: str, host: str, netloc: str) -> str | None:
    if is_loopback(host) or urllib.request.proxy_bypass(netloc):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme, proxies.get("all"))
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
