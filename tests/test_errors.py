from __future__ import annotations

import copy
import pickle

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
    ResponseValidationError,
)

STATUS = {
    "status_code": 404,
    "code": "NOT_FOUND",
    "message": "nothing there",
    "body": b"{}",
    "method": "GET",
    "path": "/license_keys/lic_1",
    "request_id": "req_1",
}
ERRORS = [
    InvalidArgumentError("page_size"),
    APIConnectionError("no", method="GET", path="/"),
    APITimeoutError("late", method="GET", path="/"),
    NotFoundError("404", **STATUS),
    ResponseValidationError(operation="op", field="$.id", problem="missing", status_code=200, body=b"[]"),
    PaginationError("stuck", page_number=3, pages=4, items=5),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])  # noqa: S301
def test_errors_survive_copy_and_pickle(error, again):
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)


def test_every_public_error_is_below_the_root():
    errors = [e for e in vars(dodo_licenses).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(errors) == 15
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
