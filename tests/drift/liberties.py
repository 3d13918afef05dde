"""Servers that use what the documentation leaves open, a row each: the contract suite must agree with every one."""

from __future__ import annotations

import contextlib
import random
import re
from functools import partial

import rows as r

from dodo_licenses.mock.operations import OPERATIONS

OURS, THEIRS = re.compile(rb'"(lic|lki|cus|pdt|ent|entg|grant)_([A-Za-z0-9]{8,})"'), "-x_Y"
SHUFFLE = random.Random(7)


def status_lags(x, reply):
    """A key whose expiry has passed is still called active, and found as such."""
    asked = x.query.get("status")
    found = x.every(**{**x.filters, "status": ""}) if asked else reply.items
    for key in found:
        if key["status"] == "expired" and key.get("expires_at"):
            key["status"] = "active"
    if asked:
        reply.body["items"] = x.paged([key for key in found if key["status"] == asked])


@r.row
async def other_ids(x):
    """Ids have a hyphen and an underscore in them."""
    x.path = x.path.replace(THEIRS, "")
    texts = {name: x.given(name) for name in x.fields if x.given(name) and name != "key"}
    x.fields.update({name: text.replace(THEIRS, "") for name, text in texts.items()})
    reply = await x.send()
    reply.body = OURS.sub(rb'"\1_\2' + THEIRS.encode() + b'"', reply.content)
    return reply


def ordered(by):
    """Listings in another order."""
    return r.relists(r.LISTS, lambda x, _: x.paged(sorted(x.every(**x.filters), key=partial(by, x))))


def moments(change):
    """Each moment in a reply is written in another way."""
    changed = lambda item: {n: change(item[n]) for n in ("created_at", "expires_at") if item.get(n)}
    return r.each((*r.LICENSE_KEYS, r.INSTANCES, r.ACTIVATE), lambda _, item: item.update(changed(item)))


def unauthorized(body, kind):
    """A 401 has another body, of that type."""
    change = {"body": body, "headers": {"content-type": kind} if kind else {}}
    return r.tells(OPERATIONS, lambda _, reply: vars(reply).update(change), on=401)


def has_passed(x):
    with contextlib.suppress(ValueError, TypeError):
        return r.at(x.given("expires_at") or "9999-01-01T00:00Z") < r.ago()


# fmt: off
LIBERTIES = {
    "status lags behind an expiry that has passed": r.tells(r.LICENSE_KEYS, status_lags),
    "a 401 is a page of HTML": unauthorized(b"<h1>No</h1>", "text/html"),
    "a 401 has no body": unauthorized(b"", None),
    "a 401 has another JSON": unauthorized({"error": {"reason": 5}}, "application/json"),
    "errors have no message": r.tells(OPERATIONS, lambda _, reply: reply.body.pop("message"), on="refusal"),
    "errors have a further field": r.tells(OPERATIONS, lambda _, reply: reply.body.update(trace=[1]), on="refusal"),
    "a bad query answers 400": r.answers(r.LISTS, 422, 400, "INVALID_QUERY_PARAMS"),
    "a bad body answers 400": r.answers((*r.CHANGES, r.RENAME, *r.PUBLIC), "INVALID_REQUEST_BODY", 400),
    "an empty update is refused": r.refuses(r.UPDATE, lambda x: x.body == {}),
    "ids have other characters": other_ids(OPERATIONS)._replace(suffix=THEIRS),
    "moments have nine digits of a second": moments(lambda t: t.replace("Z", ".000000000Z") if "." not in t else t.replace("Z", "000Z")),
    "moments have an offset of zero": moments(lambda t: t.replace("Z", "+00:00")),
    "the oldest comes first": ordered(lambda _, item: (item["created_at"], item["id"])),
    "the order is that of ids": ordered(lambda _, item: item["id"]),
    "keys of one moment come in any order": ordered(lambda x, item: x.memory.setdefault(item["id"], SHUFFLE.random())),
    "the order depends on the size of a page": ordered(lambda x, item: item["id"][:: 1 if x.size == 10 else -1]),
    "a page size above 100 is 100": r.asks(r.LISTS, lambda x: x.query.update(page_size="100"), lambda x: x.size > 100),
    "a page size of 0 is refused": r.refuses(r.LISTS, lambda x: x.query.get("page_size") == "0"),
    "a page size of 0 is the default": r.asks(r.LISTS, lambda x: x.query.update(page_size="10"), lambda x: x.query.get("page_size") == "0"),
    "empty values in a query are refused": r.refuses(r.LISTS, lambda x: "" in x.query.values(), 400),
    "what is null is left out": r.each(r.LICENSE_KEYS, lambda _, key: [key.pop(name) for name in [*key] if key[name] is None]),
    "replies are of the first generation": r.each(r.LICENSE_KEYS, lambda _, key: [key.pop(name) for name in ("brand_id", "source")]),
    "an enum has a new value": r.tells(r.LICENSE_KEYS, lambda x, reply: reply.body.update(items=[]) if x.filters.get("source") == "auto" else [key.update(source="partner") for key in reply.items if key["source"] == "auto"]),
    "replies have further fields": r.each(r.LICENSE_KEYS, lambda _, key: key.update(entitlement={"id": "x"}, tags=["new"])),
    "importing answers 200": r.answers(r.CREATE, 201, 200),
    "an unknown license key has the code NOT_FOUND": r.answers(r.PUBLIC, 404, 404, "NOT_FOUND"),
    "license keys match in any case, with blanks around them": r.looked_up(r.PUBLIC, lambda held, asked: held.lower() == asked.strip().lower()),
    "an imported key is written in capitals": r.asks((r.CREATE, *r.PUBLIC), lambda x: x.fields.update({name: x.body[name].upper() for name in ("key", "license_key") if x.given(name)})),
    "states of grants are written in small letters": r.each((*r.GRANTS, r.REVOKE, r.FULFILL), lambda _, grant: "status" in grant and grant.update(status=grant["status"].lower())),
    "what nobody has has no grants": r.tells(r.GRANTS, lambda _, reply: vars(reply).update(status=200, body={"items": []}), on=404),
    "an expiry in the past is refused": r.refuses(r.CHANGES, has_passed),
    "an empty name is refused": r.refuses(r.NAMES, lambda x: x.given("name") == ""),
    "a long name is refused": r.refuses(r.NAMES, lambda x: len(x.given("name") or "") > 100),
    "a name has letters and digits": r.refuses(r.NAMES, lambda x: not re.fullmatch(r"[\w ]*", x.given("name") or "")),
    "a license key has letters, digits and hyphens": r.refuses(r.CREATE, lambda x: not re.fullmatch(r"[A-Za-z0-9-]*", x.given("key") or "")),
    "an empty instance id is refused": r.refuses(r.VALIDATE, lambda x: x.given("license_key_instance_id") == ""),
    "now and then there are too many requests": r.refuses(OPERATIONS, lambda x: r.times(x, "asked") % 500 == 7, 429, **{"retry-after": "0"}),
    "disabled may not be null": r.refuses(r.UPDATE, lambda x: x.fields.get("disabled", 0) is None),
    "JSON has a charset": r.tells((r.KEYS, r.KEY, r.ACTIVATE, r.VALIDATE), lambda _, reply: reply.headers.update({"content-type": "application/json; charset=utf-8"})),
}
