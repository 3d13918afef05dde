"""What is refused: without an API key, what isn't there, and what isn't as it has to be."""

from __future__ import annotations

from typing import Any

import pytest

from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.imports import NOWHERE, Account
from dodo_licenses.contract.server import NO_LICENSE_KEY, Reply, Server, nobody
from dodo_licenses.contract.test_grants import ours
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

MALFORMED = (400, 422)
WRITES = [operation for operation in OPERATIONS.values() if operation.method != "GET"]
PREFIXES = {
    "license_keys": "lic_",
    "license_key_instances": "lki_",
    "entitlements": "ent_",
    "grants": "entg_",
}


def over(operations: list[Operation[Any]]) -> pytest.MarkDecorator:
    """A case for each operation; those that write are marked so."""
    marks = {True: [pytest.mark.writes], False: []}
    params = [
        pytest.param(o, id=o.id, marks=marks[o.method != "GET" and o is not api.VALIDATE_LICENSE])
        for o in operations
    ]
    return pytest.mark.parametrize("operation", params)


def unknown_path(operation: Operation[Any]) -> dict[str, str]:
    """Ids that nothing has."""
    resource = operation.path.split("/")[1]
    names = [p.name for p in operation.parameters if p.place == "path"]
    special = {"customer_id": "cus_", "grant_id": "entg_"}
    return {name: nobody(special.get(name) or PREFIXES.get(resource, "id_")) for name in names}


def a_body(operation: Operation[Any]) -> dict[str, Any] | None:
    """A body that is well-formed, for things that aren't there."""
    kinds: dict[str, Any] = {"integer": 1, "boolean": True, "datetime": "2030-01-01T00:00:00Z"}
    body = {
        p.name: kinds.get(p.kind, "contract test")
        for p in operation.parameters
        if p.place == "body" and p.required
    }
    for name in {"license_key", "key"} & set(body):
        body[name] = NO_LICENSE_KEY
    if "license_key_instance_id" in body:
        body["license_key_instance_id"] = NOWHERE
    fields = [p for p in operation.parameters if p.place == "body"]
    if fields and not body:  # an empty change may be refused
        body = {p.name: True for p in fields if p.kind == "boolean"}
    return body if fields else None


@over([o for o in OPERATIONS.values() if not o.public])
def test_api_key_is_asked_for(server: Server, operation: Operation[Any]) -> None:
    """`Authorization: Bearer <API key>`; 401 no or bad key, on everything but the public operations."""
    server.expects(operation)
    path = unknown_path(operation)
    if operation is api.RETRIEVE_LICENSE_KEY:
        path = {"id": server.keys[0]["id"]}
    api_key = server.settings.api_key
    for key in (None, "wrong", f"{api_key}x", api_key[:-1], api_key.swapcase(), f"{api_key[:-1]}_"):
        reply = server.ask(operation, path, json=a_body(operation), key=key)
        reply.fails(401)


@over([o for o in OPERATIONS.values() if o.public])
def test_public_operations_need_no_key(server: Server, operation: Operation[Any]) -> None:
    """The three `/licenses/*` operations are public: no API key, and none is looked at."""
    for key in (None, "wrong"):
        reply = server.ask(operation, json=a_body(operation), key=key)
        reply.must(reply.status != 401, "a public operation needs no API key")  # noqa: PLR2004


@over([o for o in OPERATIONS.values() if "{" in o.path and o.items is None and not o.public])
def test_unknown_ids_are_not_found(server: Server, operation: Operation[Any]) -> None:
    """404 unknown; nobody else is found in its place."""
    server.expects(operation)
    for path in (
        unknown_path(operation),
        {name: f"{value[:-1]}A" for name, value in unknown_path(operation).items()},
    ):
        server.ask(operation, path, json=a_body(operation)).fails(404, "NOT_FOUND", "LICENSE_KEY_NOT_FOUND")


@pytest.mark.writes
@pytest.mark.parametrize("operation", [api.ACTIVATE_LICENSE, api.DEACTIVATE_LICENSE], ids=lambda o: o.id)
def test_unknown_license_keys_are_not_found(server: Server, operation: Operation[Any]) -> None:
    """404 unknown; which of the two codes isn't documented."""
    server.ask(operation, json=a_body(operation)).fails(404, "NOT_FOUND", "LICENSE_KEY_NOT_FOUND")


def wrong_values(parameter: Parameter) -> list[Any]:
    """What a field can't be: another type, beyond its bounds, or `true` where a number belongs."""
    by_kind: dict[str, list[Any]] = {
        "integer": [True, "five", 1.5, -1, 2**31, [], {}],
        "boolean": ["yes", 1, 0, "true", []],
        "datetime": ["tomorrow", 5, True, "", "2026-02-30T00:00:00Z"],
    }
    return by_kind.get(parameter.kind, [5, True, [], {}]) + (
        [] if parameter.nullable or not parameter.required else [None]
    )


BODIES = [
    pytest.param(o, p, id=f"{o.id}-{p.name}", marks=[] if o is api.VALIDATE_LICENSE else [pytest.mark.writes])
    for o in WRITES
    for p in o.parameters
    if p.place == "body"
]


def send(
    server: Server, account: Account | None, operation: Operation[Any], body: Any, key: Reply | None
) -> Reply:
    """The operation with this body, on something that is there."""
    path: dict[str, str] = {}
    if account is not None and key is not None:
        if operation is api.UPDATE_LICENSE_KEY:
            path = {"id": key["id"]}
        elif operation is api.UPDATE_LICENSE_KEY_INSTANCE:
            path = {"id": account.instances(key)[0]["id"]}
        elif "grant_id" in operation.path:
            path = {"grant_id": ours(server, "pending")["id"]}
    return server.ask(operation, path, json=body, wrong=True)


@pytest.mark.parametrize(("operation", "parameter"), BODIES)
def test_wrong_bodies_are_refused(
    request: pytest.FixtureRequest, server: Server, operation: Operation[Any], parameter: Parameter
) -> None:
    """422 or 400 where a field is missing, of the wrong type or out of bounds; nothing is changed."""
    account: Account | None = None
    key: Reply | None = None
    body: dict[str, Any] = a_body(operation) or {}
    if operation is not api.VALIDATE_LICENSE:
        account = request.getfixturevalue("account")
        key = account.import_key(activations_limit=3)
        instance = account.activated(key)
        given = {
            "license_key": key["key"],
            "license_key_instance_id": instance["id"],
            "key": account.new_key(),
        }
        given |= dict(zip(("customer_id", "product_id"), account.owners[0], strict=True))
        body |= {name: value for name, value in given.items() if name in body}
    wrong = [{**body, parameter.name: value} for value in wrong_values(parameter)]
    if parameter.required:
        wrong.append({name: value for name, value in body.items() if name != parameter.name})
    before = account.retrieve(key).body if account and key else None
    for one in wrong:
        send(server, account, operation, one, key).fails(MALFORMED)
    if account and key:
        after = account.retrieve(key)
        after.must(after.body == before, "what is refused changes nothing")


@pytest.mark.writes
def test_read_only_key_reads_only(server: Server, account: Account) -> None:
    """A key may be read-only (writes answer 403)."""
    reader = server.settings.read_only_api_key
    if not reader:
        raise NoDataError("no read-only API key: CONTRACT_READ_ONLY_API_KEY")
    key = account.import_key()
    instance = account.activated(key)
    server.ask(
        api.RETRIEVE_LICENSE_KEY, key["id"], key=reader, expect=200, says="a read-only API key may read"
    )
    server.ask(api.LIST_LICENSE_KEYS, key=reader, expect=200, says="a read-only API key may read")
    owner = dict(zip(("customer_id", "product_id"), account.owners[0], strict=True))
    with account.unchanged(key):
        for operation, path, body in (
            (api.UPDATE_LICENSE_KEY, key["id"], {"disabled": True}),
            (api.UPDATE_LICENSE_KEY_INSTANCE, instance["id"], {"name": "x"}),
            (api.CREATE_LICENSE_KEY, None, {**owner, "key": account.new_key()}),
        ):
            server.ask(
                operation, path, json=body, key=reader, expect=403, says="a read-only API key may not write"
            )
