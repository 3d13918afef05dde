"""Every difference from the vendor's SDK: each row of docs/moving-over.md is checked here."""

import asyncio
import dataclasses
import datetime as dt
import inspect
import warnings
from pathlib import Path
from typing import Annotated, TypedDict

import fastapi
import httpx
import pytest

import dodo_licenses as ours
from dodo_licenses import InvalidArgumentError, types
from dodo_licenses.testing import DodoMock

PAGE = Path(__file__).parents[2] / "docs" / "moving-over.md"


def raises(kind, call, *said):
    with pytest.raises(kind) as caught:
        call()
    return all(word in str(caught.value) for word in said)


def refusal(kind, call):
    """The error that a call ends with."""
    with pytest.raises(kind) as caught:
        call()
    return caught.value


def listed(client):
    return list(client.license_keys.list())


def sent(client, call=listed, answer=None, **http):
    """The request that a call of a twin sends, by an http_client of its own."""
    seen = []

    def handle(request):
        seen.append(request)
        return httpx.Response(200, json={"valid": False, "items": []}) if answer is None else answer

    with httpx.Client(transport=httpx.MockTransport(handle), **http) as http_client:
        call(client.copy(http_client=http_client))
    (request,) = seen
    return request


# What shows that a row of the page holds: of a client and of its mock, true, or true in all parts.
CHECKS = {
    "listing 95 keys with the defaults": lambda c, _: len(listed(c)) == 95,
    "default page size": lambda c, _: (
        inspect.signature(c.license_keys.list).parameters["page_size"].default == 100
    ),
    "`page_size=0`": lambda c, _: raises(
        InvalidArgumentError, lambda: c.license_keys.list(page_size=0), "page_size"
    ),
    "a listing": lambda c, m: (
        (keys := c.license_keys.list()) is not None and not m.requests and len(list(keys)) == 95
    ),
    "resources": lambda c, _: (
        not hasattr(c, "payments"),
        len(c.get("/products", cast_to=dict)["items"]) == len(list(c.products.list())),
        grant := next(iter(c.license_keys.list_granted())).grant,
        grant in list(c.entitlements.grants.list(grant.entitlement_id)),
        grant in list(c.customers.list_entitlement_grants(grant.customer_id)),
    ),
    "query of `client.get`": lambda c, _: (
        len(c.get("/license_keys", cast_to=dict, extra_query={"page_size": 3})["items"]) == 3
    ),
    "`cast_to=`": lambda c, _: (
        c.get("/products", cast_to=httpx.Response).json() == c.get("/products", cast_to=dict)
        and all(c.get("/products", cast_to=kind).items for kind in (types.ProductList, Found))
        and c.get("/products", cast_to=FoundDict)["items"]
    ),
    "`LicenseKeyCreatedWebhookEvent`": lambda *_: (
        types.LicenseKeyCreatedWebhookEvent is ours.LicenseKeyCreatedEvent
    ),
    "a client without an API key": lambda *_: ours.DodoPayments().bearer_token is None,
    "the secret key on `licenses.*`": lambda c, _: (
        "authorization" not in sent(c, lambda it: it.licenses.validate(license_key="no")).headers
    ),
    "what somebody typed in as a license key": lambda c, _: (
        not any(c.licenses.validate(license_key=k).valid for k in ("x" * 5000, "\ud800", " no "))
    ),
    "a blank name, an id with a slash": lambda c, _: (
        raises(ValueError, lambda: c.license_keys.retrieve("a/b"))
        and raises(ValueError, lambda: c.licenses.activate(license_key="K", name=" "))
    ),
    "a moment without its time zone, a date": lambda c, _: (
        raises(ValueError, lambda: c.license_keys.list(created_at_gte="2026-01-01T00:00:00"), "end it with Z")
        and raises(ValueError, lambda: c.license_keys.list(created_at_gte=dt.date(2026, 1, 1)), "2026-12-31T")
    ),
    "leaving a field of `update` as it is": lambda c, _: (
        [limit_after(c, limit) for limit in (5, ours.omit, ours.UNSET, None)] == [5, 5, 5, None]
    ),
    "`timeout=`": lambda c, _: sent(c.copy(timeout=ours.Timeout(7))).extensions["timeout"]["read"] <= 7,
    "time-out and redirects of your `http_client`": lambda c, _: (
        sent(c, timeout=7).extensions["timeout"]["read"] > 7
        and sent(
            c,
            lambda it: raises(ours.APIStatusError, lambda: it.license_keys.retrieve("lic_1"), "302"),
            httpx.Response(302, headers={"location": "/"}),
            follow_redirects=True,
        )
    ),
    "`extra_query` and `extra_body`": lambda c, _: raises(
        ValueError, lambda: c.license_keys.retrieve("lic_1", extra_query={"id": "x"}), "pass it"
    ),
    "`Authorization` in headers": lambda c, _: raises(
        ValueError, lambda: c.copy(default_headers={"authorization": "x"}), "bearer_token"
    ),
    "`set_default_headers`, `set_default_query`": lambda c, _: (
        raises(TypeError, lambda: c.copy(set_default_headers={}))
        and sent(c.copy(default_headers={"X-A": "1"})).headers["x-a"] == "1"
    ),
    "`base_url` of a client": lambda c, m: c.base_url == m.base_url,
    "`DefaultAioHttpClient`, `DEFAULT_TIMEOUT`, `BaseModel`": lambda *_: (
        not hasattr(ours, "DefaultAioHttpClient") and ours.DefaultHttpxClient is httpx.Client
    ),
    "`with_streaming_response`": lambda c, _: raises(
        AttributeError, lambda: c.license_keys.with_streaming_response, "with_raw_response"
    ),
    "`with_raw_response`, async": lambda *_: not inspect.iscoroutinefunction(ours.RawResponse.parse),
    "`with_raw_response`": lambda c, _: (
        raw := c.with_raw_response.license_keys.list(page_size=1),
        all(
            hasattr(raw, name)
            for name in ("http_response", "status_code", "headers", "request_id", "content")
        ),
        not any(hasattr(raw, name) for name in ("http_request", "elapsed", "retries_taken", "is_closed")),
        raw.json() == raw.http_response.json() and raw.parse().items[0].id == raw.json()["items"][0]["id"],
    ),
    "a reply of the wrong shape, status or media type": lambda c, m: [
        raises(ours.APIResponseValidationError, lambda: listed(c), "list_license_keys", said)
        for status, body, said in ((200, {"items": 5}, "$.items"), (203, {}, "203"), (200, "<html>", "JSON"))
        if m.fault(status=status, body=body) is None
    ],
    "`error.message`, `str(error)`": lambda c, _: (
        error := refusal(ours.NotFoundError, lambda: c.license_keys.retrieve("lic_0")),
        str(error).startswith("GET /license_keys/lic_0: 404 NOT_FOUND: " + error.message),
        error.message == error.body["message"],
    ),
    "`error.request`, `error.response`": lambda c, m: (
        error := refusal(ours.ConflictError, lambda: c.license_keys.create(**again(m))),
        "authorization" not in error.request.headers and error.request.content == b"",
        error.request is error.response.request,
    ),
    "`error.__cause__`": lambda c, _: (
        error := refusal(ours.APIConnectionError, lambda: listed(c.copy(base_url=NOBODY))),
        error.__cause__ is None,
        "refused" in str(error),
    ),
    "activate when the answer is lost": lambda c, m: (
        m.fault("reset", operation="activate_license", after=True) is None,
        error := refusal(
            ours.APIConnectionError,
            lambda: c.copy(max_retries=2).licenses.activate(license_key=again(m)["key"], name="laptop"),
        ),
        error.activation_name == "laptop" and "laptop" in str(error),
        [entry["operation"] for entry in m.requests] == ["activate_license"],
    ),
    "409": lambda c, m: (
        raises(ours.ConflictError, lambda: c.copy(max_retries=2).license_keys.create(**again(m)))
        and [r["method"] for r in m.requests] == ["POST"]
    ),
    "rate limit": lambda *_: (
        inspect.signature(ours.DodoPayments).parameters["rate_limit"].default == ours.RateLimit(100, 10)
    ),
    "models": lambda c, _: types.LicenseKey.model_validate(first(c).model_dump()) == first(c),
    "`to_dict()`": lambda c, _: (
        isinstance(first(c).to_dict()["created_at"], str)
        and isinstance(first(c).model_dump()["created_at"], dt.datetime)
    ),
    "changing a field of a model": lambda c, _: (
        first(c).model_copy(update={"instances_count": 7}).instances_count == 7
        and raises(AttributeError, lambda: setattr(first(c), "key", "x"))
    ),
    "`list(key)`": lambda c, _: (
        raises(TypeError, lambda: list(first(c)), "to_dict()") and dict(first(c))["id"] == first(c).id
    ),
    "`model_fields_set`": lambda c, _: (
        "id" in first(c).model_fields_set
        and "expires_at" not in first(c).model_copy(update={"expires_at": None}).model_fields_set
    ),
    "repr of a key or a customer": lambda c, _: (
        first(c).key not in repr(first(c))
        and not any(value in repr(types.LicenseCustomer(**ADA)) for value in (*ADA.values(),)[1:])
    ),
    "an enum value newer than the SDK": lambda *_: (
        (new := ours.LicenseKeyStatus("new")) == "new" and isinstance(new, ours.LicenseKeyStatus)
    ),
    "deprecated operations": lambda c, _: (
        c.license_keys.list(),
        warned(c.license_keys.list) == [],
        "use license_keys.list_granted" in c.license_keys.list.__doc__,
    ),
    "`webhooks.unwrap(payload, headers=…, key=…)`": lambda c, _: raises(
        ours.APIWebhookValidationError, lambda: c.copy(webhook_key=b"k" * 24).webhooks.unwrap("{}", {})
    ),
    "finding a key by its string": lambda c, _: c.license_keys.find(key=first(c).key) == first(c),
}


ADA = {"customer_id": "cus_1", "email": "ada@example.com", "name": "Ada", "phone_number": "+44 1"}
NOBODY = "http://127.0.0.1:9"


@dataclasses.dataclass
class Found:
    items: list


class FoundDict(TypedDict):
    items: list


def limit_after(client, limit):
    key = first(client)
    return client.license_keys.update(key.id, disabled=False, activations_limit=limit).activations_limit


def warned(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return found


def first(client):
    return next(iter(client.license_keys.list(page_size=1)))


def again(mock):
    key = mock.dump()["license_keys"][0]
    return {name: key[name] for name in ("customer_id", "product_id", "key")}


@pytest.fixture(scope="module")
def server():
    with DodoMock(keys=95) as server:
        yield server


@pytest.mark.parametrize("what", CHECKS)
def test_a_row_holds(server, what):
    server.reset()
    held = CHECKS[what](server.client(timeout=60), server)
    assert all(held) if isinstance(held, tuple) else held


def test_each_row_of_the_page_is_checked():
    _, _, table = PAGE.read_text().partition("| --- | --- | --- |\n")
    assert [row.split(" | ")[0].removeprefix("| ") for row in table.splitlines()] == list(CHECKS)


def test_options_of_one_call_are_of_that_call(face):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"items": []})

    http_client = face.http_client(transport=httpx.MockTransport(answer))
    with face.client(bearer_token="sk_1", http_client=http_client) as client:
        options = {"timeout": 5, "extra_headers": {"X-A": "1"}, "extra_query": {"tag": True}}
        assert list(client.license_keys.list(**options)) == []
        client.license_keys.with_raw_response.list()
        client.post("/x", cast_to=dict, body={"a": 1}, extra_headers={"X-A": "2"})
    first, second, third = seen
    assert (first.headers["x-a"], first.url.params["tag"]) == ("1", "true")
    assert first.extensions["timeout"]["read"] <= 5 < second.extensions["timeout"]["read"]
    assert "x-a" not in second.headers
    assert "tag" not in second.url.params
    assert (third.headers["x-a"], third.content) == ("2", b'{"a":1}')


def test_pydantic_and_fastapi_take_models_in_and_out(server):
    server.reset()
    key = first(server.client())
    app = fastapi.FastAPI()

    @app.post("/typed")
    def typed(key: Annotated[types.LicenseKey, fastapi.Body()]) -> list[types.LicenseKey]:
        return [key]

    @app.get("/bare")
    def bare():
        return key

    async def use():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as client:
            assert (await client.post("/typed", json=key.to_dict())).json() == [key.to_dict()]
            assert (await client.post("/typed", json={"id": 5})).status_code == 422
            assert (await client.get("/bare")).json()["id"] == key.id
            assert "instances_count" in (await client.get("/openapi.json")).text

    asyncio.run(use())
