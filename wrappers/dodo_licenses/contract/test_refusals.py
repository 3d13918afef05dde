"""What is refused: without an API key, what isn't there, and what isn't as it has to be."""

from __future__ import annotations

from typing import Any

import pytest

from dodo_licenses.contract.derived import LICENSE_KEYS
from dodo_licenses.contract.license_keys import NOWHERE, Account, nobody
from dodo_licenses.contract.server import MALFORMED, Server
from dodo_licenses.contract.test_grants import ENTITLEMENTS, ours
from dodo_licenses.contract.test_reading import NO_LICENSE_KEY
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

NOT_FOUND = ("NOT_FOUND", "LICENSE_KEY_NOT_FOUND")  # which of the two isn't documented
PREFIXES = {"license_keys": "lic_", "license_key_instances": "lki_", "entitlements": "ent_"}
OF_A_PATH = {"grant_id": "entg_", "customer_id": "cus_"}
KNOWN = {"license_key": NO_LICENSE_KEY, "key": NO_LICENSE_KEY, "license_key_instance_id": NOWHERE}
KINDS = {"integer": 1, "boolean": True, "datetime": "2030-01-01T00:00:00Z"}
WRONG: dict[str, list[Any]] = {
    "integer": [True, "five", 1.5, -1, 2**31, [], {}],
    "boolean": ["yes", 1, 0, "true", []],
    "datetime": ["tomorrow", 5, True, "", "2026-02-30T00:00:00Z"],
}


def is_there(server: Server, operation: Operation[Any]) -> None:
    """Grants came late: a server may have all of their operations, or none, and then nothing is judged."""
    if "license" not in operation.tag:
        server.items(ENTITLEMENTS)


def case(operation: Operation[Any], *more: Any) -> Any:
    """A case of a rule; those that write are marked so."""
    writes = operation.method != "GET" and operation is not api.VALIDATE_LICENSE
    name = "-".join([operation.id, *(one.name for one in more)])
    return pytest.param(operation, *more, id=name, marks=[pytest.mark.writes] if writes else [])


def unknown(operation: Operation[Any]) -> dict[str, str]:
    """Ids that nothing has."""
    prefix = PREFIXES.get(operation.path.split("/")[1], "id_")
    names = [p.name for p in operation.parameters if p.place == "path"]
    return {name: nobody(OF_A_PATH.get(name, prefix)) for name in names}


def a_body(operation: Operation[Any]) -> dict[str, Any] | None:
    """A body that is well-formed, for things that aren't there."""
    fields = [p for p in operation.parameters if p.place == "body"]
    needed = [p for p in fields if p.required] or [p for p in fields if p.kind == "boolean"]
    return {p.name: KNOWN.get(p.name, KINDS.get(p.kind, "contract test")) for p in needed} or None


@pytest.mark.parametrize("operation", [case(o) for o in OPERATIONS.values() if not o.public])
def test_api_key_is_asked_for(server: Server, operation: Operation[Any]) -> None:
    """`Authorization: Bearer <API key>`; 401 no or bad key, on everything but the public operations."""
    is_there(server, operation)
    known = {"id": server.items(LICENSE_KEYS)[0]["id"]}
    path = known if operation is api.RETRIEVE_LICENSE_KEY else unknown(operation)
    api_key = server.settings.api_key
    others = ("wrong", f"{api_key}x", api_key[:-1], api_key.swapcase(), f"{api_key[:-1]}_")
    for key in (None, *(other for other in others if other not in ("", api_key))):
        server.ask(operation, path, json=a_body(operation), key=key, expect=401)


@pytest.mark.parametrize("operation", [case(o) for o in OPERATIONS.values() if o.public])
def test_public_operations_need_no_key(server: Server, operation: Operation[Any]) -> None:
    """The three `/licenses/*` operations are public: no API key, and none is looked at; 404 unknown key."""
    status, codes = (200, ()) if operation is api.VALIDATE_LICENSE else (404, NOT_FOUND)
    for key in (None, "wrong"):
        reply = server.ask(operation, json=a_body(operation), key=key)
        reply.answers(status, *codes, why="a public operation needs no API key")


@pytest.mark.parametrize(
    "operation", [case(o) for o in OPERATIONS.values() if "{" in o.path and o.items is None and not o.public]
)
def test_unknown_ids_are_not_found(server: Server, operation: Operation[Any]) -> None:
    """404 unknown; nobody else is found in its place."""
    is_there(server, operation)
    path = unknown(operation)
    for last in ("0", "A"):
        ids = {name: value[:-1] + last for name, value in path.items()}
        server.ask(operation, ids, json=a_body(operation)).answers(404, *NOT_FOUND)


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [case(o, p) for o in OPERATIONS.values() for p in o.parameters if p.place == "body"],
)
def test_wrong_bodies_are_refused(
    request: pytest.FixtureRequest, server: Server, operation: Operation[Any], parameter: Parameter
) -> None:
    """422 or 400 where a field is missing, of the wrong type or out of bounds; nothing is changed."""
    body, path, key = a_body(operation) or {}, dict[str, str](), None
    if operation is not api.VALIDATE_LICENSE:
        account: Account = request.getfixturevalue("account")
        key = account.imported(activations_limit=3)
        instance = key.activated()
        there = {"license_key": key.text, "license_key_instance_id": instance, "key": account.new_key()}
        body |= {name: value for name, value in {**there, **account.owners[0]}.items() if name in body}
        if "grant_id" in operation.path:
            path = {"grant_id": ours(server, "pending")["id"]}
        elif "{id}" in operation.path:
            path = {"id": key.id if operation is api.UPDATE_LICENSE_KEY else instance}
    wrong = [{**body, parameter.name: value} for value in WRONG.get(parameter.kind, [5, True, [], {}])]
    if parameter.required:
        wrong += [{**body, parameter.name: None}, {n: v for n, v in body.items() if n != parameter.name}]
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
    server.ask(api.RETRIEVE_LICENSE_KEY, key.id, key=reader, expect=200, why="reading is allowed")
    server.ask(api.LIST_LICENSE_KEYS, key=reader, expect=200, why="reading is allowed")
    for operation, path, body in (
        (api.UPDATE_LICENSE_KEY, key.id, {"disabled": True}),
        (api.UPDATE_LICENSE_KEY_INSTANCE, instance, {"name": "x"}),
        (api.CREATE_LICENSE_KEY, None, new),
    ):
        server.ask(operation, path, json=body, key=reader, expect=403, why="a read-only API key only reads")
    key.check()
