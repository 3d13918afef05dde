from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial

import pytest

from dodo_licenses import (
    UNSET,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    LicenseKey,
    LicenseKeyStatus,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseValidationError,
    UnprocessableEntityError,
)
from dodo_licenses._http.calls import as_httpx
from dodo_licenses._messages import Reply, Request, decode, refusal, said_by_api
from dodo_licenses_api.operations import OPERATIONS

LIST = OPERATIONS["list_license_keys"]
ACTIVATE = OPERATIONS["activate_license"]
VALIDATE = OPERATIONS["validate_license"]
DEACTIVATE = OPERATIONS["deactivate_license"]
REQUEST = Request.of(LIST, {})
SEED_PAGE_KEY = {
    "business_id": "<string>",
    "created_at": "2024-01-01T00:00:00Z",
    "customer_id": "cus_123",
    "id": "lic_123",
    "instances_count": 123,
    "key": "<string>",
    "payment_id": "<string>",
    "product_id": "<string>",
    "status": "active",
    "activations_limit": 5,
    "expires_at": "2024-12-31T23:59:59Z",
    "subscription_id": "<string>",
}
NEWEST_KEY = SEED_PAGE_KEY | {"brand_id": "bnd_1", "source": "import", "payment_id": None}
ACTIVATION = {
    "id": "lki_1",
    "business_id": "bus_1",
    "created_at": "2026-01-01T00:00:00Z",
    "license_key_id": "lic_1",
    "name": "laptop",
    "customer": {"customer_id": "cus_1", "email": "a@example.com", "name": "A", "metadata": {"plan": "x"}},
    "product": {"product_id": "pdt_1", "name": None},
}


def reply(body, status=200, content_type="application/json", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": content_type, **headers}
    asked = Request(operation=LIST, path=LIST.path)
    make = partial(as_httpx, asked, "https://test.dodopayments.com", status)
    return Reply(status_code=status, headers=headers, content=content, server="test_mode", as_httpx=make)


def decoded(operation, body, **more):
    return decode(operation, Request(operation=operation, path=operation.path), reply(body, **more))


def listed(*keys):
    return decoded(LIST, {"items": list(keys)}).items


def broken(body, operation=LIST, **more):
    with pytest.raises(ResponseValidationError) as caught:
        decoded(operation, body, **more)
    return caught.value


def test_the_seed_page_and_the_newest_generation_are_both_read():
    first, newest = listed(SEED_PAGE_KEY, NEWEST_KEY)
    assert first.created_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert (first.brand_id, first.source) == (None, None)
    assert (newest.brand_id, newest.source, newest.payment_id) == ("bnd_1", "import", None)


def test_what_may_be_absent_is_none():
    optional = {"activations_limit", "expires_at", "payment_id", "subscription_id"}
    (key,) = listed({name: value for name, value in SEED_PAGE_KEY.items() if name not in optional})
    assert (key.expires_at, key.activations_limit, key.subscription_id, key.payment_id) == (None,) * 4


def test_a_new_status_survives_as_itself_with_the_rest_of_the_page():
    old, new = listed(SEED_PAGE_KEY, SEED_PAGE_KEY | {"status": "revoked"})
    assert old.status is LicenseKeyStatus.ACTIVE
    assert new.status == "revoked"
    assert str(new.status) == "revoked"
    assert new.to_dict()["status"] == "revoked"


def test_unknown_fields_stay_reachable_at_every_depth():
    page = decoded(LIST, {"items": [NEWEST_KEY | {"tags": ["a"]}], "total": 7})
    assert page["total"] == 7
    assert page.items[0]["tags"] == ["a"]
    assert page.items[0].to_dict()["tags"] == ["a"]


def test_an_unknown_field_may_have_any_name():
    (key,) = listed(NEWEST_KEY | {"additional_properties": {"a": 1}})
    assert key.additional_properties == {"additional_properties": {"a": 1}}


def test_nested_models_keep_what_they_do_not_know():
    activation = ACTIVATION | {"customer": ACTIVATION["customer"] | {"vat_id": "X1"}}
    result = decoded(ACTIVATE, activation, status=201)
    assert result.customer["vat_id"] == "X1"
    assert result.customer.metadata["plan"] == "x"
    assert result.product.name is None


@pytest.mark.parametrize(
    ("key", "field", "problem"),
    [
        ({"id": 5}, "$.items[0].id", "Expected `str`, got `int`"),
        ({"instances_count": "2"}, "$.items[0].instances_count", "Expected `int`, got `str`"),
        ({"instances_count": True}, "$.items[0].instances_count", "Expected `int`, got `bool`"),
        ({"status": None}, "$.items[0].status", "got `null`"),
        ({"created_at": "yesterday"}, "$.items[0].created_at", "Invalid RFC3339"),
        ({"created_at": "2026-01-01T00:00:00"}, "$.items[0].created_at", "timezone component"),
        ({"expires_at": "2026-01-01T00:00:00"}, "$.items[0].expires_at", "timezone component"),
        ({"expires_at": 1767225600}, "$.items[0].expires_at", "Expected `datetime | null`, got `int`"),
    ],
)
def test_a_wrong_type_names_the_field_and_what_was_found(key, field, problem):
    error = broken({"items": [SEED_PAGE_KEY | key]})
    assert error.operation == "list_license_keys"
    assert error.field == field
    assert problem in error.problem
    assert field in str(error)


@pytest.mark.parametrize("name", ["id", "key", "status", "created_at", "product_id"])
def test_a_missing_field_is_named(name):
    error = broken({"items": [{k: v for k, v in SEED_PAGE_KEY.items() if k != name}]})
    assert error.field == "$.items[0]"
    assert error.problem == f"Object missing required field `{name}`"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b'{"items": [', "not JSON"),
        (b"<html>Sign in</html>", "not JSON (text/html)"),
        (b"\xff\xfe", "not JSON"),
        (b'{"items": ["\xff"]}', "not JSON"),
    ],
)
def test_what_is_not_json_is_no_success(body, problem):
    error = broken(body, content_type="text/html")
    assert error.field == "$"
    assert problem in error.problem
    assert error.content == body


@pytest.mark.parametrize("body", [[], 5, None, "x", {}, {"items": None}, {"items": {}}])
def test_the_wrong_shape_is_no_success(body):
    broken(body)


def test_a_nested_field_is_named_by_its_path():
    error = broken(ACTIVATION | {"customer": {"email": "a@example.com"}}, ACTIVATE, status=201)
    assert error.field == "$.customer"


KINDS = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    **dict.fromkeys((500, 503, 520, 561), InternalServerError),
    **dict.fromkeys((302, 418, 499), APIStatusError),
}


@pytest.mark.parametrize(("status", "kind"), KINDS.items())
@pytest.mark.parametrize(
    "body", [b"", b"<html>oops</html>", b'{"code": "X", "message": "why"}', b"[1]", b'{"code": 5}', b"\xff"]
)
def test_every_refusal_has_its_class_whatever_the_body_is(status, kind, body):
    error = refusal(REQUEST, reply(body, status=status))
    assert type(error) is kind
    assert error.status_code == status
    assert error.content == body
    assert (error.method, error.path) == ("GET", "/license_keys")
    assert str(status) in str(error)
    assert error.message


def test_a_refusal_carries_what_the_api_said():
    body = {"code": "LICENSE_KEY_LIMIT_REACHED", "message": "All taken."}
    error = refusal(REQUEST, reply(body, status=422, **{"x-request-id": "req_7"}))
    assert error.code == "LICENSE_KEY_LIMIT_REACHED"
    assert error.message == "All taken."
    assert error.request_id == "req_7"
    assert str(error) == "GET /license_keys: 422 LICENSE_KEY_LIMIT_REACHED: All taken."


@pytest.mark.parametrize("status", [401, 404])
def test_where_the_environment_may_be_the_wrong_one_it_is_named(status):
    assert "test_mode" in str(refusal(REQUEST, reply(b"", status=status)))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'\xef\xbb\xbf{"code": "NOT_FOUND", "message": "gone"}', "NOT_FOUND"),
        (b'{"code": "NOT_FOUND", "message": "g\xf6ne"}', "NOT_FOUND"),
        (b"[" * 100_000, None),
        (b'{"a":' * 100_000, None),
        ('{"code": "X"}'.encode("utf-16"), None),
    ],
    ids=["byte-order mark", "not UTF-8", "deep list", "deep object", "UTF-16"],
)
def test_an_odd_error_body_is_read_where_it_can_be(body, code):
    error = refusal(REQUEST, reply(body, status=404))
    assert (type(error), error.code, error.content) == (NotFoundError, code, body)
    assert (said_by_api(body)[0] is None) == (code is None)


def test_a_successful_reply_may_begin_with_a_byte_order_mark_and_nest_without_end():
    assert decoded(VALIDATE, b'\xef\xbb\xbf{"valid": true}').valid is True
    assert broken(b'{"items":' + b"[" * 100_000).field == "$"


@pytest.mark.parametrize("status", [203, 206, 226, 299, 201])
def test_only_the_documented_status_is_a_verdict(status):
    assert "not documented" in broken({"valid": True}, VALIDATE, status=status).problem


@pytest.mark.parametrize("media_type", ["text/html", "text/plain; charset=utf-8", "application/xml"])
def test_only_json_is_a_verdict(media_type):
    assert media_type.partition(";")[0] in broken({"valid": True}, VALIDATE, content_type=media_type).problem


def test_what_says_nothing_may_say_so_but_not_show_a_page_for_people():
    assert decoded(DEACTIVATE, b"") is None
    assert decoded(DEACTIVATE, {}) is None
    broken(b"<html>Sign in</html>", DEACTIVATE, content_type="text/html")
    broken(b"", DEACTIVATE, status=204)


def test_a_nullable_field_that_is_absent_is_none_and_a_required_one_raises():
    body = ACTIVATION | {"product": {"product_id": "pdt_1"}}
    assert decoded(ACTIVATE, body, status=201).product.name is None
    assert broken(ACTIVATION | {"product": {"name": "x"}}, ACTIVATE, status=201).field == "$.product"


def test_none_is_left_out_but_for_a_change_which_it_removes_something_by():
    filters = Request.of(LIST, {"status": None, "customer_id": UNSET, "page_size": 5})
    assert (filters.query, filters.body) == ({"page_size": "5"}, None)
    update = OPERATIONS["update_license_key"]
    changes = Request.of(update, {"id": "lic_1", "expires_at": None, "activations_limit": UNSET})
    assert (changes.path, changes.body) == ("/license_keys/lic_1", {"expires_at": None})
    assert Request.of(update, {"id": "lic_1"}).body == {}


def test_a_license_key_round_trips_through_its_dictionary():
    (key,) = listed(NEWEST_KEY)
    assert LicenseKey.from_dict(key.to_dict()) == key
