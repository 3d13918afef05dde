"""Faults on request: each kind, at which operation, how often. What none can be, test_control refuses."""

from __future__ import annotations

import time

import httpx
import misbehaving as m
import pytest

from dodo_licenses.testing import DodoMock

BUSY = {"code": "TOO_MANY_REQUESTS", "message": "wait"}


def activate(http, key, **settings):
    return http.post("/licenses/activate", json={"license_key": key["key"], "name": "laptop"}, **settings)


def test_the_next_requests_are_answered_so(http):
    fault = {"operation": "list_license_keys", "times": 2, "status": 429, "body": BUSY}
    listed = http.post("/_mock/faults", json={**fault, "headers": {"Retry-After": "7"}}).json()["faults"]
    assert [{name: one[name] for name in fault} for one in listed] == [fault]
    for _ in range(2):
        reply = http.get("/license_keys")
        assert (reply.status_code, reply.headers["retry-after"], reply.json()) == (429, "7", BUSY)
        assert http.get("/license_key_instances").status_code == 200
    assert http.get("/license_keys").status_code == 200
    http.post("/_mock/faults", json={"times": None})
    assert http.delete("/_mock/faults").json() == {"faults": []}
    assert http.get("/license_keys").status_code == 200


@pytest.mark.parametrize(
    ("fault", "content_type", "content"),
    [
        ({"status": 503}, "application/json", b'"SERVICE_UNAVAILABLE"'),
        ({"status": 599}, "application/json", b'"UNKNOWN_ERROR"'),
        ({"status": 204}, None, b""),
        ({"status": 200, "body": "<html>", "headers": {"Content-Type": "text/html"}}, "text/html", b"<html>"),
    ],
)
def test_an_answer_needs_no_body(mock, http, fault, content_type, content):
    mock.fault(**fault)
    reply = http.get("/license_keys")
    assert (reply.status_code, reply.headers.get("content-type")) == (fault["status"], content_type)
    assert content in reply.content
    assert bool(content) == bool(reply.content)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("answer", None),
        ("reset", httpx.ReadError),
        ("hang", httpx.ReadTimeout),
        ("truncate", httpx.RemoteProtocolError),  # which is always after the work
    ],
)
def test_it_breaks_before_or_after_the_work(mock, http, *, kind, error, after):
    key = mock.add_license_key()
    mock.fault(kind, "activate_license", after=after)
    if error is None:
        assert activate(http, key).status_code == 500
    else:
        with pytest.raises(error):
            activate(http, key, timeout=0.2 if kind == "hang" else 60)
    done = after or kind == "truncate"
    m.until(lambda: mock.requests[0]["fault"] == kind and len(mock.dump()["license_key_instances"]) == done)
    assert activate(http, key).status_code == 201


def test_a_probability_repeats(mock, http):
    outcomes = []
    for _ in range(2):
        mock.reset()
        mock.fault(times=None, probability=0.5)
        outcomes.append([http.get("/license_keys").status_code for _ in range(40)])
    assert outcomes[0] == outcomes[1]
    assert 8 < outcomes[0].count(500) < 32


def test_a_mock_ends_while_a_request_hangs_and_adds_latency():
    with DodoMock(latency=0.1) as mock, httpx.Client(base_url=mock.base_url) as http:
        began = time.monotonic()
        http.post("/licenses/validate", json={"license_key": "A"})
        assert time.monotonic() - began >= 0.1
        mock.fault("hang")
        with pytest.raises(httpx.ReadTimeout):
            http.get("/license_keys", timeout=0.2)
