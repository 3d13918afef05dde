"""Faults on request: each kind, at which operation, how often."""

from __future__ import annotations

import time

import httpx
import pytest

from dodo_licenses.testing import DodoMock


def activate(http, key, **settings):
    return http.post("/licenses/activate", json={"license_key": key["key"], "name": "laptop"}, **settings)


def test_the_next_requests_are_answered_so(mock, http):
    body = {"code": "TOO_MANY_REQUESTS", "message": "wait"}
    mock.fault(operation="list_license_keys", times=2, status=429, body=body, headers={"Retry-After": "7"})
    for _ in range(2):
        reply = http.get("/license_keys")
        assert (reply.status_code, reply.headers["retry-after"], reply.json()) == (429, "7", body)
        assert http.get("/license_key_instances").status_code == 200
    assert http.get("/license_keys").status_code == 200


def test_an_answer_needs_no_body(mock, http):
    mock.fault(status=503)
    assert http.get("/license_keys").json()["code"] == "SERVICE_UNAVAILABLE"
    mock.fault(status=204)
    assert http.get("/license_keys").content == b""
    mock.fault(status=200, body="<html>", headers={"Content-Type": "text/html"})
    reply = http.get("/license_keys")
    assert (reply.text, reply.headers["content-type"]) == ("<html>", "text/html")
    mock.fault(status=599)
    assert http.get("/license_keys").json()["code"] == "UNKNOWN_ERROR"


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
def test_it_breaks_before_or_after_the_work(mock, http, eventually, *, kind, error, after):
    key = mock.add_license_key()
    mock.fault(kind, "activate_license", after=after)
    if error is None:
        assert activate(http, key).status_code == 500
    else:
        with pytest.raises(error):
            activate(http, key, timeout=0.2 if kind == "hang" else 60)
    done = after or kind == "truncate"
    eventually(
        lambda: mock.requests[0]["fault"] == kind and len(mock.dump()["license_key_instances"]) == done
    )
    assert activate(http, key).status_code == 201


def test_a_probability_repeats(mock, http):
    outcomes = []
    for _ in range(2):
        mock.reset()
        mock.fault(times=None, probability=0.5)
        outcomes.append([http.get("/license_keys").status_code for _ in range(40)])
    assert outcomes[0] == outcomes[1]
    assert 8 < outcomes[0].count(500) < 32


def test_faults_are_listed_and_cleared(http):
    asked = {"kind": "answer", "operation": "validate_license", "times": 3, "status": 502}
    listed = http.post("/_mock/faults", json=asked).json()["faults"]
    assert [{name: fault[name] for name in asked} for fault in listed] == [asked]
    assert http.delete("/_mock/faults").json() == {"faults": []}
    assert http.post("/licenses/validate", json={"license_key": "A"}).status_code == 200


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "explode"}, "answer, hang, reset, truncate"),
        ({"operation": "list"}, "list_license_keys"),
        *(({"times": times}, "times") for times in (0, True)),
        ({"probability": "1"}, "probability"),
        *(({"headers": headers}, "headers") for headers in ([], {"a": "b\r\nc: d"})),
        ({"what": 1}, "what"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(http, fault, words):
    reply = http.post("/_mock/faults", json=fault)
    assert (reply.status_code, words in reply.json()["message"]) == (422, True), reply.text
    assert http.get("/license_keys").status_code == 200


def test_a_mock_ends_while_a_request_hangs_and_adds_latency():
    with DodoMock(latency=0.1) as mock, httpx.Client(base_url=mock.base_url) as http:
        began = time.monotonic()
        http.post("/licenses/validate", json={"license_key": "A"})
        assert time.monotonic() - began >= 0.1
        mock.fault("hang")
        with pytest.raises(httpx.ReadTimeout):
            http.get("/license_keys", timeout=0.2)
