"""Everything that Schemathesis has: each operation of the spec with valid and invalid data, and all its checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from schemathesis.cli import EventHandler, handler, schemathesis
from schemathesis.core.failures import Failure
from schemathesis.engine import events

from dodo_licenses.contract import hooks
from dodo_licenses.contract.findings import Disagreement, Finding
from dodo_licenses.contract.gate import shown
from dodo_licenses.contract.license_keys import Account
from dodo_licenses.contract.server import Server, broke
from dodo_licenses.contract.spec import causes
from dodo_licenses_api import operations as api

_AGREES, _DISAGREES, _INTERRUPTED = 0, 1, 130


class Findings(EventHandler[Any]):
    """Gathers what failed, and dropped connections."""

    server: Server
    found: list[Finding]
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
                came, kind = broke(event.value), type(event.value).__name__
                cause = "a request is answered"
                self.found.append(Finding(cause, event.label, "", came, "schemathesis", kind))
            else:
                self.broken.append(f"{event.label}: {event.info.title}: {event.value}")

    def _note(self, check: str, failure: Failure, exchange: Any) -> None:
        label, curl, came, status = failure.operation or "", "", "", 0
        if exchange is not None and exchange.response is not None:
            curl, status = self.server.gate.curl(exchange.response.request), exchange.response.status_code
            came = f"{status}, {shown(exchange.response.content)}"
        signature = failure._unique_key  # noqa: SLF001 - what tells it from others in a baseline
        for cause in causes(failure, label, status):
            self.found.append(Finding(cause, label, curl, came, check, type(failure).__name__, signature))


handler()(Findings)


def own_things(account: Account) -> dict[str, str]:
    """A key that Schemathesis may do anything to; nothing where that can't be made, which is for other rules to tell."""
    try:
        key = account.imported()
        instance = key.activated()
    except (AssertionError, LookupError, TypeError):
        return {}
    names = {"id": key.id, "license_key": key.text, "license_key_instance_id": instance}
    return {**names, **account.owners[0]}


@pytest.mark.schemathesis
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Schemathesis tries whether it can write
def test_schemathesis(
    request: pytest.FixtureRequest, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that the spec allows are answered as it says, and others are refused."""
    told = server.settings
    hooks.OWN = {} if told.read_only else own_things(request.getfixturevalue("account"))
    server.found, Findings.found, Findings.broken, Findings.server = [], [], [], server
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
    if told.baseline is not None and told.baseline.exists():
        command += ["--baseline", str(told.baseline)]
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", told.api_key)
    monkeypatch.setenv("NO_COLOR", "1")  # as --no-color sets it, but not beyond this test
    # Whatever Schemathesis sends, in whatever phase, it opens a session of requests for.
    monkeypatch.setattr(requests.sessions, "HTTPAdapter", lambda: server.gate)
    run = CliRunner().invoke(schemathesis, command)
    if run.exit_code == _INTERRUPTED:
        raise KeyboardInterrupt
    if Findings.broken or run.exit_code not in (_AGREES, _DISAGREES) or run.exit_code > len(Findings.found):
        said = "\n".join(Findings.broken) or run.output[-2000:]
        raise RuntimeError(
            f"Schemathesis broke off with status {run.exit_code}: {server.gate.redacted(said)}"
        )
    if Findings.found:
        raise Disagreement(*{(one.cause, one.operation): one for one in reversed(Findings.found)}.values())
