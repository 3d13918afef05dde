"""What is refused: without an API key, what isn't there, and what isn't as it has to be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dodo_licenses.contract.derived import LICENSE_KEYS, Listing, listings
from dodo_licenses.contract.license_keys import Account
from dodo_licenses.contract.server import LARGEST_PAGE, MALFORMED, Server
from dodo_licenses.contract.test_grants import ENTITLEMENTS, ours
from dodo_licenses.contract.values import NAME, NO_LICENSE_KEY, NOWHERE, far_off, nobody, unlike
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

NOT_FOUND = ("NOT_FOUND", "LICENSE_KEY_NOT_FOUND")  # which of the two isn't documented
PREFIXES = {
    "license_keys": "lic_",
    "license_key_instances": "lki_",
    "entitlements": "ent_",
    "grants": "entg_",
    "customers": "cus_",
}
KNOWN = {"license_key": NO_LICENSE_KEY, "key": NO_LICENSE_KEY, "license_key_instance_id": NOWHERE}
KINDS = {"integer": 1, "boolean": True, "datetime": far_off()}
WRONG: dict[str, list[Any]] = {
    "integer": [True, "five", 1.5, -1, 2**31, [], {}],
    "boolean": ["yes", 1, 0, "true", []],
    "datetime": ["tomorrow", 5, True, "", "2026-02-30T00:00:00Z"],
    "choice": ["no-such-value", "active,expired"],
}


def over(which: Callable[[Operation[Any]], bool]) -> pytest.MarkDecorator:
    """A rule for each of these operations."""
    return pytest.mark.parametrize("operation", [case(o) for o in OPERATIONS.values() if which(o)])


def case(operation: Operation[Any], *more: Any) -> Any:
    """A case of a rule; those that write are marked so."""
    writes = operation.method != "GET" and operation is not api.VALIDATE_LICENSE
    name = "-".join([operation.id, *(one.name for one in more)])
    return pytest.param(operation, *more, id=name, marks=[pytest.mark.writes] if writes else [])


def unknown(server: Server, operation: Operation[Any]) -> dict[str, str]:
    """Ids that nothing has."""
    if "license" not in operation.tag:  # grants came late: where there are none, nothing is judged
        server.items(ENTITLEMENTS)
    return {name: nobody(PREFIXES[of]) for of, name in re.findall(r"(\w+)/{(\w+)}", operation.path)}


def a_body(operation: Operation[Any], there: Mapping[str, Any] = KNOWN) -> dict[str, Any] | None:
    """A body that is well-formed, for things that aren't there, or that are."""
    fields = [p for p in operation.parameters if p.place == "body"]
    needed = [p for p in fields if p.required] or [p for p in fields if p.kind == "boolean"]
    return {p.name: there.get(p.name, KINDS.get(p.kind, NAME)) for p in needed} or None


@over(lambda o: not o.public)
def test_api_key_is_asked_for(server: Server, operation: Operation[Any]) -> None:
    """`Authorization: Bearer <API key>`; 401 no or bad key, on everything but the public operations."""
    path = unknown(server, operation)
    if operation is api.RETRIEVE_LICENSE_KEY:
        path = {"id": server.items(LICENSE_KEYS)[0]["id"]}
    for key in (None, "wrong", *unlike(server.settings.api_key)):
        server.ask(operation, path, json=a_body(operation), key=key, expect=401)


@over(lambda o: o.public)
def test_public_operations_need_no_key(server: Server, operation: Operation[Any]) -> None:
    """The three `/licenses/*` operations are public: no API key, and none is looked at; 404 unknown key."""
    status, codes = (200, ()) if operation is api.VALIDATE_LICENSE else (404, NOT_FOUND)
    for key in (None, "wrong"):
        reply = server.ask(operation, json=a_body(operation), key=key)
        reply.answers(status, *codes, why="a public operation needs no API key")


@over(lambda o: "{" in o.path and o.items is None)
def test_unknown_ids_are_not_found(server: Server, operation: Operation[Any]) -> None:
    """404 unknown; nobody else is found in its place."""
    for last in ("0", "A"):
        ids = {name: value[:-1] + last for name, value in unknown(server, operation).items()}
        server.ask(operation, ids, json=a_body(operation)).answers(404, *NOT_FOUND)


@pytest.mark.parametrize("listing", listings(), ids=str)
def test_wrong_queries_are_refused(server: Server, listing: Listing) -> None:
    """422 or 400 where a parameter of the query is of the wrong type or out of bounds."""
    server.items(listing)
    for parameter in [p for p in listing.operation.parameters if p.place == "query"]:
        for value in WRONG.get(parameter.kind, ()):
            wrong = value if isinstance(value, str) else json.dumps(value)
            # An empty value, and a page size above 100, may be taken or refused.
            if wrong and not (parameter.maximum == LARGEST_PAGE and value == 2**31):
                server.page(listing, {parameter.name: wrong}, expect=MALFORMED)


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [case(o, p) for o in OPERATIONS.values() for p in o.parameters if p.place == "body"],
)
def test_wrong_bodies_are_refused(
    request: pytest.FixtureRequest, server: Server, operation: Operation[Any], parameter: Parameter
) -> None:
    """422 or 400 where a field is missing, of the wrong type or out of bounds; nothing is changed."""
    body, path, key = a_body(operation), dict[str, str](), None
    if operation is not api.VALIDATE_LICENSE:
        account: Account = request.getfixturevalue("account")
        key = account.imported(activations_limit=3)
        instance = key.activated()
        there = {"license_key": key.text, "license_key_instance_id": instance, "key": account.new_key()}
        body = a_body(operation, there | account.owners[0])
        if "grant_id" in operation.path:
            path = {"grant_id": ours(server, "pending")["id"]}
        elif "{id}" in operation.path:
            path = {"id": key.id if operation is api.UPDATE_LICENSE_KEY else instance}
    rest = {name: value for name, value in (body or {}).items() if name != parameter.name}
    wrong = [{**rest, parameter.name: value} for value in WRONG.get(parameter.kind, [5, True, [], {}])]
    wrong += [rest, {**rest, parameter.name: None}] if parameter.required else []
    for one in wrong:
        server.ask(operation, path, json=one, expect=MALFORMED)
    if key is not None:
        key.check()


@pytest.mark.writes
def test_read_only_key_reads_only(server: Server, account: Account) -> None:
    """A key may be read-only (writes answer 403)."""
    reader = server.settings.read_only_api_key
    if not reader:
        pytest.skip("no read-only API key: CONTRACT_READ_ONLY_API_KEY")
    key = account.imported()
    instance = key.activated()
    new = {**account.owners[0], "key": account.new_key()}
    for operation, path, body in (
        (api.RETRIEVE_LICENSE_KEY, key.id, None),
        (api.LIST_LICENSE_KEYS, None, None),
        (api.UPDATE_LICENSE_KEY, key.id, {"disabled": True}),
        (api.UPDATE_LICENSE_KEY_INSTANCE, instance, {"name": NAME}),
        (api.CREATE_LICENSE_KEY, None, new),
    ):
        status = 200 if operation.method == "GET" else 403
        server.ask(
            operation, path, json=body, key=reader, expect=status, why="a read-only API key only reads"
        )
    key.check()
