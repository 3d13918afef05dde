"""The links that the spec draws by hand: each is followed once, from a success to a success."""

from __future__ import annotations

from secrets import token_hex

import life_cycle as life
from rules import (
    ACTIVATE,
    CREATE,
    DEACTIVATE,
    INSTANCE,
    INSTANCES,
    KEY,
    KEYS,
    RENAME,
    UPDATE,
    VALIDATE,
    rule,
)


def sources(server):
    """A success of every operation that links start from: the request's body and the answer."""
    key = life.import_key(server)
    body = {"license_key": key["key"], "name": "contract link"}
    yield ACTIVATE, body, server.ask(ACTIVATE, json=body, key=None, expect=201)
    kept = life.activated(server, key, "contract link kept")
    yield (
        KEYS,
        None,
        server.ask(KEYS, params={"status": "active", "customer_id": key["customer_id"]}, expect=200),
    )
    yield KEY, None, server.ask(KEY, key["id"], expect=200)
    yield UPDATE, {}, server.ask(UPDATE, key["id"], json={}, expect=200)
    yield INSTANCES, None, server.ask(INSTANCES, params={"license_key_id": key["id"]}, expect=200)
    yield INSTANCE, None, server.ask(INSTANCE, kept["id"], expect=200)
    yield RENAME, {}, server.ask(RENAME, kept["id"], json={"name": "contract link 2"}, expect=200)
    customer_id, product_id = server.owner
    body = {"customer_id": customer_id, "product_id": product_id, "key": f"CONTRACT-TEST-{token_hex(8)}"}
    created = server.ask(CREATE, json=body, expect=(200, 201))
    server.made.append(created["id"])
    yield CREATE, body, created
    spare = life.activated(server, key, "contract link 3")
    body = {"license_key": key["key"], "license_key_instance_id": spare["id"]}
    yield DEACTIVATE, body, server.ask(DEACTIVATE, json=body, key=None, expect=200)


# What a link leaves for the caller to fill in.
REST = {
    CREATE: lambda: {"key": f"CONTRACT-TEST-{token_hex(8)}"},
    UPDATE: lambda: {"disabled": False},
    RENAME: lambda: {"name": "contract link"},
    ACTIVATE: lambda: {"name": "contract link"},
    VALIDATE: dict,
    DEACTIVATE: dict,
}


def evaluate(expression, sent, answer):
    """The value of such as `$response.body#/items/0/id`."""
    where, _, pointer = expression.partition("#")
    value = {"$request.body": sent, "$response.body": answer.body}[where]
    for part in pointer.strip("/").split("/"):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def follow(server, link, target, sent, answer):
    values = {name: evaluate(e, sent, answer) for name, e in link.get("parameters", {}).items()}
    body = {name: evaluate(e, sent, answer) for name, e in link.get("requestBody", {}).items()}
    name = values.pop("id", None)
    public = target in (ACTIVATE, VALIDATE, DEACTIVATE)
    json = {**REST[target](), **body} if target in REST else None
    result = server.ask(target, name, params=values or None, json=json, key=None if public else True)
    result.must(200 <= result.status < 300, f"a link of {answer.request.split(' ')[2]} leads to a success")
    if target == CREATE:
        server.made.append(result["id"])


@rule("the links of openapi.yaml lead where they say", writes=True)
def links_lead_somewhere(server):
    drawn, followed = server.spec.links(), set()
    for source, sent, answer in sources(server):
        # A deactivation comes last: the others need the activation that it ends.
        for name, (link, target) in sorted(
            drawn[source, answer.status].items(), key=lambda x: x[1][1] == DEACTIVATE
        ):
            follow(server, link, target, sent, answer)
            followed.add(name)
    missed = {name for links in drawn.values() for name in links} - followed
    answer.must(not missed, f"every link is followed, and these are not: {sorted(missed)}")
