"""No secret is in a repr, an error, a log line or a pickle, as SECURITY.md says, whatever the operation."""

from __future__ import annotations

import dataclasses
import importlib
import logging
import pickle
import pkgutil
import re
from enum import Enum
from operator import attrgetter

import attrs
import pytest

import dodo_licenses
import dodo_licenses_api
from dodo_licenses import DodoPayments, DodoPaymentsError
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.operations import OPERATIONS
from dodo_licenses_api.types import Unset

API_KEY, KEY = "sk_test_CANARY", "CANARY-0001-0002"
SECRET = re.compile(
    "key|.*_key|email|phone_number|.*token|.*(header|cookie|secret|quer|argument).*|body|content|data"
)
HIDES_ITS_OWN = re.compile("LicenseKey|Grant|OtherEventData|bool")
NO_SECRET = (BaseException, Enum, Unset, float)  # errors are tried in test_echoes
ECHO = {"code": "X", "message": f"Bearer {API_KEY} may not {KEY}", "echo": [API_KEY, KEY]}
ARGUMENTS = {
    "license_key": KEY,
    "key": KEY,
    "license_key_instance_id": "lki_1",
    "name": "laptop",
    "disabled": True,
}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def call(client, operation):
    """Call an operation with all that it needs; a listing is read to its end."""
    method = attrgetter(f"{operation.tag}.{operation.name}")(client)
    needed = [p for p in operation.parameters if p.required or p.name == "disabled"]
    values = {p.name: ARGUMENTS.get(p.name, f"{p.name}_1") for p in needed}
    first = [values.pop(name) for name in [p.name for p in needed if p.place == "path"][-1:]]
    found = method(*first, **values)
    return list(found) if operation.items else found


def shown(*things):
    return "".join(f"{thing!r}{thing}{thing:}" for thing in things)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.id)
def test_no_error_of_an_operation_shows_what_was_sent(operation, dodo_mock, caplog):
    caplog.set_level(logging.DEBUG, "dodo_licenses")
    names = {p.name for p in operation.parameters if p.required}
    sent = [API_KEY] * (not operation.public) + [KEY] * bool(names & {"license_key", "key"})
    dodo_mock.fault("answer", status=422, body=ECHO)
    with DodoPayments(base_url=dodo_mock.base_url, bearer_token=API_KEY, max_retries=0) as client:
        with pytest.raises(DodoPaymentsError) as caught:
            call(client, operation)
    told = shown(client, caught.value) + repr(pickle.dumps(caught.value)) + caplog.text
    assert [canary for canary in sent if canary in told] == []


def classes():
    """All of both packages, but for the tools that stand on them."""
    for package in (dodo_licenses, dodo_licenses_api):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|\._cli|\.mock|\.contract", found.name):
                members = vars(importlib.import_module(found.name)).values()
                yield from (c for c in members if isinstance(c, type) and c.__module__ == found.name)


def fields(kind):
    """Names of a class's fields and their types as they are written; None where it declares none."""
    if attrs.has(kind) or dataclasses.is_dataclass(kind):
        found = attrs.fields(kind) if attrs.has(kind) else dataclasses.fields(kind)
        return {field.name: str(field.type) for field in found}
    return dict.fromkeys(kind._fields, "str") if hasattr(kind, "_fields") else None


def made(kind):
    """An instance in which all that may be secret is, whatever its constructor would say."""
    values = {}
    for name, written in fields(kind).items():
        is_person = kind.__name__.endswith("Customer") and name == "name"
        is_secret = (SECRET.fullmatch(name) or is_person) and not HIDES_ITS_OWN.search(written)
        values[name] = KEY if is_secret else "x"
    if issubclass(kind, tuple):
        return kind(**values)
    instance = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(instance, name, value)
    return instance


def test_no_repr_of_any_class_shows_a_secret():
    with DodoMock(api_key=API_KEY) as mock:
        clients = [mock.client(default_headers={"X-Key": KEY}, default_query={"key": KEY})]
        clients += [mock.async_client()]
        others = [mock, *clients, *(client.license_keys.list() for client in clients)]
        others.append(mock.client().license_keys.with_raw_response.list())
    assert not [secret for secret in (API_KEY, KEY) if secret in shown(*others)]
    own = [k for k in classes() if k.__repr__ not in {object.__repr__, dict.__repr__}]
    own = [k for k in own if not issubclass(k, NO_SECRET)]
    assert [k for k in own if fields(k) is not None and KEY in repr(made(k))] == []
    assert [k for k in own if fields(k) is None and not any(isinstance(other, k) for other in others)] == []
