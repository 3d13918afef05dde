"""Fixtures of the rules, and what turns whatever a rule comes upon into findings that hold no secret."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Collection, Generator, Iterator
from dataclasses import asdict, replace

import click
import pytest
from schemathesis.baseline.model import Identity

from dodo_licenses._text import visible
from dodo_licenses.contract.findings import Disagreement, Finding, accepted, disagreements
from dodo_licenses.contract.license_keys import Account, sweep
from dodo_licenses.contract.scene import prepare
from dodo_licenses.contract.server import Server
from dodo_licenses.contract.settings import Settings
from dodo_licenses.contract.spec import NEW_VALUES
from dodo_licenses.mock import MockServer
from dodo_licenses_api import operations as api

_KNOWN = pytest.StashKey[Collection[Identity]]()
_SERVER = pytest.StashKey[Server]()


def pytest_configure(config: pytest.Config) -> None:
    """Marks of the rules."""
    config.addinivalue_line("markers", "writes: imports license keys, and changes those")
    config.addinivalue_line("markers", "schemathesis: runs Schemathesis, which takes its time")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Rules that only read come first, then those that write, then Schemathesis; what may not write is left out."""
    try:
        settings = Settings.read()
        config.stash[_KNOWN] = accepted(settings.baseline)
    except click.ClickException as error:
        raise pytest.UsageError(error.format_message()) from None
    left_out = [item for item in items if settings.read_only and "writes" in item.keywords]
    config.hook.pytest_deselected(items=left_out)
    items[:] = sorted((item for item in items if item not in left_out), key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, ...]:
    """What reads comes first, since nothing moves below it then."""
    return "schemathesis" in item.keywords, "writes" in item.keywords, "paging" not in item.path.name


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The server under test; a mock of this process where no address is given."""
    settings = Settings.read()
    with contextlib.ExitStack() as stack:
        if not settings.base_url:
            reader = "sk_test_read_only"
            mock = stack.enter_context(MockServer(api_key=settings.api_key, read_only_api_key=reader))
            grant, subscription_key = prepare(mock)
            settings = replace(settings, base_url=mock.base_url, read_only_api_key=reader)
            settings = replace(settings, grant=grant, subscription_key=subscription_key)
        settings.out.mkdir(0o700, parents=True, exist_ok=True)
        made = stack.enter_context(contextlib.closing(Server(settings)))
        request.config.stash[_SERVER] = made
        NEW_VALUES.clear()
        with contextlib.suppress(Disagreement):  # see whether it holds anything, whichever rules are run
            made.page(api.LIST_LICENSE_KEYS, {"page_size": 1}, expect=None)
        yield made


@pytest.fixture(scope="session")
def account(server: Server) -> Account:
    """Whom keys are imported for."""
    return Account(server)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whatever ends a run: what was imported, by it or by one that was killed, is disabled, and what was on its way, too."""
    with contextlib.suppress(click.ClickException):
        settings = Settings.read()
        if settings.base_url and not settings.read_only:
            made = session.config.stash.get(_SERVER, None) or Server(settings)
            with contextlib.closing(made) as server:
                left = sweep(server, listed=not hasattr(session.config, "workerinput"))
            if left:
                names = visible(", ".join(left))
                print(f"could not be disabled, please do it by hand: {names}", file=sys.stderr)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Judge a rule; where others write as well, one that disagrees is judged twice."""
    server = pyfuncitem.config.stash[_SERVER]
    found = _judged(pyfuncitem, server)
    if found and not server.settings.is_local and not pyfuncitem.get_closest_marker("schemathesis"):
        server.kept.clear()
        found = _judged(pyfuncitem, server)
    if found:
        raise Disagreement(*found)
    return True


def _judged(item: pytest.Function, server: Server) -> list[Finding]:
    """What a rule finds; the spec's sentence comes before what the rule stumbles over because of it."""
    server.found, server.wrote, found = [], [], list[Finding]()
    try:
        item.obj(**{name: item.funcargs[name] for name in inspect.signature(item.obj).parameters})
    except pytest.skip.Exception:  # there is nothing on this server that it could judge
        if not server.found:
            raise
    except (Disagreement, BaseExceptionGroup, LookupError, TypeError, ValueError, AttributeError) as error:
        found = list(disagreements(error))
        if not found and not server.found and server.is_spoilt:
            pytest.skip("replies that are not as the spec says")
        if not found and not server.found:  # our own fault
            raise
    unique = {(one.cause, one.check and one.operation): one for one in reversed([*found, *server.found])}
    return [replace(one, check=one.check or item.originalname) for one in unique.values()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What is shown and written of a rule holds no secret, and no traceback where a sentence says it all."""
    report = yield
    server = item.config.stash.get(_SERVER, None)
    if server is None:
        return report
    redacted, error = server.gate.redacted, call.excinfo.value if call.excinfo is not None else None
    # Whatever a report has besides, workers pass it on with it.
    if call.when == "call":
        told = {"sent": dict(server.gate.sent), "empty": not server.gate.seen, "findings": [], "known": 0}
        vars(report).update(told, new=sorted(map(redacted, NEW_VALUES)))
        server.gate.sent.clear()
    if isinstance(error, Disagreement):
        known = item.config.stash[_KNOWN]
        fresh = [finding for finding in error.findings if finding.identity not in known]
        vars(report).update(findings=[*map(asdict, fresh)], known=len(error.findings) - len(fresh))
        report.longrepr, report.outcome = "\n\n".join(map(str, fresh)), "failed" if fresh else "passed"
    elif report.failed:
        report.longrepr = redacted(str(report.longrepr))
    report.sections = [(name, redacted(text)) for name, text in report.sections]
    return report
