"""Everything that Schemathesis has: each operation of the spec with valid and invalid data, and all its checks.

Its hooks say whose ids it may name, and what the documentation leaves open.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from click.testing import CliRunner
from schemathesis import hook
from schemathesis.cli import EventHandler, handler, schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.engine import events
from schemathesis.openapi import checks

from dodo_licenses.contract.findings import Finding
from dodo_licenses.contract.gate import parsed
from dodo_licenses.contract.license_keys import Account
from dodo_licenses.contract.server import GONE, LARGEST_PAGE, Server, broke
from dodo_licenses.contract.spec import causes
from dodo_licenses.contract.values import LISTINGS
from dodo_licenses_api import operations as api

_AGREES, _DISAGREES, _INTERRUPTED = 0, 1, 130
# A key of the run's own, by the first letters of ids and by fields of bodies; empty where there is none.
OWN: dict[str, str] = {}
_REFUSED_FOR_MORE = (checks.RejectedPositiveData, AcceptedNegativeData, checks.IgnoredAuth)
_LISTINGS = {listing.path for listing in LISTINGS}
_JSON = "application/json"
_ID = re.compile(r"[a-z]+_[A-Za-z0-9]+")
_USUAL_MOMENT = re.compile(r"(19[7-9]|20[0-9])\d-.*T(?!.*:60)")


@hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Every other id is that of something that is there and ours."""
    values = dict(path_parameters or {})
    for name, value in values.items():
        if isinstance(value, str) and len(value) % 2:
            values[name] = OWN.get(value[:4], value)
    return values or path_parameters


@hook
def map_body(context: Any, body: Any) -> Any:
    """The same for what a body names."""
    if not isinstance(body, dict):
        return body
    return {name: OWN.get(name, value) if isinstance(value, str) else value for name, value in body.items()}


@hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Whether a failure is one: not where the documentation leaves open what a server does."""
    status, asked = response.status_code, response.request
    query = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))  # as it was sent
    is_open = (
        status in GONE and case.operation.path in _LISTINGS,  # rules that can't judge without it are counted
        status == requests.codes.unauthorized and not isinstance(failure, _REFUSED_FOR_MORE),  # what it holds
        status == requests.codes.unsupported_media_type and asked.headers.get("Content-Type") != _JSON,
    )
    if any(is_open) or not causes(failure, case.operation.label, status):
        return False
    if isinstance(failure, AcceptedNegativeData):
        # A page size above 100 and an empty value may be taken or refused; what is below an id that nothing has, listed.
        size, below = query.get("page_size", ""), "{" in case.operation.path
        is_none = below and parsed(response.content) == {"items": []}
        return not (is_none or (size.isdigit() and int(size) > LARGEST_PAGE) or "" in query.values())
    if isinstance(failure, checks.RejectedPositiveData):
        # Business rules stand behind bodies and ids; a page of nothing, odd ids and odd dates may be refused.
        odd = query.get("page_size") == "0" or any(_is_odd(*pair) for pair in query.items())
        return case.operation.method.upper() == "GET" and "{" not in case.operation.path and not odd
    return True


def _is_odd(name: str, value: str) -> bool:
    if name.endswith("_id"):
        return not _ID.fullmatch(value)
    return name.endswith(("_gte", "_lte")) and not _USUAL_MOMENT.match(value)


class Findings(EventHandler[Any]):
    """Gathers what failed, and dropped connections."""

    server: Server
    broken: list[str]

    def __init__(self, *args: Any, **options: Any) -> None:
        """Schemathesis makes it, with all of its options."""

    def handle_event(self, ctx: Any, event: events.EngineEvent) -> None:
        """Note failures, and what kept a request from being answered."""
        if isinstance(event, events.ScenarioFinished):
            for case_id, nodes in event.recorder.checks.items():
                exchange = event.recorder.interactions.get(case_id)
                for node in nodes:
                    if node.failure_info is not None:
                        self._note(node.name, node.failure_info.failure, exchange)
        elif isinstance(event, events.NonFatalError):
            if isinstance(event.value, requests.RequestException):
                came = broke(event.value)
                self.server.found.append(
                    Finding("a request is answered", event.label, came=came, check="schemathesis")
                )
            else:
                self.broken.append(f"{event.label}: {event.info.title}: {event.value}")

    def _note(self, check: str, failure: Failure, exchange: Any) -> None:
        label, curl, came, status = failure.operation or "", "", "", 0
        if exchange is not None and exchange.response is not None:
            curl, status = self.server.gate.curl(exchange.response.request), exchange.response.status_code
            came = f"{status}, {self.server.gate.shown(exchange.response.content)}"
        self.server.found += [
            Finding(cause, label, curl, came, check) for cause in causes(failure, label, status)
        ]


handler()(Findings)  # which gives nothing back


@pytest.mark.schemathesis
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Schemathesis tries whether it can write
def test_schemathesis(
    request: pytest.FixtureRequest, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that the spec allows are answered as it says, and others are refused."""
    told = server.settings
    OWN.clear()
    if not told.read_only:
        with contextlib.suppress(AssertionError, LookupError, TypeError, pytest.skip.Exception):
            account: Account = request.getfixturevalue("account")
            key = account.imported()
            instance = key.activated()
            OWN.update(account.owners[0], license_key=key.text, license_key_instance_id=instance)
            OWN.update(lic_=key.id, lki_=instance)
    server.found, Findings.broken, Findings.server = [], [], server
    command = [
        *("--config-file", str(Path(__file__).with_name("schemathesis.toml"))),
        *("run", str(told.spec), "--url", told.base_url, "--seed", str(told.seed), "--no-color"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "5" if told.few else "25"),
        *("--report", "json", "--report-json-path", str(told.out / "schemathesis.json")),
    ]
    if told.read_only:
        command += ["--include-method", "GET", "--include-operation-id", api.VALIDATE_LICENSE.id]
    if request.config.getoption("maxfail") == 1:
        command += ["--max-failures", "1"]
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", told.api_key)
    monkeypatch.setenv("NO_COLOR", "1")  # as --no-color sets it, but not beyond this test
    # Whatever Schemathesis sends, in whatever phase, it opens a session of requests for.
    monkeypatch.setattr(requests.sessions, "HTTPAdapter", lambda: server.gate)
    run = CliRunner().invoke(schemathesis, command)
    if run.exit_code == _INTERRUPTED:
        raise KeyboardInterrupt
    if Findings.broken or run.exit_code not in (_AGREES, _DISAGREES) or run.exit_code > len(server.found):
        said = "\n".join(Findings.broken) or run.output[-2000:]
        raise RuntimeError(
            f"Schemathesis broke off with status {run.exit_code}: {server.gate.redacted(said)}"
        )
