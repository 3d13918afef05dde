"""The settings of a run: options of `dodo-licenses contract run`, or `CONTRACT_…` variables, which its workers read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from dodo_licenses._http.deadlines import is_loopback
from dodo_licenses._settings import API_KEY_VARIABLE

_DEFAULT_API_KEY = "sk_test_mock"
_LIVE_HOST = "live.dodopayments.com"
_CAREFUL_PAUSE = 0.65  # seconds between two requests to an account: below the documented 100 a minute
FILE = click.Path(exists=True, path_type=Path, dir_okay=False)
# Installed with the package, or in its repository.
OWN_SPEC = next(p for up in (1, 3) if (p := Path(__file__).parents[up] / "openapi.yaml").exists())


_PATH: dict[str, Any] = {"type": click.Path(path_type=Path)}
_ID: dict[str, Any] = {"metavar": "ID", "default": ""}
_IDS: dict[str, Any] = {"metavar": "ID", "multiple": True}
_FLAG: dict[str, Any] = {"is_flag": True}
OPTIONS: list[click.Parameter] = [
    click.Option(
        ["--base-url"], metavar="URL", default="", help="The server; a mock of its own if left out."
    ),
    click.Option(["--read-only"], help="Send only GET and validate; other machines' default.", **_FLAG),
    click.Option(["--write"], help="Import license keys on another machine, and change those.", **_FLAG),
    click.Option(["--live"], help="With --write: live mode is meant.", **_FLAG),
    click.Option(["--customer"], help="Whom to import for; better two.", **_IDS),
    click.Option(["--product"], help="What to import license keys of.", **_ID),
    click.Option(["--grant"], help="A grant that may be changed.", **_IDS),
    click.Option(["--subscription-key"], help="A subscription's key that may be changed.", **_ID),
    click.Option(["--spec"], type=FILE, default=OWN_SPEC, help="Another OpenAPI file than the package's."),
    click.Option(["--baseline"], help="Known disagreements, as Schemathesis has.", **_PATH),
    click.Option(["--seed"], type=click.IntRange(0, 2**31 - 1), help="Repeat a run."),
    click.Option(
        ["--out"], default="build/contract", show_default=True, help="The folder for reports.", **_PATH
    ),
    click.Option(["--few"], help="Try few values; other machines' default.", **_FLAG),
]


class WrongUseError(click.ClickException):
    """A run can't be started like this; the message says in a line what to do."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run: what its options say, and the API keys, of which one may only read."""

    base_url: str
    api_key: str = field(repr=False)
    read_only_api_key: str = field(repr=False)
    read_only: bool
    customer: tuple[str, ...]
    product: str
    grant: tuple[str, ...]
    subscription_key: str
    spec: Path
    baseline: Path | None
    seed: int
    out: Path
    few: bool

    @classmethod
    def read(cls) -> Settings:
        """The settings of the environment.

        Raises:
            WrongUseError: They contradict each other, or would put an account at risk.
        """
        told = (
            click.Command("run", params=OPTIONS).make_context("run", [], auto_envvar_prefix="CONTRACT").params
        )
        told["base_url"] = base_url = told["base_url"].rstrip("/")
        if told["seed"] is None:
            told["seed"] = 0
        api_key, write, live = os.environ.get(API_KEY_VARIABLE), told.pop("write"), told.pop("live")
        host = _checked_host(base_url) if base_url else "localhost"
        if write and told["read_only"]:
            raise WrongUseError("--write and --read-only contradict each other")
        if not is_loopback(host):
            if not api_key:
                raise WrongUseError(f"set the API key in the environment variable {API_KEY_VARIABLE}")
            if write and not (told["customer"] and told["product"]):
                raise WrongUseError("--write needs --customer and --product: whom to import license keys for")
            if write and host == _LIVE_HOST and not live:
                raise WrongUseError(f"{base_url} is live mode: add --live if keys are to be imported there")
            told |= {"read_only": not write, "few": True}
        reader = os.environ.get("CONTRACT_READ_ONLY_API_KEY", "")
        return cls(**told, api_key=api_key or _DEFAULT_API_KEY, read_only_api_key=reader)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return not self.base_url or is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def pause(self) -> float:
        """Seconds between two requests of one process."""
        return 0 if self.is_local else _CAREFUL_PAUSE * int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


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
