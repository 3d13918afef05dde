from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import pytest

import dodo_licenses
from dodo_licenses import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    DodoPaymentsError,
    InvalidArgumentError,
    NotFoundError,
    PaginationError,
    ProductMismatchError,
    ResponseValidationError,
    WebhookVerificationError,
    _errors,
)

STATUS = {
    "status_code": 404,
    "code": "NOT_FOUND",
    "message": "nothing there",
    "body": b"{}",
    "method": "GET",
    "path": "/license_keys/lic_1",
    "request_id": "req_1",
    "may_have_been_done": False,
}
ERRORS = [
    InvalidArgumentError("page_size"),
    APIConnectionError("no", method="GET", path="/", may_have_been_done=True),
    APITimeoutError("late", method="GET", path="/", may_have_been_done=False),
    ProductMismatchError("other", product_id="pdt_2", license_key_instance_id="lki_1", freed=True),
    NotFoundError("404", **STATUS),
    ResponseValidationError(operation="op", field="$.id", problem="missing", status_code=200, body=b"[]"),
    PaginationError("stuck", page_number=3, pages=4, items=5),
    WebhookVerificationError("old"),
]


def test_an_error_tells_of_the_activation_it_may_leave_behind():
    error = APITimeoutError("late", method="POST", path="/licenses/activate", may_have_been_done=True)
    assert error.activation_name is None
    error.leaves_activation("Ada's laptop")
    assert pickle.loads(pickle.dumps(error)).activation_name == "Ada's laptop"  # noqa: S301
    assert "Ada's laptop" in str(error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])  # noqa: S301
def test_errors_survive_copy_and_pickle(error, again):
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)


def test_every_public_error_is_below_the_root():
    errors = [e for e in vars(dodo_licenses).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(errors) == 17
    assert all(issubclass(e, DodoPaymentsError) for e in errors)


def test_invalid_arguments_are_value_errors_too():
    assert issubclass(InvalidArgumentError, ValueError)


def test_the_tree_in_the_docstring_names_every_error_below_its_parent():
    from dodo_licenses import _errors  # noqa: PLC0415 - the private module is what is drawn

    drawn = _errors.__doc__
    for error in vars(_errors).values():
        if isinstance(error, type) and issubclass(error, DodoPaymentsError):
            assert error.__name__ in drawn
    assert drawn.index("APIStatusError") < drawn.index("NotFoundError")
    assert issubclass(NotFoundError, APIStatusError)


def test_the_tree_that_is_drawn_is_the_tree_that_is_there():
    drawn = re.findall(r"[├└]── (\w+)", _errors.__doc__)
    names = {
        name for name, kind in vars(_errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert {"DodoPaymentsError", *drawn} == names
    told = (Path(__file__).parents[1] / "docs" / "errors.md").read_text()
    assert [line for line in _errors.__doc__.splitlines() if "── " in line and line not in told] == []
