"""The client among the tools that its users have: what records, doubles, traces and shows."""

from __future__ import annotations

import io
import subprocess
import sys
import unittest.mock

import pytest
import respx
import rich.console
import rich.pretty
import sentry_sdk
import vcr
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.integrations.httpx import HttpxIntegration

from dodo_licenses import AsyncDodoPayments, DodoPayments, NotFoundError
from dodo_licenses.testing import DodoMock

LIVE = "https://live.dodopayments.com"


@pytest.fixture(scope="module")
def mock():
    with DodoMock(keys=30) as server:
        yield server


@pytest.fixture
def two_keys(mock):
    return [key["id"] for key in mock.dump()["license_keys"][:2]]


@pytest.fixture(params=[False, True], ids=["own connections", "http_client"])
def own(request):
    """Whether the client is given an http_client of the user's."""
    return request.param


@pytest.fixture
def fetch(face):
    """Retrieves keys, each by a request of its own, with a client of either kind."""

    def fetched(settings, *ids, own):
        more = {"http_client": face.http_client()} if own else {}
        with face.client(**settings, **more) as client:
            return [client.license_keys.retrieve(id_).id for id_ in ids]

    return fetched


def test_vcrpy_tells_one_key_s_reply_from_another_s(tmp_path, mock, two_keys, fetch, own):
    settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "max_retries": 0}
    with vcr.use_cassette(str(tmp_path / "one.yaml"), filter_headers=["authorization"]) as cassette:
        fetch(settings, *two_keys, own=own)
    assert [request.path for request in cassette.requests] == [f"/license_keys/{id_}" for id_ in two_keys]
    assert mock.api_key not in (tmp_path / "one.yaml").read_text()
    mock.reset()
    with vcr.use_cassette(str(tmp_path / "one.yaml"), record_mode="none"):
        assert fetch(settings, *two_keys[::-1], own=own) == two_keys[::-1]
    assert mock.requests == [], "they were recorded"


def test_respx_matches_by_path(fetch, own):
    with respx.mock(base_url=LIVE) as router:
        router.get("/license_keys/lic_1").respond(404, json={"code": "NOT_FOUND", "message": "no"})
        with pytest.raises(NotFoundError):
            fetch({"bearer_token": "sk_1"}, "lic_1", own=own)
        assert router.calls.last.request.headers["Authorization"] == "Bearer sk_1"


def test_pytest_httpx_matches_by_url(httpx_mock, fetch, own):
    httpx_mock.add_response(url=f"{LIVE}/license_keys/lic_1", status_code=404, json={"code": "X"})
    with pytest.raises(NotFoundError, match="X"):
        fetch({"bearer_token": "sk_1"}, "lic_1", own=own)


def test_opentelemetry_has_a_span_with_the_path_of_each_request(mock, two_keys, fetch):
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    try:
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key}
        for own in (False, True):
            fetch(settings, *two_keys, own=own)
    finally:
        HTTPXClientInstrumentor().uninstrument()
    urls = [span.attributes["http.url"] for span in spans.get_finished_spans()]
    assert urls == [f"{mock.base_url}/license_keys/{id_}" for id_ in two_keys] * 2
    assert mock.api_key not in str([span.attributes for span in spans.get_finished_spans()])


def test_sentry_sees_the_calls_of_an_http_client(mock, two_keys, fetch):
    events = []
    sentry_sdk.init(
        dsn="https://a@sentry.invalid/1",
        before_send=lambda event, _: events.append(event),
        default_integrations=False,  # they would go on watching the other tests of this process
        integrations=[HttpxIntegration()],
    )
    try:
        fetch({"base_url": mock.base_url, "bearer_token": mock.api_key}, *two_keys, own=True)
        sentry_sdk.capture_message("now")
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
    crumbs = [c["data"]["url"] for c in events[-1]["breadcrumbs"]["values"] if c["category"] == "httplib"]
    assert crumbs[-2:] == [f"{mock.base_url}/license_keys/{id_}" for id_ in two_keys]
    assert mock.api_key not in str(events)


def test_a_calendar_that_stands_still_stops_no_call():
    code = (
        "import freezegun, respx, dodo_licenses as d\n"
        f"with respx.mock(base_url={LIVE!r}) as router, freezegun.freeze_time('2030-01-01'):\n"
        "    router.post('/licenses/validate').respond(json={'valid': True})\n"
        "    with d.DodoPayments() as client:\n"
        "        assert all(client.licenses.validate(license_key='K').valid for _ in range(12))\n"
    )
    # Elsewhere, since a frozen clock would stop the event loops of this process's mocks, too.
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def test_autospec_of_a_client_is_as_the_client_is():
    double = unittest.mock.create_autospec(DodoPayments())
    with pytest.raises(TypeError):
        double.license_keys.retrieve("lic_1", colour="red")
    assert isinstance(
        unittest.mock.create_autospec(AsyncDodoPayments()).license_keys.retrieve, unittest.mock.AsyncMock
    )


def test_what_is_shown_holds_no_secret(mock):
    keys = mock.client().license_keys.list(limit=2)
    console = rich.console.Console(file=io.StringIO(), width=200)
    for shown in (keys, next(iter(keys)), mock.client()):
        console.print(rich.pretty.Pretty(shown))
    text = console.file.getvalue()
    assert "lic_" in text
    assert not any(key["key"] in text for key in mock.dump()["license_keys"])
    assert mock.api_key not in text
