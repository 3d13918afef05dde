"""The settings of a run, by environment variables `CONTRACT_…`, which pytest and its workers read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from dodo_licenses._http.deadlines import is_loopback

DEFAULT_API_KEY = "sk_test_mock"
_LIVE_HOST = "live.dodopayments.com"
_CAREFUL_PAUSE = 0.65  # seconds between two requests to an account: below the documented 100 a minute


class WrongUseError(click.ClickException):
    """A run can't be started like this; the message says what to do."""

    exit_code = 2


@dataclass(frozen=True)
class Settings:
    """One run. What isn't described here is an option of `dodo-licenses contract run`, whose help says what it is.

    Attributes:
        api_key: The API key; from `DODO_PAYMENTS_API_KEY`.
        read_only_api_key: One that may only read, to check that it can't write.
        few: Whether requests are dear, so that few values are tried.
    """

    base_url: str
    api_key: str = field(repr=False)
    read_only_api_key: str = field(repr=False)
    read_only: bool
    customers: tuple[str, ...]
    product: str
    grants: tuple[str, ...]
    subscription_key: str
    spec: Path
    baseline: Path | None
    out: Path
    seed: int
    pause: float
    few: bool

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return not self.base_url or is_loopback(urlsplit(self.base_url).hostname or "")

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of the environment.

        Raises:
            WrongUseError: They contradict each other, or would put an account at risk.
        """

        def told(name: str, default: str = "") -> str:
            return environment.get(f"CONTRACT_{name}") or default

        def several(name: str) -> tuple[str, ...]:
            return tuple(one for one in told(name).split(",") if one)

        base_url, api_key = told("BASE_URL").rstrip("/"), environment.get("DODO_PAYMENTS_API_KEY", "")
        host = _checked_host(base_url) if base_url else "localhost"
        local, writes, reads = is_loopback(host), told("WRITE") == "1", told("READ_ONLY") == "1"
        customers, product = several("CUSTOMERS"), told("PRODUCT")
        if writes and reads:
            raise WrongUseError("--write and --read-only contradict each other")
        if not local and not api_key:
            raise WrongUseError("set the API key in the environment variable DODO_PAYMENTS_API_KEY")
        if writes and not (customers and product) and not local:
            raise WrongUseError("--write needs --customer and --product: whom to import license keys for")
        if writes and host == _LIVE_HOST and told("LIVE") != "1":
            raise WrongUseError(f"{base_url} is live mode: add --live if keys are to be imported there")
        pause = float(told("PAUSE", "0" if local else str(_CAREFUL_PAUSE)))
        return cls(
            base_url=base_url,
            api_key=api_key or DEFAULT_API_KEY,
            read_only_api_key=told("READ_ONLY_API_KEY"),
            read_only=reads or (not local and not writes),
            customers=customers,
            product=product,
            grants=several("GRANTS"),
            subscription_key=told("SUBSCRIPTION_KEY"),
            spec=Path(told("SPEC", str(spec_file()))),
            baseline=Path(told("BASELINE")) if told("BASELINE") else None,
            out=Path(told("OUT", "build/contract")),
            seed=int(told("SEED", "0")),
            pause=pause * int(environment.get("PYTEST_XDIST_WORKER_COUNT", "1")),
            few=told("FEW") == "1" or not local,
        )


def _checked_host(base_url: str) -> str:
    scheme = base_url.partition("://")[0].lower()
    try:
        parts = urlsplit(base_url)
        host, _port = parts.hostname, parts.port  # raises for one that is none
    except ValueError:
        host = None
    if not host or scheme not in ("http", "https") or not base_url.isprintable():
        raise WrongUseError("--base-url must be an address such as http://127.0.0.1:4010")
    if "@" in parts.netloc:
        raise WrongUseError("the address must not hold a password")
    if scheme == "http" and not is_loopback(host):
        raise WrongUseError(f"{host} is another machine: only https goes there, or the API key could be read")
    return host


def spec_file() -> Path:
    """The spec that this package was generated from: installed with it, or in its repository."""
    installed = Path(__file__).parents[1] / "openapi.yaml"
    return installed if installed.exists() else Path(__file__).parents[3] / "openapi.yaml"
