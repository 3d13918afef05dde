"""Servers that use what the documentation leaves open, a row each: the contract suite must agree with every one."""

from __future__ import annotations

import random
import re
from datetime import datetime

from bugs import (
    ACTIVATE,
    CREATE,
    INSTANCES,
    KEY,
    KEYS,
    LISTS,
    PUBLIC,
    RENAME,
    UPDATE,
    VALIDATE,
    asks,
    each,
    filters,
    instead,
    tells,
)
from proxy import Reply, refusal

OURS, THEIRS = re.compile(rb'"(lic|lki|cus|pdt|ent|entg|grant)_([A-Za-z0-9]{8,})"'), "-x_Y"
SHUFFLE = random.Random(7)


def _lagging(key):
    return {**key, "status": "active"} if key["status"] == "expired" and key.get("expires_at") else key


async def status_lags(x):
    """A key whose expiry has passed is still called active, and found as such."""
    asked, reply = x.query.get("status"), await x.send()
    if reply.ok and x.op == KEYS and asked:
        rest = await x.whole(**{name: x.query[name] for name in filters(x) if name != "status"})
        return x.page([key for key in map(_lagging, rest) if key["status"] == asked], reply)
    if reply.ok and x.op == KEYS:
        reply.body["items"] = list(map(_lagging, reply.body["items"]))
    elif reply.ok and x.op in (KEY, UPDATE, CREATE):
        reply.body = _lagging(reply.body)
    return reply


async def other_ids(x):
    """Ids have a hyphen and an underscore in them."""
    x.path = x.path.replace(THEIRS, "")
    x.query = {name: value.replace(THEIRS, "") for name, value in x.query.items()}
    if isinstance(x.body, dict):
        x.body = {
            n: v.replace(THEIRS, "") if isinstance(v, str) and n != "key" else v for n, v in x.body.items()
        }
    reply = await x.send()
    content = OURS.sub(rb'"\1_\2' + THEIRS.encode() + b'"', reply.content())
    return Reply(reply.status, content, reply.headers) if not isinstance(reply.body, bytes) else reply


other_ids.suffix = THEIRS


def ordered(key):
    """Listings in another order."""

    async def row(x):
        reply = await x.send()
        if x.op in LISTS and reply.ok:
            items = await x.whole(x.path, **{name: x.query[name] for name in filters(x)})
            return x.page(sorted(items, key=lambda item: key(x, item)), reply)
        return reply

    return row


def texts(change, names=("created_at", "expires_at")):
    """Each moment in a reply is written in another way."""

    def written(_, body):
        for item in body.get("items", [body]):
            item.update({name: change(item[name]) for name in names if isinstance(item.get(name), str)})

    return tells((KEYS, KEY, CREATE, UPDATE, INSTANCES, ACTIVATE), written)


def left_out(*names):
    return each(lambda _, key: [key.pop(name, None) for name in names])


def refuses(ops, when, status=422):
    async def row(x):
        known = x.op in PUBLIC or x.headers.get("authorization") == f"Bearer {x.api_key}"
        return refusal(status) if x.op in ops and known and when(x) else await x.send()

    return row


async def without_a_message(x):
    reply = await x.send()
    if not reply.ok and isinstance(reply.body, dict):
        reply.body.pop("message", None)
    return reply


def body_of_401(body, kind):
    async def row(x):
        reply = await x.send()
        return Reply(401, body, {"content-type": kind} if kind else {}) if reply.status == 401 else reply

    return row


async def now_and_then_too_many(x):
    x.memory["count"] = x.memory.get("count", 0) + 1
    if x.memory["count"] % 500 == 7:
        reply = refusal(429, "TOO_MANY_REQUESTS")
        reply.headers["retry-after"] = "0"
        return reply
    return await x.send()


async def case_and_blanks(x):
    """License keys match whatever their case, and with blanks around them."""
    if x.op in PUBLIC and x.given("license_key"):
        asked = x.body["license_key"].strip().lower()
        found = [key["key"] for key in await x.whole() if key["key"].lower() == asked]
        x.body["license_key"] = found[0] if found else x.body["license_key"]
    return await x.send()


def is_past(x):
    given = x.given("expires_at")
    try:
        return given is not None and datetime.fromisoformat(given) < datetime.now().astimezone()
    except (ValueError, TypeError):
        return False


# fmt: off
LIBERTIES = {
    "status lags behind an expiry that has passed": status_lags,
    "a 401 is a page of HTML": body_of_401(b"<h1>No</h1>", "text/html"),
    "a 401 has no body": body_of_401(b"", None),
    "a 401 has another JSON": body_of_401({"error": {"reason": 5}}, "application/json"),
    "errors have no message": without_a_message,
    "errors have a further field": instead((KEY, ACTIVATE), lambda _, r: not r.ok and isinstance(r.body, dict) and r.body.update(trace=[1]), 200),
    "a bad query answers 400": instead(LISTS, lambda _, r: r.status == 422, 400, "INVALID_QUERY_PARAMS"),
    "a bad body answers 400": instead((CREATE, UPDATE, RENAME, *PUBLIC), lambda _, r: r.status == 422 and r.body["code"].startswith("INVALID"), 400, "INVALID_REQUEST_BODY"),
    "an empty update is refused": refuses((UPDATE,), lambda x: x.body == {}),
    "ids have other characters": other_ids,
    "moments have nine digits of a second": texts(lambda t: t.replace("Z", ".000000000Z") if "." not in t else t.replace("Z", "000Z")),
    "moments have an offset of zero": texts(lambda t: t.replace("Z", "+00:00")),
    "the oldest comes first": ordered(lambda _, item: (item["created_at"], item["id"])),
    "the order is that of ids": ordered(lambda _, item: item["id"]),
    "keys of one moment come in any order": ordered(lambda x, item: (x.memory.setdefault(item["id"], SHUFFLE.random()))),
    "the order depends on the size of a page": ordered(lambda x, item: item["id"][:: 1 if x.query.get("page_size") in ("10", None) else -1]),
    "a page size above 100 is 100": asks(LISTS, lambda x: x.query.update(page_size="100") if (x.number("page_size", 10) or 0) > 100 else None),
    "a page size of 0 is refused": refuses(LISTS, lambda x: x.query.get("page_size") == "0"),
    "a page size of 0 is the default": asks(LISTS, lambda x: x.query.pop("page_size") if x.query.get("page_size") == "0" else None),
    "empty values in a query are refused": refuses(LISTS, lambda x: "" in x.query.values(), 400),
    "what is null is left out": each(lambda _, key: [key.pop(name) for name, value in list(key.items()) if value is None]),
    "replies are of the first generation": left_out("brand_id", "source"),
    "replies have further fields": each(lambda _, key: key.update(entitlement={"id": "x"}, tags=["new"])),
    "importing answers 200": instead((CREATE,), lambda _, r: r.status == 201, 200),
    "an unknown license key has the code NOT_FOUND": instead(PUBLIC, lambda _, r: r.status == 404, 404, "NOT_FOUND"),
    "license keys match in any case, with blanks around them": case_and_blanks,
    "an expiry in the past is refused": refuses((CREATE, UPDATE), is_past),
    "an empty name is refused": refuses((ACTIVATE, RENAME), lambda x: x.given("name") == ""),
    "a long name is refused": refuses((ACTIVATE, RENAME), lambda x: len(x.given("name") or "") > 100),
    "a name has letters and digits": refuses((ACTIVATE, RENAME), lambda x: not re.fullmatch(r"[\w ]*", x.given("name") or "")),
    "a license key has letters, digits and hyphens": refuses((CREATE,), lambda x: not re.fullmatch(r"[A-Za-z0-9-]*", x.given("key") or "")),
    "an empty instance id is refused": refuses((VALIDATE,), lambda x: x.given("license_key_instance_id") == ""),
    "now and then there are too many requests": now_and_then_too_many,
    "disabled may not be null": refuses((UPDATE,), lambda x: isinstance(x.body, dict) and x.body.get("disabled", 0) is None),
    "JSON has a charset": instead((KEYS, KEY, *PUBLIC), lambda _, r: r.body and not isinstance(r.body, bytes) and r.headers.update({"content-type": "application/json; charset=utf-8"}), 200),
}
