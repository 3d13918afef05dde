from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import httpx
import pytest

import dodo_licenses
from dodo_licenses import _errors

REQUEST = httpx.Request("GET", "https://live.dodopayments.com/license_keys/lic_1")
BODY = {"code": "NOT_FOUND", "message": "nothing there"}
RESPONSE = httpx.Response(404, json=BODY, headers={"x-request-id": "req_1"}, request=REQUEST)
ERRORS = [
    dodo_licenses.InvalidArgumentError("page_size"),
    dodo_licenses.APIConnectionError(message="no", request=REQUEST),
    dodo_licenses.APITimeoutError(REQUEST),
    dodo_licenses.ProductMismatchError(
        "other", product_id="pdt_2", license_key_instance_id="lki_1", freed=True
    ),
    dodo_licenses.NotFoundError("404", response=RESPONSE, body=None),
    dodo_licenses.APIResponseValidationError(
        response=httpx.Response(200, json=[], request=REQUEST), body=None
    ),
    dodo_licenses.ResponseValidationError(operation="op", field="$.id", problem="missing"),
    dodo_licenses.PaginationError("stuck", page_number=3, pages=4, items=5),
    dodo_licenses.WebhookVerificationError("old"),
]
ERRORS[2].leaves_activation("Ada's laptop")


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])  # noqa: S301
def test_errors_survive_copy_and_pickle(error, again):
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    kept = {name: value for name, value in vars(error).items() if name not in ("request", "response")}
    assert kept.items() <= vars(twin).items()
    if isinstance(error, dodo_licenses.APIError) and error.request is not None:
        assert (twin.method, twin.path) == ("GET", "/license_keys/lic_1")


def test_errors_are_made_in_users_tests_as_the_vendors_are():
    error = dodo_licenses.NotFoundError("no such key", response=RESPONSE, body=None)
    assert (error.status_code, error.code, error.request_id) == (404, "NOT_FOUND", "req_1")
    assert (error.message, error.body, error.response.json()) == ("no such key", BODY, BODY)
    assert dodo_licenses.NotFoundError("x", response=RESPONSE, body={"code": "OTHER"}).code == "OTHER"
    assert (error.request, error.content) == (REQUEST, RESPONSE.content)
    assert dodo_licenses.APIConnectionError(request=REQUEST).is_unavailable
    assert dodo_licenses.APIError("x", REQUEST, body=None).path == "/license_keys/lic_1"
    assert dodo_licenses.APIWebhookValidationError("x", REQUEST, body=None).message == "x"


def test_the_tree_that_is_drawn_is_the_tree_that_is_there():
    told = (Path(__file__).parents[1] / "docs" / "errors.md").read_text()
    drawn = {
        name: len(indent) // 4 for indent, name in re.findall(r"^([│ ]*)[├└]── (\w+)", told, re.MULTILINE)
    }
    kinds = {
        name: len(kind.__mro__)
        for name, kind in vars(_errors).items()
        if isinstance(kind, type) and issubclass(kind, dodo_licenses.DodoPaymentsError)
    }
    assert set(drawn) == set(kinds) - {"DodoPaymentsError"}
    assert all(kinds[name] == 5 + depth for name, depth in drawn.items() if name != "InvalidArgumentError")
