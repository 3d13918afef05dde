"""Servers that use what the documentation leaves open, a row each: the contract suite must agree with every one."""

from __future__ import annotations

import random
import re

import rows as r
from planted import Reply

from dodo_licenses.mock.operations import OPERATIONS

OURS, THEIRS = re.compile(rb'"(lic|lki|cus|pdt|ent|entg|grant)_([A-Za-z0-9]{8,})"'), "-x_Y"
SHUFFLE = random.Random(7)
BODIES = (*r.CHANGES, r.RENAME, *r.PUBLIC)


@r.row
async def status_lags(x):
    """A key whose expiry has passed is still called active, and found as such."""

    def lagging(key):
        return {**key, "status": "active"} if key["status"] == "expired" and key.get("expires_at") else key

    asked, reply = x.query.get("status"), await x.send()
    if not reply.ok:
        return reply
    if asked:
        rest = await x.whole(**{name: value for name, value in x.filters.items() if name != "status"})
        reply.body["items"] = x.paged([key for key in map(lagging, rest) if key["status"] == asked])
    elif x.op == r.KEYS:
        reply.body["items"] = list(map(lagging, reply.items))
    else:
        reply.body = lagging(reply.body)
    return reply


@r.row
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


def ordered(by):
    """Listings in another order."""
    return r.sliced(r.LISTS, lambda x, items, *_: x.paged(sorted(items, key=lambda item: by(x, item))))


def moments(change):
    """Each moment in a reply is written in another way."""

    def write(_, item):
        for name in ("created_at", "expires_at"):
            if isinstance(item.get(name), str):
                item[name] = change(item[name])

    return r.each((*r.LICENSE_KEYS, r.INSTANCES, r.ACTIVATE), write)


def left_out(when):
    """Fields of license keys for which `when(name, value)` holds are not there."""
    return r.each(
        r.LICENSE_KEYS, lambda _, key: [key.pop(n) for n, value in [*key.items()] if when(n, value)]
    )


@r.row
async def refuses(x, when, status=422):
    """A request for which `when(x)` holds is refused, and nothing is done."""
    return r.refusal(status) if (x.op in r.PUBLIC or x.is_merchant) and when(x) else await x.send()


def unlike(ops, name, pattern):
    return refuses(ops, lambda x: not re.fullmatch(pattern, x.given(name) or ""))


@r.row
async def now_and_then_too_many(x):
    reply = r.refusal(429, "TOO_MANY_REQUESTS")
    reply.headers["retry-after"] = "0"
    return reply if r.times(x, "asked") % 500 == 7 else await x.send()


def has_passed(x):
    try:
        return r.at(x.given("expires_at") or "9999-01-01T00:00Z") < r.ago()
    except (ValueError, TypeError):
        return False


@r.row
async def unauthorized(x, body, **headers):
    reply = await x.send()
    return Reply(401, body, headers) if reply.status == 401 else reply


# fmt: off
LIBERTIES = {
    "status lags behind an expiry that has passed": status_lags(r.LICENSE_KEYS),
    "a 401 is a page of HTML": unauthorized(OPERATIONS, b"<h1>No</h1>", **{"content-type": "text/html"}),
    "a 401 has no body": unauthorized(OPERATIONS, b""),
    "a 401 has another JSON": unauthorized(OPERATIONS, {"error": {"reason": 5}}, **{"content-type": "application/json"}),
    "errors have no message": r.tells(OPERATIONS, lambda _, reply: reply.body.pop("message"), refused="refusal"),
    "errors have a further field": r.tells(OPERATIONS, lambda _, reply: reply.body.update(trace=[1]), refused="refusal"),
    "a bad query answers 400": r.instead_of(422, r.LISTS, 400, "INVALID_QUERY_PARAMS"),
    "a bad body answers 400": r.instead_of("INVALID_REQUEST_BODY", BODIES, 400),
    "an empty update is refused": refuses(r.UPDATE, lambda x: x.body == {}),
    "ids have other characters": other_ids(OPERATIONS)._replace(suffix=THEIRS),
    "moments have nine digits of a second": moments(lambda t: t.replace("Z", ".000000000Z") if "." not in t else t.replace("Z", "000Z")),
    "moments have an offset of zero": moments(lambda t: t.replace("Z", "+00:00")),
    "the oldest comes first": ordered(lambda _, item: (item["created_at"], item["id"])),
    "the order is that of ids": ordered(lambda _, item: item["id"]),
    "keys of one moment come in any order": ordered(lambda x, item: x.memory.setdefault(item["id"], SHUFFLE.random())),
    "the order depends on the size of a page": ordered(lambda x, item: item["id"][:: 1 if x.size == 10 else -1]),
    "a page size above 100 is 100": r.query(r.LISTS, lambda x: x.size > 100, page_size="100"),
    "a page size of 0 is refused": refuses(r.LISTS, lambda x: x.query.get("page_size") == "0"),
    "a page size of 0 is the default": r.query(r.LISTS, lambda x: x.query.get("page_size") == "0", page_size="10"),
    "empty values in a query are refused": refuses(r.LISTS, lambda x: "" in x.query.values(), 400),
    "what is null is left out": left_out(lambda _, value: value is None),
    "replies are of the first generation": left_out(lambda name, _: name in ("brand_id", "source")),
    "replies have further fields": r.each(r.LICENSE_KEYS, lambda _, key: key.update(entitlement={"id": "x"}, tags=["new"])),
    "importing answers 200": r.instead_of(201, r.CREATE, 200),
    "an unknown license key has the code NOT_FOUND": r.instead_of(404, r.PUBLIC, 404, "NOT_FOUND"),
    "license keys match in any case, with blanks around them": r.looked_up(r.PUBLIC, lambda held, asked: held.lower() == asked.strip().lower()),
    "an expiry in the past is refused": refuses(r.CHANGES, has_passed),
    "an empty name is refused": refuses(r.NAMES, lambda x: x.given("name") == ""),
    "a long name is refused": refuses(r.NAMES, lambda x: len(x.given("name") or "") > 100),
    "a name has letters and digits": unlike(r.NAMES, "name", r"[\w ]*"),
    "a license key has letters, digits and hyphens": unlike(r.CREATE, "key", r"[A-Za-z0-9-]*"),
    "an empty instance id is refused": refuses(r.VALIDATE, lambda x: x.given("license_key_instance_id") == ""),
    "now and then there are too many requests": now_and_then_too_many(OPERATIONS),
    "disabled may not be null": refuses(r.UPDATE, lambda x: x.fields.get("disabled", 0) is None),
    "JSON has a charset": r.typed((r.KEYS, r.KEY, r.ACTIVATE, r.VALIDATE), "application/json; charset=utf-8"),
}
