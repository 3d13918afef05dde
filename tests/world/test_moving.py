"""Every difference from the vendor's SDK: the rows of docs/moving-over.md, each checked."""

import asyncio
import datetime as dt
import inspect
from pathlib import Path
from typing import Annotated

import fastapi
import httpx
import pytest

import dodo_licenses as ours
from dodo_licenses import InvalidArgumentError, types
from dodo_licenses.testing import DodoMock

PAGE = Path(__file__).parents[2] / "docs" / "moving-over.md"
ROWS = []


def row(what, theirs, here):
    """A difference, and what shows it: a function of a client and of its mock, true where the row holds."""
    return lambda check: ROWS.append((what, theirs, here, check))


def raises(kind, call, *said):
    with pytest.raises(kind) as caught:
        call()
    return all(word in str(caught.value) for word in said)


def shows_headers(request):
    return httpx.Response(200, json={"authorization": request.headers.get("authorization")})


def knows(function, *names):
    return set(names) <= inspect.signature(function).parameters.keys()


row("listing 95 keys with the defaults", "85, and no error: it asks for page 0, then page 2", "95")(
    lambda c, _: len(list(c.license_keys.list())) == 95
)
row("default page size", "10", "100: the rate limit counts requests")(
    lambda c, _: inspect.signature(c.license_keys.list).parameters["page_size"].default == 100
)
row("`page_size=0`", "sent", "`InvalidArgumentError`")(
    lambda c, _: raises(InvalidArgumentError, lambda: c.license_keys.list(page_size=0), "page_size")
)
row("a listing", "asks for its first page at once", "asks when it is iterated, and stands for all pages")(
    lambda c, m: bool(c.license_keys.list()) and not m.requests
)
row(
    "resources",
    "the whole API",
    "`license_keys`, `license_key_instances`, `licenses`, `entitlements` with `grants`, `products.list`, "
    '`customers.list_entitlement_grants`; for the rest `client.get("/payments", cast_to=dict)`',
)(lambda c, _: not hasattr(c, "payments") and c.get("/products", cast_to=dict)["items"])
row("query of `client.get`", '`options={"params": …}`', "`extra_query=…`")(
    lambda c, _: len(c.get("/license_keys", cast_to=dict, extra_query={"page_size": 3})["items"]) == 3
)
row(
    "`cast_to=`",
    "pydantic models, `httpx.Response`",
    "models, dataclasses, TypedDicts, `dict`, `httpx.Response`",
)(lambda c, _: c.get("/products", cast_to=httpx.Response).status_code == 200)
row("`LicenseKeyCreatedWebhookEvent`", "of `types`", "also `LicenseKeyCreatedEvent`")(
    lambda *_: types.LicenseKeyCreatedWebhookEvent is ours.LicenseKeyCreatedEvent
)
row("a client without an API key", "cannot be made", "can: `licenses` needs none")(
    lambda *_: ours.DodoPayments().bearer_token is None
)
row("the secret key on `licenses.*`", "sent along", "never sent")(
    lambda c, _: (
        c.copy(http_client=httpx.Client(transport=httpx.MockTransport(shows_headers)))
        .licenses.with_raw_response.validate(license_key="no")
        .json()["authorization"]
        is None
    )
)
row(
    "what somebody typed in as a license key",
    "sent as it is",
    "sent without the blanks around it, for the API to judge",
)(lambda c, _: not any(c.licenses.validate(license_key=k).valid for k in ("x" * 5000, "\ud800", " no ")))
row(
    "a blank name, an id with a slash",
    "sent as it is",
    "`InvalidArgumentError`, a ValueError, and no request",
)(
    lambda c, _: (
        raises(ValueError, lambda: c.license_keys.retrieve("a/b"))
        and raises(ValueError, lambda: c.licenses.activate(license_key="K", name=" "))
    )
)
row("a moment without its time zone, a date", "sent as it is", "`InvalidArgumentError` with what to write")(
    lambda c, _: (
        raises(ValueError, lambda: c.license_keys.list(created_at_gte="2026-01-01T00:00:00"), "end it with Z")
        and raises(ValueError, lambda: c.license_keys.list(created_at_gte=dt.date(2026, 1, 1)), "2026-12-31T")
    )
)
row("leaving a field of `update` as it is", "`omit`", "`omit`, which is `UNSET`; None removes")(
    lambda *_: ours.omit is ours.NOT_GIVEN is ours.UNSET
)
row(
    "`timeout=`",
    "of each attempt, 60 s",
    "of the whole call with its retries, 60 s; of an `httpx.Timeout`, its `read`",
)(lambda c, _: c.copy(timeout=ours.Timeout(7))._engine.settings.seconds == 7)
row("time-out and redirects of your `http_client`", "count", "the client's own count; redirects are errors")(
    lambda c, m: c.copy(http_client=httpx.Client(timeout=7)).timeout == 60
)
row(
    "`extra_query` and `extra_body`",
    "replace what the method sends",
    "add what the method has no argument for",
)(
    lambda c, _: raises(
        ValueError, lambda: c.license_keys.retrieve("lic_1", extra_query={"id": "x"}), "pass it"
    )
)
row(
    "`Authorization` in headers",
    "replaces the API key",
    "`InvalidArgumentError`: `with_options(bearer_token=…)`",
)(lambda c, _: raises(ValueError, lambda: c.copy(default_headers={"authorization": "x"}), "bearer_token"))
row("`set_default_headers`, `set_default_query`", "replace what the client has", "make another client")(
    lambda c, _: not knows(c.copy, "set_default_headers") and knows(c.copy, "default_headers", "webhook_key")
)
row("`base_url` of a client", "`httpx.URL`", "a string")(lambda c, m: c.base_url == m.base_url)
row(
    "`DefaultAioHttpClient`, `DEFAULT_TIMEOUT`, `BaseModel`",
    "there",
    "no; `DefaultHttpxClient` is `httpx.Client`",
)(lambda *_: not hasattr(ours, "DefaultAioHttpClient") and ours.DefaultHttpxClient is httpx.Client)
row("`with_streaming_response`", "yes", "no: replies are small, and read within 32 MiB")(
    lambda c, _: raises(AttributeError, lambda: c.license_keys.with_streaming_response, "with_raw_response")
)
row("`with_raw_response`, async", "`await response.parse()`", "`response.parse()`")(
    lambda *_: not inspect.iscoroutinefunction(ours.RawResponse.parse)
)
row(
    "`with_raw_response`",
    "`http_request`, `elapsed`, `retries_taken`, `is_closed`",
    "`http_response`, `status_code`, `headers`, `request_id`, `content`, `json()`, `parse()`",
)(lambda c, _: c.with_raw_response.license_keys.list(page_size=1).http_response.json()["items"])
row(
    "a reply of the wrong shape, status or media type",
    "goes into the model unchecked",
    "`ResponseValidationError`, also called `APIResponseValidationError`, with operation and field",
)(lambda *_: ours.APIResponseValidationError is ours.ResponseValidationError)
row(
    "`error.message`, `str(error)`", "the same", "the API's sentence; with request, status and code before it"
)(lambda c, _: raises(ours.NotFoundError, lambda: c.license_keys.retrieve("lic_0"), "GET", "NOT_FOUND"))
row(
    "`error.request`, `error.response`",
    "as sent, with the API key",
    "without headers and body of the request",
)(
    lambda *_: (
        ours.NotFoundError("x", response=httpx.Response(404, request=httpx.Request("GET", "http://a/b"))).path
        == "/b"
    )
)
row("`error.__cause__`", "httpx's error", "None; `str(error)` says it")(
    lambda *_: ours.APIConnectionError(request=None).__cause__ is None
)
row(
    "activate when the answer is lost",
    "repeated, which may cost a second seat",
    "not repeated; the error names the activation to look for",
)(lambda *_: ours.DodoPaymentsError.activation_name is None)
row("409", "tried again", "`ConflictError` at once")(
    lambda c, m: (
        raises(ours.ConflictError, lambda: c.copy(max_retries=2).license_keys.create(**again(m)))
        and [r["method"] for r in m.requests] == ["POST"]
    )
)
row("rate limit", "met with 429s", "kept: `rate_limit=`")(lambda *_: knows(ours.DodoPayments, "rate_limit"))
row(
    "models",
    "pydantic",
    "attrs; `to_dict()`, `to_json()`, `model_dump()`, `model_validate()` and others are there; fields of pydantic's models and FastAPI's answers may be of them",
)(lambda c, _: types.LicenseKey.model_validate(first(c).model_dump()) == first(c))
row("`to_dict()`", "datetimes", "as JSON has it; `model_dump()` has datetimes")(
    lambda c, _: (
        isinstance(first(c).to_dict()["created_at"], str)
        and isinstance(first(c).model_dump()["created_at"], dt.datetime)
    )
)
row("changing a field of a model", "allowed", "`model_copy(update=…)`")(
    lambda c, _: (
        first(c).model_copy(update={"instances_count": 7}).instances_count == 7
        and raises(AttributeError, lambda: setattr(first(c), "key", "x"))
    )
)
row("`list(key)`", "pairs of name and value", "a TypeError that says `to_dict()`; `dict(key)` works")(
    lambda c, _: (
        raises(TypeError, lambda: list(first(c)), "to_dict()") and dict(first(c))["id"] == first(c).id
    )
)
row("`model_fields_set`", "what came", "what came and is not null")(
    lambda c, _: (
        "id" in first(c).model_fields_set
        and "expires_at" not in first(c).model_copy(update={"expires_at": None}).model_fields_set
    )
)
row("repr of a key or a customer", "shows key, name, mail address and phone number", "shows none of them")(
    lambda c, _: first(c).key not in repr(first(c))
)
row("an enum value newer than the SDK", "a plain string", "a member of the enum, equal to its string")(
    lambda *_: ours.LicenseKeyStatus("new") == "new"
)
row(
    "deprecated operations", "`DeprecationWarning` at each call", "once a process, naming what to use instead"
)(lambda c, _: "list_granted" in ours.DodoPayments().license_keys.list.__doc__)
row(
    "`webhooks.unwrap(payload, headers=…, key=…)`",
    "standardwebhooks' errors",
    "the same call; `WebhookVerificationError`, also called `APIWebhookValidationError`, and other events as `OtherEvent`",
)(
    lambda c, _: raises(
        ours.APIWebhookValidationError, lambda: c.copy(webhook_key=b"k" * 24).webhooks.unwrap("{}", {})
    )
)
row("finding a key by its string", "by hand", '`license_keys.find(key="…")`')(
    lambda c, _: c.license_keys.find(key=first(c).key) == first(c)
)


def first(client):
    return next(iter(client.license_keys.list(page_size=1)))


def again(mock):
    key = mock.dump()["license_keys"][0]
    return {name: key[name] for name in ("customer_id", "product_id", "key")}


@pytest.fixture(scope="module")
def server():
    with DodoMock(keys=95) as server:
        yield server


@pytest.mark.parametrize(("what", "check"), [(r[0], r[3]) for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_row_holds(server, what, check):
    server.reset()
    assert check(server.client(timeout=60), server), what


@pytest.mark.parametrize("face", ["sync", "async"])
def test_options_of_one_call_are_of_that_call(face):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"items": []})

    options = {"timeout": 5, "extra_headers": {"X-A": "1"}, "extra_query": {"tag": True}}

    async def asynchronous():
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as carrier:
            client = ours.AsyncDodoPayments(bearer_token="sk_1", http_client=carrier)
            assert [key async for key in client.license_keys.list(**options)] == []
            await client.license_keys.with_raw_response.list()
            await client.post("/x", cast_to=dict, body={"a": 1}, extra_headers={"X-A": "2"})

    if face == "async":
        asyncio.run(asynchronous())
    else:
        with httpx.Client(transport=httpx.MockTransport(answer)) as carrier:
            client = ours.DodoPayments(bearer_token="sk_1", http_client=carrier)
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


def test_the_page_has_these_rows():
    table = "".join(f"| {what} | {theirs} | {here} |\n" for what, theirs, here, _ in ROWS)
    head, mark, _ = PAGE.read_text().partition("| --- | --- | --- |\n")
    wanted = head + mark + table
    if PAGE.read_text() != wanted:
        (PAGE.parents[1] / "build").mkdir(exist_ok=True)
        (PAGE.parents[1] / "build" / PAGE.name).write_text(wanted)
        pytest.fail("docs/moving-over.md has other rows: build/moving-over.md has these")
