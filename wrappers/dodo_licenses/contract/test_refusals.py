"""What is refused: without an API key, what isn't there, and what isn't as it has to be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dodo_licenses.contract.license_keys import Account, Key
from dodo_licenses.contract.server import LARGEST_PAGE, MALFORMED, Server
from dodo_licenses.contract.test_grants import ours
from dodo_licenses.contract.values import NAME, NO_KEY, NOWHERE, far_off, nobody, over_listings, unlike
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

Request = tuple[dict[str, str], dict[str, Any] | None]  # its path and its body
NOT_FOUND = ("NOT_FOUND", "LICENSE_KEY_NOT_FOUND")  # which of the two isn't documented
# What is below a step of a path, or stands in a field, and isn't there.
UNKNOWN = {
    "license_keys": nobody("lic_"),
    "license_key_instances": NOWHERE,
    "license_key_instance_id": NOWHERE,
    "entitlements": nobody("ent_"),
    "grants": nobody("entg_"),
    "customers": nobody("cus_"),
    "license_key": NO_KEY,
    "key": NO_KEY,
}
KINDS = {"integer": 1, "boolean": True, "datetime": far_off()}
WRONG: dict[str, list[Any]] = {
    "integer": [True, "five", 1.5, -1, 2**31, [], {}],
    "boolean": ["yes", 1, 0, "true", []],
    "datetime": ["tomorrow", 5, True, "", "2026-02-30T00:00:00Z"],
    "choice": ["no-such-value", "active,expired"],
}
IN_BODIES = [(o, p) for o in OPERATIONS.values() for p in o.parameters if p.place == "body"]


def case(operation: Operation[Any], *parameter: Parameter) -> Any:
    """A case of a rule; those that write are marked so."""
    writes = operation.method != "GET" and operation is not api.VALIDATE_LICENSE
    name = "-".join([operation.id, *(one.name for one in parameter)])
    return pytest.param(operation, *parameter, id=name, marks=[pytest.mark.writes] if writes else [])


def over(which: Callable[[Operation[Any]], bool]) -> pytest.MarkDecorator:
    """A rule for each of these operations."""
    return pytest.mark.parametrize("operation", [case(o) for o in OPERATIONS.values() if which(o)])


def well_formed(operation: Operation[Any], values: Mapping[str, str] = UNKNOWN) -> Request:
    """The path and the body of a request for these things; in the body is no more than there must be."""
    path = {name: values[of] for of, name in re.findall(r"(\w+)/{(\w+)}", operation.path)}
    fields = [p for p in operation.parameters if p.place == "body"]
    needed = [p for p in fields if p.required] or [p for p in fields if p.kind == "boolean"]
    return path, {p.name: values.get(p.name, KINDS.get(p.kind, NAME)) for p in needed} or None


def about_nothing(server: Server, operation: Operation[Any]) -> Request:
    """The same for what isn't there. Grants came late: where there are none, nothing is judged."""
    if "license" not in operation.tag:
        server.items(api.LIST_ENTITLEMENTS)
    return well_formed(operation)


def about_ours(account: Account, operation: Operation[Any]) -> tuple[Key, Request]:
    """The same for a license key of our own with an activation."""
    key = account.imported(activations_limit=3)
    instance = key.activated()
    there = {"license_keys": key.id, "license_key_instances": instance, "license_key_instance_id": instance}
    there |= {"license_key": key.text, "key": account.new_key(), **account.owners[0]}
    if "grant_id" in operation.path:
        grant = ours(account.server, "pending")
        there |= {"grants": grant["id"], "entitlements": grant["entitlement_id"]}
    return key, well_formed(operation, UNKNOWN | there)


@over(lambda o: not o.public)
def test_api_key_is_asked_for(server: Server, operation: Operation[Any]) -> None:
    """`Authorization: Bearer <API key>`; 401 no or bad key, on everything but the public operations."""
    path, body = about_nothing(server, operation)
    if operation is api.RETRIEVE_LICENSE_KEY:
        path = {"id": server.items(api.LIST_LICENSE_KEYS)[0]["id"]}
    for key in (None, "wrong", *unlike(server.settings.api_key)):
        server.ask(operation, path, json=body, key=key, expect=401)


@over(lambda o: o is not api.VALIDATE_LICENSE and (o.public or ("{" in o.path and o.items is None)))
def test_unknown_is_not_found(server: Server, operation: Operation[Any]) -> None:
    """404 unknown; nobody else is found in its place. `/licenses/*` is public: no API key is looked at."""
    path, body = about_nothing(server, operation)
    for last in ("0", "A"):
        ids = {name: value[:-1] + last for name, value in path.items()}
        for key in (None, "wrong") if operation.public else ("",):
            server.ask(operation, ids, json=body, key=key).answers(404, *NOT_FOUND)


@over_listings
def test_wrong_queries_are_refused(server: Server, listing: Operation[Any]) -> None:
    """422 or 400 where a parameter of the query is of the wrong type or out of bounds."""
    server.items(listing)
    for parameter in [p for p in listing.parameters if p.place == "query"]:
        for value in WRONG.get(parameter.kind, ()):
            wrong = value if isinstance(value, str) else json.dumps(value)
            # An empty value, and a page size above 100, may be taken or refused.
            if wrong and not (parameter.maximum == LARGEST_PAGE and value == 2**31):
                server.page(listing, {parameter.name: wrong}, expect=MALFORMED)


@pytest.mark.parametrize(("operation", "parameter"), [case(*both) for both in IN_BODIES])
def test_wrong_bodies_are_refused(
    request: pytest.FixtureRequest, server: Server, operation: Operation[Any], parameter: Parameter
) -> None:
    """422 or 400 where a field is missing, of the wrong type or out of bounds; nothing is changed."""
    key = None
    if operation is api.VALIDATE_LICENSE:  # which a run that only reads may send
        path, body = well_formed(operation)
    else:
        key, (path, body) = about_ours(request.getfixturevalue("account"), operation)
    rest = {name: value for name, value in (body or {}).items() if name != parameter.name}
    wrong = [{**rest, parameter.name: value} for value in WRONG.get(parameter.kind, [5, True, [], {}])]
    wrong += [rest, {**rest, parameter.name: None}] if parameter.required else []
    for one in wrong:
        server.ask(operation, path, json=one, expect=MALFORMED)
    if key is not None:
        key.check()


@over(lambda o: not o.public and ("license" in o.tag or o.method != "GET"))
@pytest.mark.writes
def test_read_only_key_reads_only(server: Server, account: Account, operation: Operation[Any]) -> None:
    """A key may be read-only (writes answer 403)."""
    reader = server.settings.read_only_api_key
    if not reader:
        pytest.skip("no read-only API key: CONTRACT_READ_ONLY_API_KEY")
    key, (path, body) = about_ours(account, operation)
    status, why = 200 if operation.method == "GET" else 403, "a read-only API key only reads"
    server.ask(operation, path, json=body, key=reader, expect=status, why=why)
    key.check()
