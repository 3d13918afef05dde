"""Every difference from the vendor's SDK: each row of docs/moving-over.md is checked here, on both sides."""

import asyncio
import contextlib
import dataclasses
import datetime as dt
import gc
import inspect
import json
import math
import re
import time
import unittest
import warnings
from pathlib import Path
from typing import Annotated, TypedDict

import attrs
import dodopayments
import httpx
import pydantic
import pytest
from world.surface import MISSING

import dodo_licenses as ours
from dodo_licenses import types
from dodo_licenses.testing import DodoMock

PAGE = (Path(__file__).parents[2] / "docs" / "moving-over.md").read_text()
ROWS = re.findall(r"^\| (?!---)([^|]+) \| ", PAGE, re.MULTILINE)
NOT_HERE = dict(re.findall(r"^- \*(.+?)\*: (.+); \*\*instead\*\* ", PAGE, re.MULTILINE))
ADA = {"customer_id": "cus_1", "email": "ada@example.com", "name": "Ada", "phone_number": "+44 1"}
NOBODY = "http://127.0.0.1:9"
Found = dataclasses.make_dataclass("Found", [("items", list)])
EVENT = {"business_id": "bus_1", "timestamp": "2026-01-01T00:00:00Z", "data": {"payment_id": "pay_1"}}


class FoundDict(TypedDict):
    items: list


def raised(kind, call):
    """The error that a call ends with, if it is of this kind."""
    try:
        call()
    except kind as error:
        return error


def raises(kind, call, *said):
    error = raised(kind, call)
    return error is not None and all(word in str(error) for word in said)


def refused(call, *said):
    return raises(ValueError, call, *said)


def listed(client):
    return list(client.license_keys.list())


def requests(client, call=listed, answer=None, **http):
    """What a twin sends in a call, by an http_client of its own."""
    seen = []

    def handle(request):
        seen.append(request)
        return httpx.Response(200, json={"valid": False, "items": []}) if answer is None else answer

    with httpx.Client(transport=httpx.MockTransport(handle), **http) as http_client:
        with contextlib.suppress(ours.APIError, dodopayments.APIError):
            call(client.copy(http_client=http_client))
    return seen


def sent(*args, **http):
    (request,) = requests(*args, **http)
    return request


def retrieve(client):
    return client.license_keys.retrieve("lic_0")


def is_not_repeated(client, status, **headers):
    answer = httpx.Response(
        status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return len(requests(client.copy(max_retries=2, timeout=1), retrieve, answer)) == 1


async def raw_reply(sdk, mock):
    async with sdk.AsyncDodoPayments(bearer_token=mock.api_key) as client:
        return await client.products.with_raw_response.list()


def left_open(sdk, mock):
    listed(sdk.DodoPayments(bearer_token=mock.api_key))
    gc.collect()


def first(client):
    return next(iter(client.license_keys.list(page_size=1)))


def warned(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return [warning.category for warning in found]


def logged(name, call):
    with unittest.TestCase().assertLogs(name, "DEBUG") as log:
        call()
    return log.records


def again(mock):
    key = mock.dump()["license_keys"][0]
    return {name: key[name] for name in ("customer_id", "product_id", "key")}


# What shows that a row of the page holds, of a client, its mock and its package: true, or true in all parts.
CHECKS = {
    "the name of the log": lambda c: logged("dodo_licenses", lambda: listed(c)),
    "a client without an API key": lambda _c, _m, sdk: sdk.DodoPayments().bearer_token is None,
    "`environment=` where `DODO_PAYMENTS_BASE_URL` is set": lambda _c, _m, sdk: (
        "test" in str(sdk.DodoPayments(environment="test_mode", bearer_token="sk").base_url)
    ),
    "`base_url=`": lambda c: (
        isinstance(c.base_url, str),
        refused(lambda: c.copy(base_url=httpx.URL(NOBODY))),
        refused(lambda: c.copy(base_url="http://example.com"), "allow_http"),
    ),
    "`timeout=`": lambda c: (
        sent(c.copy(timeout=ours.Timeout(7))).extensions["timeout"]["read"] < 7 and c.timeout == 60
    ),
    "`max_retries=`": lambda c, _, sdk: (
        refused(lambda: c.copy(max_retries=math.inf), "0 to 100"),
        refused(lambda: sdk.DodoPayments(bearer_token="sk", max_retries=None), "0 to 100"),
    ),
    "rate limit": lambda _c, _m, sdk: (
        inspect.signature(sdk.DodoPayments).parameters["rate_limit"].default == ours.RateLimit(100, 10)
    ),
    "your `http_client`": lambda c: (
        sent(c.copy(timeout=60), timeout=7).extensions["timeout"]["read"] > 7,
        len(requests(c, retrieve, httpx.Response(302, headers={"location": "/"}), follow_redirects=True)) < 2,
        refused(lambda: c.copy(http_client=httpx.AsyncClient()), "httpx.Client"),
        c.copy(http_client=(http_client := httpx.Client())).close() is None and not http_client.is_closed,
        http_client.close() is None,
    ),
    "headers about the program": lambda c: not any("stainless" in header for header in sent(c).headers),
    "`Authorization` in headers": lambda c: (
        refused(lambda: c.copy(default_headers={"authorization": "x"}), "bearer_token"),
        sent(c.with_options(bearer_token="sk_2")).headers["authorization"] == "Bearer sk_2",
    ),
    "`client.timeout = …` and the like": lambda c: all(
        raises(AttributeError, lambda name=name: setattr(c, name, getattr(c, name)))
        for name in ("base_url", "bearer_token", "max_retries", "timeout")
    ),
    "a client that nobody closes": lambda _c, m, sdk: ResourceWarning in warned(lambda: left_open(sdk, m)),
    "a call of a closed client": lambda c, _, sdk: (
        c.close() is None and raises(sdk.DodoPaymentsError, lambda: retrieve(c), "is closed")
    ),
    "the secret key on `licenses.*`": lambda c: (
        "authorization" not in sent(c, lambda it: it.licenses.validate(license_key="no")).headers
    ),
    "what somebody typed in as a license key": lambda c: (
        not any(c.licenses.validate(license_key=k).valid for k in ("x" * 5000, "\ud800", " no "))
    ),
    "a blank name, an id with a slash": lambda c: (
        refused(lambda: c.license_keys.retrieve("a/b"))
        and refused(lambda: c.licenses.activate(license_key="K", name=" "))
    ),
    "a moment without its time zone, a date": lambda c: (
        refused(lambda: c.license_keys.list(created_at_gte="2026-01-01T00:00:00"), "end it with Z")
        and refused(lambda: c.license_keys.list(created_at_gte=dt.date(2026, 1, 1)), "2026-12-31T")
    ),
    "`omit` for `page_size` or a header, `NOT_GIVEN` for what a client is made with": lambda c, _, sdk: (
        refused(lambda: c.license_keys.list(page_size=sdk.omit)),
        refused(lambda: c.copy(default_headers={"X-A": sdk.omit})),
        refused(lambda: sdk.DodoPayments(bearer_token="sk", timeout=sdk.NOT_GIVEN)),
    ),
    "an `update` of nothing": lambda c: UserWarning in warned(lambda: c.license_keys.update(first(c).id)),
    "`extra_query` and `extra_body`": lambda c: (
        refused(lambda: c.license_keys.retrieve("lic_1", extra_query={"id": "x"}), "pass it"),
        refused(lambda: c.license_keys.retrieve("lic_1", extra_query={"tags": ["x"]}), "a number"),
    ),
    "deprecated operations": lambda c: c.license_keys.list() and warned(c.license_keys.list) == [],
    "query and address of `client.get`": lambda c, m: (
        len(c.get("/license_keys", cast_to=dict, extra_query={"page_size": 3})["items"]) == 3,
        refused(lambda: c.get("/products?page_size=3", cast_to=dict), "extra_query"),
        all(refused(lambda p=p: c.get(p, cast_to=dict)) for p in (f"{m.base_url}/x", "/a/../b", "/a\u202e")),
    ),
    "`cast_to=`": lambda c, m, sdk: (
        refused(lambda: c.get("/products", cast_to=types.LicenseKey | types.Product), "dict"),
        refused(lambda: c.get("/products", cast_to=pydantic.BaseModel), "model_validate"),
        not m.requests,
        c.get("/products", cast_to=httpx.Response).json() == c.get("/products", cast_to=dict),
        all(c.get("/products", cast_to=kind).items for kind in (sdk.types.ProductList, Found)),
        c.get("/products", cast_to=FoundDict)["items"],
    ),
    "`with_streaming_response`": lambda c: raises(
        AttributeError, lambda: c.license_keys.with_streaming_response, "with_raw_response"
    ),
    "`with_raw_response`, async": lambda _c, m, sdk: (
        not inspect.iscoroutinefunction(asyncio.run(raw_reply(sdk, m)).parse)
    ),
    "listing 95 keys with the defaults": lambda c: len(listed(c)) == 95,
    "default page size": lambda c: sent(c).url.params["page_size"] == "100",
    "`page_size=0`": lambda c: refused(lambda: c.license_keys.list(page_size=0), "page_size"),
    "a listing": lambda c, m: (
        (keys := c.license_keys.list()) is not None and not m.requests and len(list(keys)) == 95
    ),
    "after the last page": lambda c, _, sdk: (
        not (page := c.license_keys.list(page_size=100)).has_next_page(),
        raises(sdk.DodoPaymentsError, page.get_next_page, "has_next_page"),
    ),
    "finding a key by its string": lambda c: c.license_keys.find(key=first(c).key) == first(c),
    "models": lambda c: (
        (key := first(c)) == type(key).model_validate_json(key.model_dump_json()),
        (newer := type(key).model_validate({**key.model_dump(), "tier": "gold"})).tier == "gold",
        newer.model_extra == {"tier": "gold"} and json.loads(newer.to_json())["tier"] == "gold",
        attrs.has(type(key)),
    ),
    "`to_dict()`": lambda c: (
        isinstance(first(c).to_dict()["created_at"], str),
        isinstance(first(c).model_dump()["created_at"], dt.datetime),
        first(c).model_dump(mode="json") == first(c).to_dict(),
        None not in first(c).model_dump(exclude_none=True).values(),
    ),
    "changing a field of a model": lambda c: (
        first(c).model_copy(update={"instances_count": 7}).instances_count == 7
        and raises(AttributeError, lambda: setattr(first(c), "key", "x"))
    ),
    "`list(key)`, `vars(key)`": lambda c: (
        raises(TypeError, lambda: list(first(c)), "to_dict()"),
        raises(TypeError, lambda: vars(first(c))),
        dict(first(c))["id"] == first(c).id,
    ),
    "`model_fields_set`": lambda c: (
        "id" in first(c).model_fields_set
        and "expires_at" not in first(c).model_copy(update={"expires_at": None}).model_fields_set
    ),
    "repr of a key or a customer": lambda c, _, sdk: (
        first(c).key not in repr(first(c))
        and not any(value in repr(sdk.types.LicenseCustomer(**ADA)) for value in (*ADA.values(),)[1:])
    ),
    "an enum value newer than the SDK": lambda _c, _m, sdk: sdk.types.LicenseKeyStatus("new") == "new",
    "a reply of the wrong shape, status or media type": lambda c, m, sdk: all(
        raises(sdk.APIResponseValidationError, lambda: listed(c), "list_license_keys", said)
        for status, body, said in ((200, {"items": 5}, "$.items"), (203, {}, "203"), (200, "<html>", "JSON"))
        if m.fault(status=status, body=body) is None
    ),
    "`error.message`, `str(error)`": lambda c, _, sdk: (
        error := raised(sdk.NotFoundError, lambda: retrieve(c)),
        error.message == error.body["message"],
        str(error).startswith("GET /license_keys/lic_0: 404 NOT_FOUND: " + error.message),
    ),
    "`error.request`, `error.response`": lambda c, m, sdk: (
        error := raised(sdk.ConflictError, lambda: c.license_keys.create(**again(m))),
        "authorization" not in error.request.headers and error.request.content == b"",
        error.request is error.response.request,
    ),
    "`error.__cause__`": lambda c, _, sdk: (
        error := raised(sdk.APIConnectionError, lambda: listed(c.copy(base_url=NOBODY))),
        error.__cause__ is None and "refused" in str(error),
    ),
    "`activate` and others whose answer is lost": lambda c, m, sdk: (
        m.fault("reset", operation="activate_license", after=True) is None,
        error := raised(
            sdk.APIConnectionError,
            lambda: c.copy(max_retries=2).licenses.activate(license_key=again(m)["key"], name="laptop"),
        ),
        [entry["operation"] for entry in m.requests] == ["activate_license"],
        error.activation_name == "laptop" and "laptop" in str(error),
    ),
    "409": lambda c: is_not_repeated(c, 409),
    "the headers `x-should-retry` and `retry-after-ms`": lambda c: is_not_repeated(
        c, 404, x_should_retry="true"
    ),
    "`Retry-After` of more than a minute": lambda c: is_not_repeated(c, 429, retry_after="90"),
    "`webhooks.unwrap(payload, headers=…, key=…)`": lambda c, _, sdk: raises(
        sdk.APIWebhookValidationError, lambda: c.webhooks.unwrap("{}", headers={}, key=b"k" * 24)
    ),
    "events about other things": lambda c: isinstance(
        c.webhooks.unsafe_unwrap(json.dumps({"type": "payment.succeeded", **EVENT})), ours.OtherEvent
    ),
}


@pytest.fixture(scope="module")
def server():
    with DodoMock(keys=95) as server:
        yield server


@pytest.mark.parametrize("sdk", [ours, dodopayments])
@pytest.mark.parametrize("what", CHECKS)
def test_a_row_holds_here_and_not_there(server, what, sdk, monkeypatch):
    server.reset()
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", server.base_url)
    if sdk is dodopayments:
        monkeypatch.setattr(time, "sleep", lambda _: None)  # between two attempts
    check = CHECKS[what]
    with sdk.DodoPayments(bearer_token=server.api_key, max_retries=0) as client:
        try:
            held = check(*(client, server, sdk)[: check.__code__.co_argcount])
        except Exception:
            if sdk is ours:
                raise
            held = False
    assert (all(held) if isinstance(held, tuple) else bool(held)) == (sdk is ours)


def test_the_page_has_these_rows_and_no_others():
    assert [*CHECKS] == ROWS
    assert NOT_HERE.keys() == MISSING.keys()


@pytest.mark.parametrize("what", MISSING)
def test_what_cannot_be_written_here_is_named(what):
    assert set(re.findall("`([^`]+)`", NOT_HERE[what])) == MISSING[what]


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
        client.license_keys.with_raw_response.update("lic_1", disabled=True, extra_body={"note": "x"})
        for verb in ("post", "put", "patch"):
            getattr(client, verb)("/x", cast_to=dict, body={"a": 1}, extra_headers={"X-A": "2"})
        client.delete("/x", cast_to=dict, extra_headers={"X-A": "2"})
        client.post("/licenses/validate", cast_to=dict)
    first, second, update, *others, public = seen
    assert "authorization" not in public.headers
    assert (first.headers["x-a"], first.url.params["tag"]) == ("1", "true")
    assert first.extensions["timeout"]["read"] <= 5 < second.extensions["timeout"]["read"]
    assert "x-a" not in second.headers
    assert "tag" not in second.url.params
    assert update.content == b'{"disabled":true,"note":"x"}'
    sent = [(it.method, it.url.path, it.headers["x-a"], it.content) for it in others]
    assert sent[:3] == [(verb, "/x", "2", b'{"a":1}') for verb in ("POST", "PUT", "PATCH")]
    assert sent[3:] == [("DELETE", "/x", "2", b"")]


def test_pydantic_and_fastapi_take_models_in_and_out(server):
    import fastapi  # noqa: PLC0415 - which takes half a second

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
