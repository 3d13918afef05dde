"""`/_mock/` over plain HTTP: state, snapshots, the clock, the log of requests, and who may use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from dodo_licenses.mock.control import is_loopback
from dodo_licenses.testing import DodoMock

STATE = {
    "customers": [{"customer_id": "cus_1", "name": "Ada", "email": "ada@example.com"}],
    "products": [{"product_id": "pdt_1", "name": "Editor"}],
    "license_keys": [
        {"id": "lic_new", "key": "NEW", "customer_id": "cus_1", "product_id": "pdt_1"},
        {"id": "lic_old", "key": "OLD", "status": "expired", "created_at": "2025-01-01T00:00:00Z"},
        {"id": "lic_off", "key": "OFF", "status": "disabled", "activations_limit": 3, "source": "manual"},
    ],
    "license_key_instances": [{"id": "lki_1", "license_key_id": "lic_new", "name": "laptop"}],
}


def control(http, path, body=None):
    reply = http.post(f"/_mock/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def is_now(clock):
    moment = datetime.fromisoformat(clock["now"])
    return not clock["frozen"] and abs(moment - datetime.now(UTC)) < timedelta(minutes=1)


def keys(http, **query):
    return http.get("/license_keys", params={"page_size": 100, **query}).json()["items"]


def test_what_is_loaded_is_served_and_dumped_and_comes_back_from_a_snapshot(http):
    assert control(http, "load", STATE)["license_keys"] == 3
    served = {(key["id"], key["status"], key["instances_count"]) for key in keys(http)}
    assert served == {("lic_new", "active", 1), ("lic_off", "disabled", 0), ("lic_old", "expired", 0)}
    seat = http.post("/licenses/activate", json={"license_key": "NEW", "name": "desktop"}).json()
    assert (seat["customer"]["email"], seat["product"]["name"]) == ("ada@example.com", "Editor")
    dumped = http.get("/_mock/dump").json()
    assert dumped["license_keys"] == keys(http)
    assert [instance["name"] for instance in dumped["license_key_instances"]] == ["desktop", "laptop"]

    assert control(http, "snapshots/three keys") == {"snapshots": ["three keys"]}
    control(http, "load", {})
    control(http, "snapshots/none")
    for _ in range(2):
        control(http, "snapshots/three keys/restore")
        assert http.get("/_mock/dump").json() == dumped
    assert http.get("/_mock/snapshots").json() == {"snapshots": ["none", "three keys"]}
    assert http.post("/_mock/snapshots/nothing/restore").status_code == 404


REFUSED = [
    ("load", {"license_keys": {}}, "license_keys must be a list"),
    ("load", {"license_keys": [{}]}, "license_keys[0].key is missing"),
    ("load", {"license_keys": [{"key": "A", "expire_at": None}]}, "license_keys[0].expire_at is unknown"),
    ("load", {"license_keys": [{"key": "A"}, {"key": 5}]}, "license_keys[1].key"),
    ("load", {"license_keys": [{"key": "A", "id": "lic_1"}, {"key": "B", "id": "lic_1"}]}, "there twice"),
    ("load", {"license_keys": [{"key": "A", "status": "gone"}]}, "active, expired, disabled"),
    ("load", {"license_key_instances": [{"license_key_id": "lic_0"}]}, "lic_0"),
    ("load", {"customers": [{"customer_id": "cus_1", "metadata": {"a": []}}]}, "metadata"),
    ("load", {"products": [{"product_id": "pdt_1", "entitlements": ["ent_0"]}]}, "ent_0"),
    ("load", {"grants": [{"entitlement_id": "ent_0"}]}, "ent_0"),
    ("load", {"entitlements": [{"integration_config": {"duration_count": "two"}}]}, "duration_count must"),
    ("clock", {"freeze": "soon"}, "freeze must be a date-time"),
    ("clock", [], "object"),
    ("clock", {"advance": 5}, "advance must be an object"),
    ("clock", {"advance": {"years": 1}}, "years is unknown"),
    ("clock", {"advance": {"days": 3_000_000}}, "date"),
    ("faults", {"kind": "explode"}, "answer, hang, reset, truncate"),
    ("faults", {"operation": "list"}, "list_license_keys"),
    ("faults", {"times": 0}, "times"),
    ("faults", {"probability": "1"}, "probability"),
    ("faults", {"headers": {"a": "b\r\nc: d"}}, "headers"),
    ("purchases", {"product_id": "pdt_1", "quantity": 0}, "quantity"),
    ("purchases", {"product_id": "pdt_0"}, "pdt_0"),
    ("rate-limit", {"per_minute": 0}, "per_minute"),
    ("webhooks", {"license_key_id": "lic_new"}, "--webhook-url"),
]


@pytest.mark.parametrize(("path", "body", "words"), REFUSED, ids=lambda its: str(its)[:60])
def test_what_cannot_be_is_said_and_changes_nothing(mock, http, path, body, words):
    control(http, "load", STATE)
    before = mock.dump(), {**http.get("/_mock/").json(), "clock": None}
    reply = http.post(f"/_mock/{path}", json=body)
    assert (reply.status_code, words in reply.json()["message"]) == (422, True), reply.text
    now = http.get("/_mock/").json()
    assert (mock.dump(), {**now, "clock": None}) == before
    assert is_now(now["clock"])


def test_reset_goes_back_to_the_start():
    with DodoMock(keys=20) as mock, httpx.Client(base_url=mock.base_url) as http:
        before = mock.dump()
        http.post("/licenses/activate", json={"license_key": before["license_keys"][0]["key"], "name": "x"})
        control(http, "load", STATE)
        control(http, "clock", {"freeze": True, "advance": {"days": 3}})
        control(http, "faults", {"kind": "answer", "times": None})
        control(http, "rate-limit", {"per_minute": 1})
        now = control(http, "reset")
        assert mock.dump() == before
        assert (now["faults"], now["requests"], now["rate_limit"]) == (0, 0, False)
        assert is_now(now["clock"])


def test_keys_expire_and_every_timestamp_follows_the_clock(http):
    control(http, "load", {"license_keys": [{"key": "A", "expires_at": "2030-01-01T00:00:00Z"}]})
    control(http, "clock", {"freeze": "2029-12-31T23:59:59Z"})
    used = {"license_key": "A", "name": "x"}
    assert keys(http, status="active")
    assert http.post("/licenses/activate", json=used).json()["created_at"] == "2029-12-31T23:59:59Z"
    moved = control(http, "clock", {"advance": {"seconds": 1}})
    assert moved == {"now": "2030-01-01T00:00:00Z", "frozen": True}
    assert keys(http, status="expired") == keys(http)
    assert http.post("/licenses/validate", json=used).json() == {"valid": False}
    assert http.get("/_mock/requests").json()["requests"][-1]["at"] == "2030-01-01T00:00:00Z"
    control(http, "clock", {"freeze": False, "advance": {"days": -365}})
    assert http.get("/_mock/clock").json()["now"].startswith("2029-")


def test_requests_are_remembered_without_their_headers(mock, http):
    http.get("/license_keys", params={"page_size": 1, "status": "active"})
    http.post("/licenses/validate", json={"license_key": "A"})
    http.post("/licenses/validate", content=b"\xff")
    listed, validated, broken = http.get("/_mock/requests").json()["requests"]
    assert (listed["method"], listed["path"], listed["status"]) == ("GET", "/license_keys", 200)
    assert listed["operation"] == "list_license_keys"
    assert listed["query"] == {"page_size": "1", "status": "active"}
    assert (validated["body"], validated["operation"]) == ({"license_key": "A"}, "validate_license")
    assert broken["status"] == 400
    assert mock.api_key not in http.get("/_mock/requests").text
    assert http.delete("/_mock/requests").json() == {"requests": []}


def test_the_rate_limit_goes_on_and_off(http):
    assert control(http, "rate-limit", {"per_minute": 2}) == {"enabled": True, "per_minute": 2}
    assert [http.get("/license_keys").status_code for _ in range(3)] == [200, 200, 429]
    control(http, "rate-limit", {"enabled": False})
    assert http.get("/license_keys").status_code == 200


def test_only_this_machine_may_control_by_whatever_name(http, monkeypatch):
    others = ("192.168.1.5", "::ffff:10.0.0.1", "example", "localhost.evil", "", None)
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost")))
    assert not any(map(is_loopback, others))
    monkeypatch.setattr("dodo_licenses.mock.control.is_loopback", {"localhost"}.__contains__)
    assert http.get("/_mock/", headers={"Host": "localhost"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:4010"}, 200),
        ({"Host": "[::1]:4010", "Origin": "http://localhost:3000"}, 200),
        *(({"Host": host}, 403) for host in ("evil.example", "127.0.0.1.evil.example:4010", "[::1")),
        *(({"Origin": origin}, 403) for origin in ("https://evil.example", "null")),
        *(({"Content-Type": media_type}, 400) for media_type in ("text/plain", "multipart/form-data")),
        ({"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Host": "evil.example", "Forwarded": "for=8.8.8.8"}, 200),
    ],
)
def test_no_web_page_may_control(http, headers, status):
    for path in ("clock", "faults", "load"):
        sent = {"Content-Type": "application/json", **headers}
        reply = http.post(f"/_mock/{path}", content=b"{}", headers=sent)
        assert reply.status_code == status, reply.text


def test_other_machines_may_where_they_were_let_in_but_no_web_page():
    with DodoMock(control_from_anywhere=True) as mock, httpx.Client(base_url=mock.base_url) as http:
        assert http.post("/_mock/reset", headers={"Host": "mock:4010"}).status_code == 200
        assert http.post("/_mock/reset", headers={"Origin": "http://mock:4010"}).status_code == 403


def test_bodies_are_bounded_and_received_after_the_key_was_checked(mock, http):
    large = b'{"key": "' + b"x" * 2**21 + b'"}'
    json = {"Content-Type": "application/json"}
    assert http.post("/license_keys", content=large, headers=json).status_code == 413
    assert http.post("/licenses/validate", content=iter([large]), headers=json).status_code == 413
    assert http.post("/_mock/load", content=b" " * (2**26 + 1), headers=json).status_code == 413
    assert httpx.post(f"{mock.base_url}/license_keys", content=large, headers=json).status_code == 401
    assert mock.requests[-1]["body"] is None
    assert http.post("/licenses/validate", json={"license_key": "x" * 70_000}).status_code == 200
    assert mock.requests[-1]["body"] == "70018 bytes"


def test_what_is_not_there_is_said(http):
    assert http.get("/_mock/nothing").status_code == 404
    assert http.post("/_mock/load", content=b"{").status_code == 400
    assert http.get("/_mock").json().keys() == http.get("/_mock/").json().keys()
    assert http.get("/_mock/requests").json() == {"requests": []}  # of itself it says nothing
    assert http.get("/_mock/reset").headers["allow"] == "POST"
