"""No secret is in a repr, as SECURITY.md says; what errors and the log show is for test_echoes."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from enum import Enum

import attrs

import dodo_licenses
import dodo_licenses_api
from dodo_licenses import LicenseKey
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.types import Unset

API_KEY, KEY = "sk_test_CANARY", "CANARY-0001-0002"
SECRET = re.compile(
    "key|.*_key|email|phone_number|.*token|.*(header|cookie|secret|quer|argument).*|body|content|data"
)
HIDES_ITS_OWN = re.compile("LicenseKey|Grant|OtherEventData|bool")
NO_SECRET = (BaseException, Enum, Unset, float)  # errors are tried in test_echoes


def shown(*things):
    return "".join(f"{thing!r}{thing}{thing:}" for thing in things)


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
    return dict.fromkeys(kind._fields, "str") if issubclass(kind, tuple) else None


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
        others += [mock.client().license_keys.with_raw_response.list(), made(LicenseKey)]
    assert not [secret for secret in (API_KEY, KEY) if secret in shown(*others)]
    own = [k for k in classes() if k.__repr__ not in {object.__repr__, dict.__repr__}]
    own = [k for k in own if not issubclass(k, NO_SECRET)]
    assert [k for k in own if fields(k) is not None and KEY in repr(made(k))] == []
    assert [k for k in own if fields(k) is None and not any(isinstance(other, k) for other in others)] == []
