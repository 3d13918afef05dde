"""Planted bugs: servers that are wrong in one way, a row each.

Most are made over an axis: every operation, parameter or field, by every way to be wrong in it.
"""

from __future__ import annotations

import itertools
import random
import re

import rows as r

from dodo_licenses.mock import resources
from dodo_licenses.mock.operations import OPERATIONS

READS = (r.KEYS, r.KEY, r.INSTANCES, r.INSTANCE)
WRITES = (r.CREATE, r.UPDATE, r.RENAME, r.ACTIVATE, r.DEACTIVATE, r.REVOKE, r.FULFILL)
MERCHANT = [op for op, its in OPERATIONS.items() if not its.is_public]
ANSWERED = [op for op in OPERATIONS if op != r.DEACTIVATE]  # by a body
BY_OWNER = (r.KEYS, "customer_id"), (r.INSTANCES, "license_key_id")
BY_MOMENT = (r.KEYS, "created_at_gte"), (r.KEYS, "created_at_lte"), (r.CHANGES, "expires_at")
LAST = 2**31 - 1
LIMIT, INACTIVE = "LICENSE_KEY_LIMIT_REACHED", "INACTIVE_LICENSE_KEY"

# What is asked of what, and whether it was before; a text like a pattern of SQL; keys changed and made against the rules.
same = lambda x: x.path + str(x.body)
again = lambda x: r.times(x, same(x)) > 1
like = lambda text, pattern: re.fullmatch(re.escape(pattern).replace("%", ".*").replace("_", "."), text)
halt = lambda x, key: x.db.update(x.table, key["id"], halted="disabled")
import_again = lambda x, reply: vars(reply).update(
    status=201, body=x.key | {"customer_id": x.body["customer_id"]}
)


def most(x, thing, count):
    """The highest count of a thing so far."""
    x.memory[thing] = max(count, x.memory.get(thing, 0))
    return x.memory[thing]


def with_blanks(x, its):
    if x.op == r.FULFILL:
        x.memory[x.body["key"].strip()] = x.body["key"]
    else:
        its["key"] = x.memory.get(its["key"], its["key"])


def writes_back(x):
    """What isn't sent becomes what it was when the key was read."""
    was = x.key
    x.body = {n: was[n] for n in r.CHANGED[:2]} | {"disabled": was["status"] == "disabled"} | x.fields


def in_turn(ops, ways):
    """Each operation with one of the ways, in turn."""
    return ((op, says, way(op)) for op, (says, way) in zip(ops, itertools.cycle(ways.items())))


# fmt: off
OF_REPLIES = {
    "lacks a field": lambda op: r.each(op, lambda _, item: item.pop(next(iter(item)))),
    "has a field of the wrong type": lambda op: r.each(op, lambda _, item: item.update({next(iter(item)): 5})),
    "has a status that is not documented": lambda op: r.answers(op, "success", 202),
    "is declared to be text": lambda op: r.tells(op, lambda _, reply: reply.headers.update({"content-type": "text/plain"})),
}
OF_UNKNOWN = {"400": lambda op: r.answers(op, 404, 400), "without a code": lambda op: r.tells(op, lambda _, reply: reply.body.pop("code"), on=404)}
OF_IDS = {
    "matches the beginning": str.startswith,
    "matches in upper and lower case": lambda held, asked: held.lower() == asked.lower(),
    "is a pattern, as databases have them": like,
}
OF_MOMENTS = {"counts whole days": lambda t: re.sub("T.*", "T00:00:00Z", t), "ignores the offset": lambda t: re.sub(r"[+-]..:..$", "Z", t), "ignores its minutes": lambda t: re.sub(r"([+-]..):..$", r"\1:00", t)}
OF_TYPES = ("activations_limit", True, 1), ("activations_limit", 1.5, 1), ("disabled", 1, True), ("disabled", "yes", True), ("expires_at", "", None)
OF_TEXTS = {
    "loses what is not ASCII": lambda name: name.encode("ascii", "replace").decode(),
    "is cut to 100 characters": lambda name: name[:100],
    "loses its percent signs": lambda name: name.replace("%", "") or "x",
}
# Of all items those that a page shows, from `begin` on.
OF_PAGES = {
    "a page holds one item too many": lambda x, items, begin: items[begin : begin + x.size + (x.size > 0)],
    "each full page lacks its last item": lambda x, items, begin: items[begin : begin + x.size - (1 < x.size <= len(items) - begin)],
    "each page after the first begins with the last item of the one before": lambda x, items, begin: items[max(0, begin - 1) : begin + x.size - (begin > 0)],
    "past the end the last page comes again": lambda x, items, begin: items[min(begin, max(0, len(items) - 1) // max(1, x.size) * x.size) :][: x.size],
}
OF_VALIDITY = {
    "a disabled key is valid": (True, lambda _, key: key.get("status") == "disabled"),
    "an expired key is valid": (True, lambda _, key: key.get("status") == "expired"),
    "an active key is valid whatever the instance": (True, lambda _, key: key.get("status") == "active"),
    "an active key is valid with an empty instance": (True, lambda x, key: key.get("status") == "active" and x.given("license_key_instance_id") == ""),
    "a key without activations left is not valid": (False, lambda _, key: key and key["instances_count"] == key["activations_limit"]),
    "an unknown key is valid": (True, lambda _, key: not key),
    "no key is valid with an instance": (False, lambda x, _: x.given("license_key_instance_id")),
    "a key is valid for two hours after its expiry": (True, lambda x, key: key.get("status") == "expired" and not x.given("license_key_instance_id") and key["expires_at"] and r.at(key["expires_at"]) > r.ago(hours=2)),
    "a key expires an hour early": (False, lambda _, key: key.get("expires_at") and r.at(key["expires_at"]) < r.ago(hours=-1)),
}


BUGS = {
    # whatever the operation
    **{f"{op}: {name} is ignored": r.without(op, name) for op, its in OPERATIONS.items() for name in its.query},
    **{f"{op}: {name} is forgotten": r.forgets(op, name) for op, its in OPERATIONS.items() for name in its.optional},
    **{f"{op}: the reply {says}": row for op, says, row in in_turn(ANSWERED, OF_REPLIES)},
    **{f"{op}: an unknown id answers {says}": row for op, says, row in in_turn([op for op in OPERATIONS if OPERATIONS[op].path.endswith("/{id}")], OF_UNKNOWN)},
    **{f"{op}: a success changes nothing": r.void(op) for op in WRITES},
    **{f"{op}: the same again is a conflict": r.answers(op, lambda x, reply: reply.ok and again(x), 409, "CONFLICT") for op in (r.UPDATE, r.RENAME, r.ACTIVATE, r.REVOKE)},
    **{f"{op}: the same again gives the first reply": r.remembers(op, same) for op in (r.UPDATE, r.ACTIVATE, r.DEACTIVATE)},
    **{f"{op}: no API key is asked for": r.lets_in(op, lambda _, given: not given) for op in (*READS, *WRITES[:3])},
    **{f"{op}: an API key is asked for": r.refuses(op, lambda x: "authorization" not in x.headers, 401) for op in r.PUBLIC},
    # pages
    **{says: r.relists(r.LISTS, lambda x, _, page=page: page(x, x.every(**x.filters), x.number * x.size)) for says, page in OF_PAGES.items()},
    "pages are counted from 1, and page 0 is page 1": r.changed(r.LISTS, "page_number", lambda n: str(max(0, int(n) - 1)) if n.isdecimal() else n),
    "page 1 is skipped: page 0, then page 2": r.changed(r.LISTS, "page_number", lambda n: str(int(n) + 1) if n.isdecimal() and 0 < int(n) < LAST else n),
    "the default page is page 1": r.asks(r.LISTS, lambda x: x.query.setdefault("page_number", "1")),
    "the default page size is 20": r.asks(r.LISTS, lambda x: x.query.setdefault("page_size", "20")),
    "pages of more than 50 are served as 50": r.asks(r.LISTS, lambda x: x.query.update(page_size="50"), lambda x: 50 < x.size <= 100),
    "a page size of true is 1": r.asks(r.LISTS, lambda x: x.query.update(page_size="1"), lambda x: x.query.get("page_size") == "true"),
    "past the end there is a 404": r.answers(r.LISTS, lambda x, reply: reply.ok and not reply.items and x.number, 404, "NOT_FOUND"),
    "the last legal page number breaks the server": r.refuses(r.LISTS, lambda x: x.number == LAST, 500),
    "a page number below zero is page 0": r.asks(r.LISTS, lambda x: x.query.update(page_number="0"), lambda x: x.query.get("page_number", "").startswith("-")),
    "the order of a page changes from request to request": r.tells(r.KEYS, lambda _, reply: random.shuffle(reply.items)),
    # filters: alone, together, on every page, for another owner, at their edges
    **{f"{name} is exclusive": r.relists(r.KEYS, lambda x, keys, name=name: [key for key in keys if r.at(key["created_at"]) != r.at(x.query[name])], lambda x, name=name: x.query.get(name)) for _, name in BY_MOMENT[:2]},
    "source=auto lists the imported ones": r.compared(r.KEYS, "source", lambda held, asked: held.replace("import", "auto") == asked),
    "status=expired lists the disabled ones, too": r.compared(r.KEYS, "status", lambda held, asked: held == asked or (asked, held) == ("expired", "disabled")),
    **{f"{name} {says}": r.changed(ops, name, way) for ops, name in BY_MOMENT for says, way in OF_MOMENTS.items()},
    "with license_key_id, grant_id is ignored": r.forgets(r.INSTANCES, "grant_id", lambda x: "license_key_id" in x.query),
    "of several filters any is enough": r.relists(r.KEYS, lambda x, _: x.paged([key for key in x.every() if x.filters.items() & key.items()]), lambda x: len(x.filters) > 1),
    "filters are applied to each page of the whole": r.relists(r.KEYS, lambda x, _: [key for key in x.paged(x.every()) if x.filters.items() <= key.items()], lambda x: "status" in x.filters),
    "with a filter page_number is ignored": r.asks(r.LISTS, lambda x: x.query.update(page_number="0"), lambda x: x.filters and "page_number" in x.query),
    "filters hold on the first page only": r.asks(r.KEYS, lambda x: [x.query.pop(name) for name in x.filters], lambda x: x.number > 0),
    "what was listed for one customer is listed for the next": r.remembers(r.KEYS, lambda x: str(sorted((x.query | {"customer_id": ""}).items())) if {"status", "customer_id"} <= x.query.keys() else None),
    "an unknown status lists everything": r.asks(r.KEYS, lambda x: x.query.pop("status"), lambda x: x.query.get("status", "active") not in resources.KEY_STATUSES),
    "a malformed query answers 404": r.answers(r.LISTS, 422, 404, "NOT_FOUND"),
    **{f"{op}: {name} {says}": r.compared(op, name, way) for says, way in OF_IDS.items() for op, name in BY_OWNER},
    # one thing, seen from two sides
    "retrieve shows another expires_at than the list": r.each(r.KEY, lambda _, key: key.update(expires_at=key["expires_at"] and "2040-01-01T00:00:00Z")),
    "retrieve shows a key as it was when first asked for": r.remembers(r.KEY, lambda x: x.path),
    "created_at has no time zone": r.each(r.LICENSE_KEYS, lambda _, key: key.update(created_at=key["created_at"][:19])),
    "a status that no list knows": r.each(r.LICENSE_KEYS, lambda _, key: key.update(status=key["status"].replace("disabled", "revoked"))),
    # the API key
    "any API key will do": r.lets_in(MERCHANT, lambda _, given: given),
    "the beginning of an API key will do": r.lets_in(MERCHANT, lambda x, given: given and x.api_key.startswith(given)),
    "a missing API key answers 403": r.answers(READS, 401, 403),
    **{f"{op}: a read-only API key will do": r.lets_in(op, lambda _, given: "read_only" in given) for op in MERCHANT if op in WRITES},
    # activations
    "an activation doesn't count": r.each(r.LICENSE_KEYS, lambda _, key: key.update(instances_count=max(0, key["instances_count"] - 1))),
    "one activation more than the limit allows": r.carried_out(r.ACTIVATE, LIMIT, lambda key: key["instances_count"] == key["activations_limit"], activations_limit=None),
    "a limit of 0 is none": r.carried_out(r.ACTIVATE, LIMIT, lambda key: key["activations_limit"] == 0, activations_limit=None),
    "a disabled key can be activated": r.carried_out(r.ACTIVATE, INACTIVE, lambda key: key["status"] == "disabled", halted=None),
    "without a limit there are five activations": r.answers(r.ACTIVATE, lambda x, reply: reply.ok and r.times(x, x.body["license_key"]) > 5, 422, LIMIT),
    "the activation forgets its name": r.each(r.ACTIVATE, lambda _, body: body.update(name="instance")),
    **{f"the activation names another {of}": r.each(r.ACTIVATE, lambda _, body, of=of: body[of].update({f"{of}_id": "xyz_0000000000000000000001"})) for of in ("product", "customer")},
    "the activation names the product of the customer's oldest key": r.each(r.ACTIVATE, lambda x, body: body["product"].update(product_id=x.every(customer_id=x.key["customer_id"])[-1]["product_id"])),
    "a full key answers 403": r.answers(r.ACTIVATE, LIMIT, 403, LIMIT),
    "an inactive key answers 422": r.answers(r.ACTIVATE, INACTIVE, 422, INACTIVE),
    "two at once take the last activation": r.together(r.ACTIVATE, lambda x: x.given("license_key"), r.carried_out(r.ACTIVATE, LIMIT, activations_limit=None)),
    # validation and deactivation
    **{says: r.tells(r.VALIDATE, lambda _, reply, valid=valid: reply.body.update(valid=valid), on=lambda x, reply, when=when: reply.ok and when(x, x.key)) for says, (valid, when) in OF_VALIDITY.items()},
    "a license key is a pattern, as databases have them": r.looked_up(r.VALIDATE, lambda held, asked: len(asked) < 60 and like(held, asked), status="active"),
    "validating an unknown key answers 404": r.answers(r.VALIDATE, lambda _, reply: reply.ok and not reply.body["valid"], 404, "LICENSE_KEY_NOT_FOUND"),
    "deactivating an unknown instance answers 404": r.answers(r.DEACTIVATE, 403, 404, "NOT_FOUND"),
    "deactivating what is not the key's answers 200": r.answers(r.DEACTIVATE, 403, 200),
    "deactivating lowers no count": r.each(r.LICENSE_KEYS, lambda x, key: key.update(instances_count=most(x, key["id"], key["instances_count"]))),
    "two at once give one activation back": r.together(r.DEACTIVATE, lambda x: x.given("license_key_instance_id"), r.answers(r.DEACTIVATE, 403, 200)),
    # changes: left out, null, twice, together, at their edges, at once, of others
    **{f"with {other}, {name} is forgotten": r.forgets(r.UPDATE, name, lambda x, other=other: other in x.fields) for name, other in itertools.pairwise((*r.CHANGED, r.CHANGED[0]))},
    **{f"an update without {name} removes it": r.asks(r.UPDATE, lambda x, name=name: x.fields.setdefault(name, None), lambda x: x.fields) for name in r.CHANGED[:2]},
    **{f"null leaves {name} as it is": r.forgets(r.UPDATE, name, lambda x, name=name: x.fields.get(name, 0) is None) for name in r.CHANGED[:2]},
    **{f"{name}: {of!r} is {value}": r.changed(r.CHANGES, name, lambda given, of=of, value=value: value if given == of else given, type(of)) for name, of, value in OF_TYPES},
    "a limit of the current count is refused": r.refuses(r.UPDATE, lambda x: x.given("activations_limit", int) == x.key.get("instances_count", -1)),
    "a limit below the current count is accepted": r.carried_out(r.UPDATE, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", without="activations_limit"),
    "an update whose limit is refused is carried out in part": r.tells(r.UPDATE, lambda x, _: halt(x, x.key), on=lambda x, reply: reply.has(422) and x.given("disabled", bool)),
    "an update with a malformed field is carried out in part": r.tells(r.UPDATE, lambda x, _: halt(x, x.key), on=lambda x, reply: reply.has("INVALID_REQUEST_BODY") and x.given("disabled", bool)),
    "an expiry on a subscription's key is accepted": r.carried_out(r.UPDATE, "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS", without="expires_at"),
    "disabling again enables": r.asks(r.UPDATE, lambda x: x.body.update(disabled=False), lambda x: x.given("disabled", bool) and again(x)),
    "a disabled key cannot be enabled again": r.forgets(r.UPDATE, "disabled", lambda x: x.fields.get("disabled") is False),
    "of two updates at once one undoes the other": r.together(r.UPDATE, lambda x: x.path, r.asks(r.UPDATE, writes_back, lambda x: x.key)),
    "disabling a key disables the customer's newer ones": r.tells(r.UPDATE, lambda x, reply: [halt(x, key) for key in x.every(customer_id=x.key["customer_id"], source="import") if key["created_at"] >= x.key["created_at"]], on=lambda x, reply: reply.ok and x.given("disabled", bool)),
    "a limit is cut to a million": r.changed(r.CHANGES, "activations_limit", lambda given: min(given, 10**6), int),
    # names
    **{f"a name {says}": r.changed(r.NAMES, "name", change) for says, change in OF_TEXTS.items()},
    "renaming one renames all": r.tells(r.RENAME, lambda x, reply: [x.db.update(x.table, its["id"], name=reply.body["name"]) for its in x.every(license_key_id=reply.body["license_key_id"])]),
    "renaming needs no name": r.asks(r.RENAME, lambda x: x.body.update(name="instance"), lambda x: x.body == {}),
    "a name of 5 is taken for text": r.changed(r.NAMES, "name", str, int),
    # importing
    "the same key can be imported twice": r.tells(r.CREATE, import_again, on=409),
    "the same key can be imported for another customer": r.tells(r.CREATE, import_again, on=lambda x, reply: reply.has(409) and x.key["customer_id"] != x.body["customer_id"]),
    "two at once import one key": r.together(r.CREATE, lambda x: x.given("key"), r.tells(r.CREATE, import_again, on=409)),
    "an imported key has the source manual": r.each(r.LICENSE_KEYS, lambda _, key: key.update(source=key["source"].replace("import", "manual"))),
    "an imported key is listed as it was then": r.each((r.CREATE, r.KEYS), lambda x, key: key.update(x.memory.setdefault(key["id"], dict(key)))),
    "an imported key is not listed": r.relists(r.KEYS, lambda _, keys: [key for key in keys if not key["key"].startswith("CONTRACT-TEST")]),
    "any customer will do for an import": r.changed(r.CREATE, "customer_id", lambda given: resources.DEFAULT_CUSTOMER if given.endswith("0000") else given),
    "an empty key can be imported": r.changed(r.CREATE, "key", lambda key: key or f"CONTRACT-TEST-empty-{random.random()}"),
    # grants
    "a grant shows another limit than its license key": r.each(r.GRANTS, lambda _, grant: grant["license_key"] and grant["license_key"].update(activations_limit=77)),
    "a grant shows the license key of another customer": r.each(r.GRANTS, lambda _, grant: grant.update(customer_id="cus_0000000000000000000001")),
    "a customer's grants are none": r.relists(r.OF_CUSTOMERS, lambda *_: []),
    "disabling a key leaves its grant": r.each(r.GRANTS, lambda _, grant: grant["revocation_reason"] == "license_key_disabled" and grant.update(status="Delivered")),
    "enabling a key restores no grant": r.each(r.GRANTS, lambda x, grant: (grant["status"] == "Revoked" or grant["id"] in x.memory) and grant.update(status=x.memory.setdefault(grant["id"], "Revoked"))),
    "a grant can be fulfilled again": r.answers(r.FULFILL, "GRANT_ALREADY_FULFILLED", 200),
    "a key that exists uses a grant up": r.answers(r.FULFILL, lambda x, reply: x.memory.setdefault(x.path, True) if reply.has("LICENSE_KEY_ALREADY_EXISTS") else reply.ok and x.path in x.memory, 409),
    "a grant is fulfilled by a key that exists": r.answers(r.FULFILL, "LICENSE_KEY_ALREADY_EXISTS", 200),
    "a grant is fulfilled with the blanks around a key": r.each((r.FULFILL, r.KEY), with_blanks),
    **{f"a grant is fulfilled without its entitlement's {name}": r.tells(r.FULFILL, lambda x, reply, name=name: name in x.fields or x.db.update(r.TABLE, reply.body["license_key"]["id"], **{name: None})) for name in r.CHANGED[:2]},
    "a grant counts what its license key ever had": r.each(r.GRANTS, lambda x, grant: grant["license_key"] and grant["license_key"].update(activations_used=most(x, grant["id"], grant["license_key"]["activations_used"]))),
    "the license key of a revoked grant can be activated": r.carried_out(r.ACTIVATE, INACTIVE, lambda key: key["status"] == "disabled" and key["source"] != "import", halted=None),
}
