"""Servers that use what the documentation leaves open, a row each: the contract suite must agree with every one."""

from __future__ import annotations

import random
import re
from datetime import datetime

from bugs import (
    ACTIVATE,
    BAD_BODY,
    BAD_QUERY,
    CHANGES,
    CREATE,
    INSTANCES,
    KEY,
    KEYS,
    LICENSE_KEYS,
    LISTS,
    NAMES,
    PUBLIC,
    RENAME,
    UPDATE,
    VALIDATE,
    after,
    ago,
    answers,
    each,
    instead_of,
    looked_up,
    maker,
    query,
    typed,
)
from planted import Reply, refusal

OURS, THEIRS = re.compile(rb'"(lic|lki|cus|pdt|ent|entg|grant)_([A-Za-z0-9]{8,})"'), "-x_Y"
SHUFFLE = random.Random(7)


async def status_lags(x):
    """A key whose expiry has passed is still called active, and found as such."""

    def lagging(key):
        return {**key, "status": "active"} if key["status"] == "expired" and key.get("expires_at") else key

    asked, reply = x.query.get("status"), await x.send()
    if not reply.ok or not x.does(LICENSE_KEYS):
        return reply
    if asked:
        rest = await x.whole(**{name: x.query[name] for name in x.filters if name != "status"})
        reply.body["items"] = x.paged([key for key in map(lagging, rest) if key["status"] == asked])
    elif x.op == KEYS:
        reply.body["items"] = list(map(lagging, reply.body["items"]))
    else:
        reply.body = lagging(reply.body)
    return reply


async def other_ids(x):
    """Ids have a hyphen and an underscore in them."""
    x.path = x.path.replace(THEIRS, "")
    x.query = {name: value.replace(THEIRS, "") for name, value in x.query.items()}
    for name, value in x.fields.items():
        x.body[name] = value.replace(THEIRS, "") if isinstance(value, str) and name != "key" else value
    reply = await x.send()
    if isinstance(reply.body, bytes):
        return reply
    return Reply(reply.status, OURS.sub(rb'"\1_\2' + THEIRS.encode() + b'"', reply.content()), reply.headers)


other_ids.suffix = THEIRS


@after
async def ordered(x, reply, by):
    """Listings in another order."""
    items = await x.whole(x.path, **{name: x.query[name] for name in x.filters})
    reply.body["items"] = x.paged(sorted(items, key=lambda item: by(x, item)))


def moments(change):
    """Each moment in a reply is written in another way."""

    def write(_, item):
        for name in ("created_at", "expires_at"):
            if isinstance(item.get(name), str):
                item[name] = change(item[name])

    return each(write, (*LICENSE_KEYS, INSTANCES, ACTIVATE))


def left_out(when):
    """Fields of license keys for which `when(name, value)` holds are not there."""
    return each(lambda _, key: [key.pop(name) for name, value in [*key.items()] if when(name, value)])


@maker
async def refuses(x, ops, when, status=422):
    """A request for which `when(x)` holds is refused, and nothing is done."""
    known = x.op in PUBLIC or x.is_merchant
    return refusal(status) if x.does(ops) and known and when(x) else await x.send()


def unlike(ops, name, pattern):
    return refuses(ops, lambda x: not re.fullmatch(pattern, x.given(name) or ""))


async def without_a_message(x):
    reply = await x.send()
    if reply.code is not None:
        reply.body.pop("message", None)
    return reply


@maker
async def body_of_401(x, body, **headers):
    reply = await x.send()
    return Reply(401, body, headers) if reply.status == 401 else reply


async def now_and_then_too_many(x):
    x.memory["count"] = x.memory.get("count", 0) + 1
    if x.memory["count"] % 500 == 7:
        reply = refusal(429, "TOO_MANY_REQUESTS")
        reply.headers["retry-after"] = "0"
        return reply
    return await x.send()


def is_past(x):
    try:
        return datetime.fromisoformat(x.given("expires_at") or "9999-01-01T00:00Z") < ago()
    except (ValueError, TypeError):
        return False


# fmt: off
LIBERTIES = {
    "status lags behind an expiry that has passed": status_lags,
    "a 401 is a page of HTML": body_of_401(b"<h1>No</h1>", **{"content-type": "text/html"}),
    "a 401 has no body": body_of_401(b""),
    "a 401 has another JSON": body_of_401({"error": {"reason": 5}}, **{"content-type": "application/json"}),
    "errors have no message": without_a_message,
    "errors have a further field": answers((KEY, ACTIVATE), lambda _, r: r.code and r.body.update(trace=[1]), 200),
    "a bad query answers 400": instead_of(422, LISTS, 400, BAD_QUERY),
    "a bad body answers 400": instead_of(BAD_BODY, (*CHANGES, RENAME, *PUBLIC), 400),
    "an empty update is refused": refuses(UPDATE, lambda x: x.body == {}),
    "ids have other characters": other_ids,
    "moments have nine digits of a second": moments(lambda t: t.replace("Z", ".000000000Z") if "." not in t else t.replace("Z", "000Z")),
    "moments have an offset of zero": moments(lambda t: t.replace("Z", "+00:00")),
    "the oldest comes first": ordered(LISTS, lambda _, item: (item["created_at"], item["id"])),
    "the order is that of ids": ordered(LISTS, lambda _, item: item["id"]),
    "keys of one moment come in any order": ordered(LISTS, lambda x, item: x.memory.setdefault(item["id"], SHUFFLE.random())),
    "the order depends on the size of a page": ordered(LISTS, lambda x, item: item["id"][:: 1 if x.size == 10 else -1]),
    "a page size above 100 is 100": query(LISTS, lambda x: x.size > 100, page_size="100"),
    "a page size of 0 is refused": refuses(LISTS, lambda x: x.query.get("page_size") == "0"),
    "a page size of 0 is the default": query(LISTS, lambda x: x.query.get("page_size") == "0", page_size="10"),
    "empty values in a query are refused": refuses(LISTS, lambda x: "" in x.query.values(), 400),
    "what is null is left out": left_out(lambda _, value: value is None),
    "replies are of the first generation": left_out(lambda name, _: name in ("brand_id", "source")),
    "replies have further fields": each(lambda _, key: key.update(entitlement={"id": "x"}, tags=["new"])),
    "importing answers 200": instead_of(201, CREATE, 200),
    "an unknown license key has the code NOT_FOUND": instead_of(404, PUBLIC, 404, "NOT_FOUND"),
    "license keys match in any case, with blanks around them": looked_up(PUBLIC, lambda held, asked: held.lower() == asked.strip().lower()),
    "an expiry in the past is refused": refuses(CHANGES, is_past),
    "an empty name is refused": refuses(NAMES, lambda x: x.given("name") == ""),
    "a long name is refused": refuses(NAMES, lambda x: len(x.given("name") or "") > 100),
    "a name has letters and digits": unlike(NAMES, "name", r"[\w ]*"),
    "a license key has letters, digits and hyphens": unlike(CREATE, "key", r"[A-Za-z0-9-]*"),
    "an empty instance id is refused": refuses(VALIDATE, lambda x: x.given("license_key_instance_id") == ""),
    "now and then there are too many requests": now_and_then_too_many,
    "disabled may not be null": refuses(UPDATE, lambda x: x.fields.get("disabled", 0) is None),
    "JSON has a charset": typed((KEYS, KEY, ACTIVATE, VALIDATE), "application/json; charset=utf-8"),
}
