"""The generated methods: what inspection, tools and people see of them, raw replies, the low-level client."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import re
import typing
import warnings
from contextlib import nullcontext

import pytest

import dodo_licenses
from dodo_licenses import (
    AsyncDodoPayments,
    AsyncListing,
    DodoPayments,
    InternalServerError,
    LicenseKey,
    Listing,
    NotFoundError,
    PermissionDeniedError,
    RawResponse,
    ResponseValidationError,
    _resource,
)
from dodo_licenses.testing import spec_transport
from dodo_licenses_api import AuthenticatedClient, Client
from dodo_licenses_api.api.license_keys import list_license_keys, update_license_key
from dodo_licenses_api.api.licenses import validate_license
from dodo_licenses_api.models import UpdateLicenseKeyRequest, ValidateLicenseRequest
from dodo_licenses_api.operations import OPERATIONS

NOWHERE = {"base_url": "http://127.0.0.1:9", "bearer_token": "sk_test"}


def method(client, operation):
    """The method of an operation, by the attributes that lead there."""
    for name in operation.tag.split("."):
        client = getattr(client, name)
    return getattr(client, operation.name)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_is_a_method_of_both_clients(operation):
    waiting, awaited = (method(kind(**NOWHERE), operation) for kind in (DodoPayments, AsyncDodoPayments))
    assert inspect.signature(waiting).parameters == inspect.signature(awaited).parameters
    assert {p.name for p in operation.parameters} <= set(inspect.signature(waiting).parameters)
    raw = method(DodoPayments(**NOWHERE).with_raw_response, operation)
    assert typing.get_origin(typing.get_type_hints(raw)["return"]) is RawResponse
    returned, also = (typing.get_type_hints(one)["return"] for one in (waiting, awaited))
    if operation.items is not None:
        assert (returned, also) == (Listing[operation.items], AsyncListing[operation.items])
    else:
        assert returned is also
        assert returned in {model or type(None) for model in operation.success.values()}
    assert inspect.iscoroutinefunction(awaited) == (operation.items is None)
    assert inspect.getdoc(waiting) == inspect.getdoc(awaited)
    doc = inspect.getdoc(waiting)
    assert f"`{operation.method} {operation.path}`" in doc
    errors = re.findall(r"^ {4}(\w+Error):", doc.partition("Raises:")[2], re.MULTILINE)
    assert "InvalidArgumentError" in errors
    assert all(issubclass(getattr(dodo_licenses, name), dodo_licenses.DodoPaymentsError) for name in errors)


class TestRawReplies:
    def test_they_show_what_came_and_parse_to_the_model(self, client):
        raw = client.license_keys.with_raw_response.list(page_size=3, status="active")
        assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
        assert raw.json() == json.loads(raw.content)
        assert [key.id for key in raw.parse().items] == [key["id"] for key in raw.json()["items"]]
        assert len(raw.parse().items) == 3
        key = client.license_keys.with_raw_response.retrieve(raw.parse().items[0].id)
        assert key.parse() == raw.parse().items[0]
        assert raw.request_id == raw.headers.get("x-request-id")

    def test_a_refusal_is_raised_all_the_same(self, client, mock):
        with pytest.raises(NotFoundError):
            client.license_keys.with_raw_response.retrieve("lic_nobody")
        mock.fault("answer", status=200, body={"items": [{}]})
        raw = client.license_keys.with_raw_response.list()
        with pytest.raises(ResponseValidationError, match=r"items\[0\]"):
            raw.parse()


@pytest.mark.parametrize("awaited", [False, True])
def test_a_deprecation_is_said_once_to_the_caller_and_names_the_successor(mock, monkeypatch, awaited):
    """Within `find` as well, and of a coroutine."""

    async def calls():
        async with AsyncDodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client:
            await client.license_keys.find(key="DEMO-NONE")
            await client.license_keys.list()
            await client.license_keys.retrieve(id_)

    id_ = mock.dump()["license_keys"][0]["id"]
    monkeypatch.setattr(_resource, "_warned", set())
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if awaited:
            asyncio.run(calls())
        else:
            with DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client:
                client.license_keys.find(key="DEMO-NONE")
                client.license_keys.list()
                client.license_keys.retrieve(id_)
                client.license_key_instances.list()
    assert [(w.category, w.filename) for w in said] == [(DeprecationWarning, __file__)] * 2
    for warning, operation in zip(said, ("list_license_keys", "retrieve_license_key"), strict=True):
        told, its = str(warning.message), OPERATIONS[operation]
        assert told.startswith(f"license_keys.{its.name} is deprecated by the vendor: use ")
        assert its.successor in told


def test_the_low_level_client_stands_by_itself(mock):
    async def listed_by_awaiting():
        async with AuthenticatedClient(base_url=mock.base_url, token=mock.api_key) as client:
            return await list_license_keys.asyncio_detailed(client=client, page_size=2)

    with AuthenticatedClient(base_url=mock.base_url, token=mock.api_key) as client:
        listed = list_license_keys.sync_detailed(client=client, page_size=2)
        assert (listed.status_code, len(listed.parsed.items)) == (200, 2)
        key = listed.parsed.items[0]
        body = UpdateLicenseKeyRequest(disabled=True)
        assert update_license_key.sync(key.id, client=client, body=body).status == "disabled"
    assert isinstance(key, LicenseKey)
    assert len(asyncio.run(listed_by_awaiting()).parsed.items) == 2
    with Client(base_url=mock.base_url) as client:  # the public operations need no API key
        body = ValidateLicenseRequest(license_key="DEMO-NONE")
        assert validate_license.sync(client=client, body=body).valid is False


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"echo": "sk_test_mock"}, ResponseValidationError),
        (200, 5, ResponseValidationError),
        (404, {"message": "no code"}, ResponseValidationError),
        (503, {"code": "UNAVAILABLE", "message": "later"}, InternalServerError),  # documented by nobody
    ],
)
def test_a_transport_that_knows_the_spec_tells_replies_that_disagree(face, mock, status, body, kind):
    mock.fault("answer", "retrieve_license_key", status=status, body=body, times=None)
    http_client = face.http_client(transport=spec_transport())
    with face.on(mock, max_retries=0, http_client=http_client) as client:
        assert len(list(client.license_keys.list(limit=10, page_size=10))) == 10
        with pytest.raises(kind) as caught:
            client.license_keys.retrieve("lic_1")
    assert mock.api_key.encode() not in pickle.dumps(caught.value)


@pytest.mark.parametrize(
    ("statuses", "is_done"),
    [((502, 403), True), ((500, 500, 403), True), ((403,), False), ((503, 403), False)],
)
def test_a_deactivation_is_taken_to_be_done_where_the_answer_to_it_may_have_been_lost(
    client, mock, statuses, is_done
):
    for status in statuses:
        mock.fault("answer", status=status, body={"code": "FORBIDDEN", "message": "no such activation"})
    with nullcontext() if is_done else pytest.raises(PermissionDeniedError):
        client.licenses.deactivate(license_key="DEMO-1", license_key_instance_id="lki_1")


def test_every_model_of_a_reply_is_a_public_name():
    models = {m for o in OPERATIONS.values() for m in (*o.success.values(), o.items) if m is not None}
    assert all(getattr(dodo_licenses, model.__name__) is model for model in models)
