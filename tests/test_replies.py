"""What a reply becomes: a model, or an error that names what is wrong with it. Nothing is sent here."""

from __future__ import annotations

import json
from functools import partial

import misbehaving as m
import pytest

import dodo_licenses
from dodo_licenses._http.calls import as_httpx
from dodo_licenses._messages import Reply, Request, decode, refusal
from dodo_licenses_api.operations import OPERATIONS

LIST = OPERATIONS["list_license_keys"]
ACTIVATE = OPERATIONS["activate_license"]
VALIDATE = OPERATIONS["validate_license"]
DEACTIVATE = OPERATIONS["deactivate_license"]
OPTIONAL = {"activations_limit": 5, "expires_at": "2024-12-31T23:59:59Z", "subscription_id": "sub_1"}
NEWEST_KEY = m.KEY | OPTIONAL | {"payment_id": None, "brand_id": "bnd_1", "source": "import"}


def reply(body, status=200, content_type="application/json", operation=LIST, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": content_type, **headers}
    asked = Request(operation=operation, path=operation.path)
    make = partial(as_httpx, asked, "https://test.dodopayments.com", status)
    came = {"status_code": status, "headers": headers, "content": content}
    return Reply(request=asked, server="test_mode", as_httpx=make, **came)


def decoded(operation, body, **more):
    return decode(reply(body, operation=operation, **more))


def listed(*keys):
    return decoded(LIST, {"items": list(keys)}).items


def broken(body, operation=LIST, **more):
    with pytest.raises(dodo_licenses.ResponseValidationError) as caught:
        decoded(operation, body, **more)
    return caught.value


def test_unknown_fields_stay_reachable_at_every_depth_whatever_their_names():
    page = decoded(LIST, {"items": [NEWEST_KEY | {"additional_properties": ["a"]}], "total": 7})
    (key,) = page.items
    assert (page["total"], key["additional_properties"]) == (7, ["a"])
    assert key.to_dict()["additional_properties"] == ["a"]
    customer = m.ACTIVATION["customer"] | {"vat_id": "X1", "metadata": {"plan": "x"}}
    activation = decoded(ACTIVATE, m.ACTIVATION | {"customer": customer}, status=201)
    assert (activation.customer["vat_id"], activation.customer.metadata["plan"]) == ("X1", "x")


def test_a_nullable_field_that_is_absent_is_none():
    body = m.ACTIVATION | {"product": {"product_id": "pdt_1"}}
    assert decoded(ACTIVATE, body, status=201).product.name is None


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"id": 5}, ".id", "Expected `str`, got `int`"),
        ({"instances_count": "2"}, ".instances_count", "Expected `int`, got `str`"),
        ({"instances_count": True}, ".instances_count", "Expected `int`, got `bool`"),
        ({"status": None}, ".status", "got `null`"),
        ({"created_at": "yesterday"}, ".created_at", "Invalid RFC3339"),
        ({"created_at": "2026-01-01T00:00:00"}, ".created_at", "timezone component"),
        ({"expires_at": "2026-01-01T00:00:00"}, ".expires_at", "timezone component"),
        ({"expires_at": 1767225600}, ".expires_at", "Expected `datetime | null`, got `int`"),
        *(({name: ...}, "", f"Object missing required field `{name}`") for name in m.KEY),
    ],
)
def test_a_wrong_or_missing_field_is_named(change, field, problem):
    key = {name: value for name, value in (m.KEY | change).items() if value is not ...}
    error = broken({"items": [m.KEY, key]})
    assert (error.operation, error.field) == ("list_license_keys", f"$.items[1]{field}")
    assert problem in error.problem
    assert error.field in str(error)


@pytest.mark.parametrize("name", ["customer", "product"])
def test_a_nested_field_is_named_by_its_path(name):
    assert broken(m.ACTIVATION | {name: {"name": "x"}}, ACTIVATE, status=201).field == f"$.{name}"


NO_JSON = {"content_type": "text/html"}


@pytest.mark.parametrize(
    ("operation", "body", "more", "problem"),
    [
        (LIST, b"", {}, "the body is empty"),
        (LIST, b'{"items": [', {}, "not JSON: Input data was truncated"),
        (LIST, b"<html>Sign in</html>", NO_JSON, "not JSON (text/html)"),
        (LIST, b"\xff\xfe", {}, "not JSON: "),
        (LIST, b'{"items": [{"id": "\xff"}]}', {}, "not JSON: 'utf-8' codec"),
        (LIST, b'{"items":' + b"[" * 100_000, {}, ""),
        *((LIST, body, {}, "") for body in ([], 5, None, "x", {})),
        *(
            (VALIDATE, {"valid": True}, {"status": status}, "not documented")
            for status in (201, 203, 206, 299)
        ),
        *(
            (VALIDATE, {"valid": True}, {"content_type": f"{kind}; charset=utf-8"}, kind)
            for kind in ("text/html", "text/plain", "application/xml")
        ),
        (DEACTIVATE, b"<html>Sign in</html>", NO_JSON, ""),
        (DEACTIVATE, b"", {"status": 204}, "not documented"),
    ],
)
def test_only_a_documented_status_with_json_of_the_right_shape_is_a_success(operation, body, more, problem):
    error = broken(body, operation, **more)
    assert error.field == "$"
    assert problem in error.problem
    assert error.content == (body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize("items", [None, {}, "x"])
def test_items_that_are_no_list_are_named(items):
    assert broken({"items": items}).field == "$.items"


def test_a_reply_may_begin_with_a_byte_order_mark_and_one_that_says_nothing_may_be_empty():
    assert decoded(VALIDATE, b'\xef\xbb\xbf{"valid": true}').valid is True
    assert decoded(DEACTIVATE, b"") is None
    assert decoded(DEACTIVATE, {}) is None


KINDS = {
    400: dodo_licenses.BadRequestError,
    401: dodo_licenses.AuthenticationError,
    403: dodo_licenses.PermissionDeniedError,
    404: dodo_licenses.NotFoundError,
    409: dodo_licenses.ConflictError,
    422: dodo_licenses.UnprocessableEntityError,
    429: dodo_licenses.RateLimitError,
    **dict.fromkeys((500, 503, 520, 561), dodo_licenses.InternalServerError),
    **dict.fromkeys((302, 418, 499), dodo_licenses.APIStatusError),
}
BODIES = [
    (b"", None),
    (b"<html>oops</html>", None),
    (b"[1]", None),
    (b'{"code": 5}', None),
    (b"\xff", None),
    (b"[" * 100_000, None),
    (b'{"a":' * 100_000, None),
    ('{"code": "X"}'.encode("utf-16"), None),
    (b'{"code": "X", "message": "why"}', "X"),
    (b'\xef\xbb\xbf{"code": "X", "message": "why"}', "X"),
    (b'{"code": "X", "message": "g\xf6ne"}', "X"),
]


@pytest.mark.parametrize(("status", "kind"), KINDS.items())
@pytest.mark.parametrize(("body", "code"), BODIES, ids=lambda value: repr(value)[:20])
def test_every_refusal_has_its_class_and_its_body_is_read_where_it_can_be(status, kind, body, code):
    error = refusal(reply(body, status=status))
    assert type(error) is kind
    assert (error.status_code, error.code, error.content) == (status, code, body)
    assert (error.method, error.path) == ("GET", "/license_keys")
    assert str(status) in str(error)
    assert error.message
    assert ("test_mode" in str(error)) == (status in {401, 404})  # it may be the wrong environment
