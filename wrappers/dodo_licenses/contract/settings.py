"""The settings of a run, by environment variables `CONTRACT_…`: pytest, its workers and Schemathesis all read them."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_API_KEY = "sk_test_mock"
_LIVE_HOST = "live.dodopayments.com"
_CAREFUL_PAUSE = 0.65  # seconds between two requests to an account: below the documented 100 a minute


class WrongUseError(Exception):
    """A run can't be started like this; the message says what to do."""


def is_loopback(base_url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Settings:
    """One run.

    Attributes:
        base_url: The server; empty for a mock of the run's own.
        api_key: The API key; from `DODO_PAYMENTS_API_KEY`.
        read_only_api_key: One that may only read, to check that it can't write.
        read_only: Whether nothing but GET and validate may be sent.
        customers: Whom to import keys for. With two, rules about two owners are judged.
        product: What to import keys of.
        grants: Ids of entitlement grants that may be revoked and fulfilled.
        subscription_key: The id of a subscription's license key that may be changed.
        spec: The OpenAPI file.
        baseline: Known disagreements, in Schemathesis' format.
        out: The folder for reports.
        run: What tells the keys of this run from those of another.
        seed: Repeats the choices of a run.
        pause: Seconds between two requests.
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
    run: str
    seed: int
    pause: float
    few: bool

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return not self.base_url or is_loopback(self.base_url)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings of the environment.

        Raises:
            WrongUseError: They contradict each other, or would put an account at risk.
        """
        told = os.environ if environment is None else environment
        base_url = told.get("CONTRACT_BASE_URL", "").rstrip("/")
        local = not base_url or is_loopback(base_url)
        writes, reads = told.get("CONTRACT_WRITE") == "1", told.get("CONTRACT_READ_ONLY") == "1"
        customers = tuple(name for name in told.get("CONTRACT_CUSTOMERS", "").split(",") if name)
        product, api_key = told.get("CONTRACT_PRODUCT", ""), told.get("DODO_PAYMENTS_API_KEY", "")
        if base_url:
            _check_address(base_url)
        if writes and reads:
            raise WrongUseError("--write and --read-only contradict each other")
        if not local and not api_key:
            raise WrongUseError("set the API key in the environment variable DODO_PAYMENTS_API_KEY")
        if writes and not (customers and product) and not local:
            raise WrongUseError("--write needs --customer and --product: whom to import license keys for")
        if writes and urlsplit(base_url).hostname == _LIVE_HOST and told.get("CONTRACT_LIVE") != "1":
            raise WrongUseError(f"{base_url} is live mode: add --live if keys are to be imported there")
        pace = told.get("CONTRACT_PAUSE") or (0.0 if local else _CAREFUL_PAUSE)
        return cls(
            base_url=base_url,
            api_key=api_key or DEFAULT_API_KEY,
            read_only_api_key=told.get("CONTRACT_READ_ONLY_API_KEY", ""),
            read_only=reads or (not local and not writes),
            customers=customers,
            product=product,
            grants=tuple(name for name in told.get("CONTRACT_GRANTS", "").split(",") if name),
            subscription_key=told.get("CONTRACT_SUBSCRIPTION_KEY", ""),
            spec=Path(told.get("CONTRACT_SPEC") or spec_file()),
            baseline=Path(told["CONTRACT_BASELINE"]) if told.get("CONTRACT_BASELINE") else None,
            out=Path(told.get("CONTRACT_OUT", "build/contract")),
            run=told.get("CONTRACT_RUN", "0"),
            seed=int(told.get("CONTRACT_SEED", "0")),
            pause=float(pace) * int(told.get("PYTEST_XDIST_WORKER_COUNT", "1")),
            few=told.get("CONTRACT_FEW") == "1" or not local,
        )


def _check_address(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUseError(f"{base_url} is no address: give one such as http://127.0.0.1:4010")
    if parts.username or parts.password:
        raise WrongUseError("the address must not hold a password")
    if parts.scheme == "http" and not is_loopback(base_url):
        raise WrongUseError(
            f"{parts.hostname} is another machine: only https goes there, or the API key could be read"
        )


def spec_file() -> Path:
    """The spec that this package was generated from: installed with it, or in its repository."""
    installed = Path(__file__).parents[1] / "openapi.yaml"
    return installed if installed.exists() else Path(__file__).parents[3] / "openapi.yaml"
