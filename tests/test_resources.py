"""The generated methods: what inspection, tools and people see of them, raw replies, the low-level client."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import typing
import unittest.mock
import warnings

import httpx
import pytest

import dodo_licenses
import surface
from dodo_licenses import (
    AsyncDodoPayments,
    AsyncListing,
    CallOptions,
    DodoPayments,
    InternalServerError,
    InvalidArgumentError,
    LicenseKey,
    Listing,
    NotFoundError,
    PermissionDeniedError,
    RawResponse,
    ResponseValidationError,
    _errors,
    _messages,
    _resource,
)
from dodo_licenses.testing import spec_transport
from dodo_licenses_api import AuthenticatedClient, Client, resources
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


@pytest.fixture
def client(face, mock):
    with face.client(base_url=mock.base_url, bearer_token=mock.api_key, rate_limit=None) as client:
        yield client


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_is_a_method_of_both_clients(operation):
    waiting, awaited = (method(kind(**NOWHERE), operation) for kind in (DodoPayments, AsyncDodoPayments))
    assert inspect.signature(waiting).parameters == inspect.signature(awaited).parameters
    assert {p.name for p in operation.parameters} <= set(inspect.signature(waiting).parameters)
    returned, also = (typing.get_type_hints(one)["return"] for one in (waiting, awaited))
    if operation.items is not None:
        assert (returned, also) == (Listing[operation.items], AsyncListing[operation.items])
    else:
        assert returned is also
        assert returned in {model or type(None) for model in operation.success.values()}
    assert inspect.iscoroutinefunction(awaited) == (operation.items is None)
    assert inspect.getdoc(waiting) == inspect.getdoc(awaited)
    for part in ("Raises:", "InvalidArgumentError", f"`{operation.method} {operation.path}`"):
        assert part in inspect.getdoc(waiting)


def test_the_errors_that_docstrings_name_are_those_that_are_raised():
    kinds = {status: kind.__name__ for status, kind in _messages._BY_STATUS.items()}
    assert {int(status): name for status, name in surface._ERRORS.items()} == kinds | {
        500: "InternalServerError"
    }
    assert all(hasattr(_errors, name) for name in surface._ERRORS.values())


def test_help_shows_what_a_listing_returns():
    signature = str(inspect.signature(DodoPayments(**NOWHERE).license_keys.list))
    assert signature.endswith("-> 'Listing[LicenseKey]'")


def test_what_belongs_to_a_path_comes_first_and_the_rest_is_named():
    grants = DodoPayments(**NOWHERE).entitlements.grants
    kinds = {name: p.kind.name for name, p in inspect.signature(grants.revoke).parameters.items()}
    named = dict.fromkeys(("id", *CallOptions.__annotations__), "KEYWORD_ONLY")
    assert kinds == {"grant_id": "POSITIONAL_OR_KEYWORD", **named}
    with pytest.raises(InvalidArgumentError, match="grant_id"):
        grants.revoke("a/b", id="ent_1")


def test_autospec_knows_methods_and_what_is_awaited():
    for kind, is_async in ((resources.LicenseKeys, False), (resources.AsyncLicenseKeys, True)):
        double = unittest.mock.create_autospec(kind, instance=True)
        assert isinstance(double.retrieve, unittest.mock.AsyncMock) == is_async
        with pytest.raises(TypeError):
            double.list(colour="red")


def test_a_twin_with_other_options_has_resources_of_its_own():
    client = DodoPayments(**NOWHERE)
    before = client.license_keys
    twin = client.with_options(timeout=3, max_retries=0)
    assert client.license_keys is before is not twin.license_keys
    assert twin.license_keys._engine.settings.timeout == 3
    with pytest.raises(InvalidArgumentError):
        client.with_options(timeout=0)


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

    def test_every_method_has_one(self):
        for kind in (DodoPayments(**NOWHERE), AsyncDodoPayments(**NOWHERE)):
            for operation in OPERATIONS.values():
                resource = kind
                for name in operation.tag.split("."):
                    resource = getattr(resource, name)
                raw = getattr(resource.with_raw_response, operation.name)
                assert typing.get_origin(typing.get_type_hints(raw)["return"]) is RawResponse


class TestDeprecation:
    @pytest.fixture(autouse=True)
    def nothing_said_yet(self, monkeypatch):
        monkeypatch.setattr(_resource, "_warned", set())

    def test_it_is_said_once_to_the_caller_and_names_the_successor(self):
        client = DodoPayments(**NOWHERE)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            client.license_keys.list()
            client.license_keys.list()
            client.license_key_instances.list()
        (warning,) = said
        assert warning.category is DeprecationWarning
        assert str(warning.message).startswith("license_keys.list is deprecated by the vendor: use ")
        assert OPERATIONS["list_license_keys"].successor in str(warning.message)
        assert warning.filename == __file__

    def test_awaited_and_within_find_it_is_the_caller_s_as_well(self, mock):
        async def calls():
            settings = {"base_url": mock.base_url, "bearer_token": mock.api_key}
            async with AsyncDodoPayments(**settings) as client:
                await client.license_keys.find(key="DEMO-NONE")
                with pytest.raises(NotFoundError):
                    await client.license_keys.retrieve("lic_nobody")

        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            asyncio.run(calls())
        assert [w.filename for w in said] == [__file__] * 2


class TestLowLevelClient:
    """dodo_licenses_api by itself."""

    def test_it_lists_and_changes(self, mock):
        with AuthenticatedClient(base_url=mock.base_url, token=mock.api_key) as client:
            listed = list_license_keys.sync_detailed(client=client, page_size=2)
            assert (listed.status_code, len(listed.parsed.items)) == (200, 2)
            key = listed.parsed.items[0]
            assert isinstance(key, LicenseKey)
            body = UpdateLicenseKeyRequest(disabled=True)
            assert update_license_key.sync(key.id, client=client, body=body).status == "disabled"

    def test_it_awaits(self, mock):
        async def calls():
            async with AuthenticatedClient(base_url=mock.base_url, token=mock.api_key) as client:
                return await list_license_keys.asyncio_detailed(client=client, page_size=2)

        assert len(asyncio.run(calls()).parsed.items) == 2

    def test_the_public_operations_need_no_key(self, mock):
        with Client(base_url=mock.base_url) as client:
            body = ValidateLicenseRequest(license_key="DEMO-NONE")
            assert validate_license.sync(client=client, body=body).valid is False


class TestSpecTransport:
    @pytest.mark.parametrize("items", [[{}], 5, None])
    def test_a_reply_that_disagrees_is_told_without_what_was_sent(self, mock, items):
        mock.fault("answer", status=200, body={"items": items, "echo": mock.api_key})
        with httpx.Client(transport=spec_transport()) as http_client:
            client = DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key, http_client=http_client)
            with pytest.raises(ResponseValidationError) as caught:
                client.license_keys.list().items  # noqa: B018
        assert caught.value.operation == "GET /license_keys"
        assert mock.api_key.encode() not in pickle.dumps(caught.value)

    def test_what_agrees_passes_and_an_undocumented_refusal_stays_one(self, mock):
        async def calls():
            async with httpx.AsyncClient(transport=spec_transport()) as http_client:
                settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "max_retries": 0}
                client = AsyncDodoPayments(**settings, http_client=http_client)
                assert len([key async for key in client.license_keys.list()]) == 250
                mock.fault("answer", status=503, body={"code": "UNAVAILABLE", "message": "later"})
                with pytest.raises(InternalServerError):
                    await client.license_keys.retrieve("lic_1")
                mock.fault("answer", status=404, body={"message": "no code"})
                with pytest.raises(ResponseValidationError, match="code"):
                    await client.license_keys.retrieve("lic_1")

        asyncio.run(calls())


@pytest.mark.parametrize("statuses", [(502, 403), (500, 500, 403)])
def test_a_deactivation_whose_answer_was_lost_is_taken_to_be_done(client, mock, statuses):
    for status in statuses:
        mock.fault("answer", status=status, body={"code": "FORBIDDEN", "message": "no such activation"})
    client.licenses.deactivate(license_key="DEMO-1", license_key_instance_id="lki_1")


@pytest.mark.parametrize("statuses", [(403,), (503, 403)])
def test_a_deactivation_that_cannot_have_been_done_is_refused(client, mock, statuses):
    for status in statuses:
        mock.fault("answer", status=status, body={"code": "FORBIDDEN", "message": "no such activation"})
    with pytest.raises(PermissionDeniedError):
        client.licenses.deactivate(license_key="DEMO-1", license_key_instance_id="lki_1")


def test_every_model_of_a_reply_is_a_public_name():
    models = {m for o in OPERATIONS.values() for m in (*o.success.values(), o.items) if m is not None}
    assert all(getattr(dodo_licenses, model.__name__) is model for model in models)
