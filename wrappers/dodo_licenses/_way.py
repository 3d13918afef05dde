"""The way to a server: through which proxy, and whose certificates to trust."""

from __future__ import annotations

import ssl
import urllib.request
from typing import Any
from urllib.parse import urlsplit


def way_to(base_url: str) -> dict[str, Any]:
    """What httpx's transport has to know to get to a server.

    Args:
        base_url: The server.
    """
    # Without TLS nobody is trusted: reading the certificates of those who are takes 40 ms.
    plain = urlsplit(base_url).scheme == "http"
    verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True
    return {"proxy": _proxy_for(base_url), "verify": verify}


def _proxy_for(base_url: str) -> str | None:
    """The proxy that the environment names; httpx looks only where it makes the transport itself."""
    parts = urlsplit(base_url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme, proxies.get("all"))
