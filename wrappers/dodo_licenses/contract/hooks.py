"""What Schemathesis loads: the gate below every session, what the documentation leaves open, and what is reported of a run."""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.cli import EventHandler
from schemathesis.core.failures import AcceptedNegativeData, Failure, MalformedJson
from schemathesis.engine import events
from schemathesis.openapi import checks

from dodo_licenses.contract.derived import listings
from dodo_licenses.contract.findings import Finding
from dodo_licenses.contract.gate import Gate, as_curl, scrubbed
from dodo_licenses.contract.server import GONE
from dodo_licenses.contract.settings import Settings
from dodo_licenses.contract.spec import Spec

SETTINGS = Settings.read()
SPEC = Spec(SETTINGS.spec)
# A key of the run's own: its id, its string, an instance, and its owner; empty where nothing may be changed.
OWN: dict[str, str] = json.loads(os.environ.get("CONTRACT_OWN", "{}"))
GATE = Gate(
    read_only=SETTINGS.read_only,
    pause=SETTINGS.pause,
    journal=SETTINGS.out / os.environ["CONTRACT_JOURNAL"],
    secrets={SETTINGS.api_key, SETTINGS.read_only_api_key},
)
for _name in OWN.keys() - {"customer_id", "product_id"}:
    GATE.own(OWN[_name])
# Whatever Schemathesis sends, in whatever phase, it opens a session of requests for.
requests.sessions.HTTPAdapter = lambda: GATE  # type: ignore[assignment, misc, attr-defined]

_OF_THE_SPEC = (
    checks.JsonSchemaError,
    checks.UndefinedStatusCode,
    checks.UndefinedContentType,
    checks.MissingContentType,
    checks.ContentDeserializationError,
    checks.MalformedMediaType,
    MalformedJson,
)
LISTINGS = {listing.operation.path for listing in listings()}
_ID = re.compile(r"[a-z]+_[A-Za-z0-9]+")
_USUAL_MOMENT = re.compile(r"(19[7-9]|20[0-9])\d-.*T(?!.*:60)")


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Every other id is that of something that is there and ours."""
    return _with_own(path_parameters, {"lic_": "id", "lki_": "instance"})


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """The same for what a body names."""
    if not isinstance(body, dict):
        return body
    return {
        name: OWN[name] if name in OWN and isinstance(value, str) and name != "id" else value
        for name, value in body.items()
    }


def _with_own(values: dict[str, Any] | None, prefixes: dict[str, str]) -> dict[str, Any] | None:
    if not values or not OWN:
        return values
    return {
        name: OWN[prefixes[value[:4]]]
        if isinstance(value, str) and value[:4] in prefixes and len(value) % 2
        else value
        for name, value in values.items()
    }


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Whether a failure is one: not where the documentation leaves open what a server does."""
    query = dict(parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True))  # as it was sent
    if response.status_code in GONE and case.operation.path in LISTINGS:
        return False  # a server need not have every listing; how many rules could not judge is reported
    if response.status_code == requests.codes.unauthorized and isinstance(failure, _OF_THE_SPEC):
        return False  # the body of a 401 is undocumented
    if isinstance(failure, AcceptedNegativeData):
        # A page size above 100 and an empty value may be taken or refused.
        size = query.get("page_size", "")
        return not ((size.isdigit() and int(size) > 100) or "" in query.values())  # noqa: PLR2004
    if isinstance(failure, checks.RejectedPositiveData):
        # Business rules stand behind bodies and ids; a page of nothing, odd ids and odd dates may be refused.
        odd = query.get("page_size") == "0" or any(
            not (
                _ID.fullmatch(value)
                if name.endswith("_id")
                else not name.endswith(("_gte", "_lte")) or _USUAL_MOMENT.match(value)
            )
            for name, value in query.items()
        )
        return case.operation.method.upper() == "GET" and "{" not in case.operation.path and not odd
    return True


@schemathesis.cli.handler()
class Findings(EventHandler[Any]):
    """Writes what failed, by cause and without secrets, for the run that started this one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._found: dict[tuple[str, str], Finding] = {}

    def handle_event(self, ctx: Any, event: events.EngineEvent) -> None:
        """Note failures and dropped connections."""
        if isinstance(event, events.ScenarioFinished):
            for case_id, nodes in event.recorder.checks.items():
                for node in nodes:
                    if node.failure_info is not None:
                        self._note(
                            node.name, node.failure_info.failure, event.recorder.interactions.get(case_id)
                        )
        elif isinstance(event, events.NonFatalError):
            problem = str(event.value)[:300] or type(event.value).__name__
            is_network = isinstance(event.value, requests.RequestException) and "was not sent" not in problem
            cause = "a request is answered" if is_network else f"Schemathesis broke: {event.info.title}"
            came = "the connection was dropped before the reply was complete" if is_network else problem
            self._add(
                Finding(
                    cause, event.label, "", GATE.redacted(came), "schemathesis", type(event.value).__name__
                )
            )

    def shutdown(self, ctx: Any) -> None:
        """Write it."""
        told = {"sent": GATE.sent, "findings": [finding.as_dict() for finding in self._found.values()]}
        (SETTINGS.out / "schemathesis-findings.json").write_text(json.dumps(told))

    def _note(self, check: str, failure: Failure, interaction: Any) -> None:
        label, curl, came = failure.operation or "", "", ""
        causes = [failure.title]
        response = interaction.response if interaction is not None else None
        if interaction is not None:
            request = interaction.request
            curl = as_curl(
                request.method,
                request.uri,
                request.body,
                (request.headers.get("Authorization") or [""])[0],
                SETTINGS,
            )
        if response is not None:
            kind = (response.headers.get("content-type") or [""])[0]
            came = f"{response.status_code}, {_shown(response.content)}"
            if isinstance(failure, _OF_THE_SPEC):
                causes = (
                    list(SPEC.reply_problems(label, response.status_code, kind, response.content or b""))
                    or causes
                )
        for cause in causes:
            identity = (check, type(failure).__name__, failure._unique_key)  # noqa: SLF001 - a baseline's identity
            self._add(Finding(cause, label, GATE.redacted(curl), GATE.redacted(came), *identity))

    def _add(self, finding: Finding) -> None:
        self._found.setdefault((finding.cause, finding.operation), finding)


def _shown(content: bytes | None) -> str:
    try:
        return json.dumps(scrubbed(json.loads(content or b"")), ensure_ascii=False)[:300]
    except ValueError:
        return (content or b"").decode(errors="replace")[:300] or "an empty body"
