"""Planted bugs: servers that are wrong in one way, a row each.

Most are made over an axis: every operation, parameter or field, by every way to be wrong in it. The others have a line
each.
"""

from __future__ import annotations

import itertools
import random

import rows as r

from dodo_licenses.mock.operations import OPERATIONS
from dodo_licenses.mock.resources import DEFAULT_CUSTOMER

READS = (r.KEYS, r.KEY, r.INSTANCES, r.INSTANCE, r.VALIDATE)
WRITES = (r.CREATE, r.UPDATE, r.RENAME, r.ACTIVATE, r.DEACTIVATE, r.REVOKE, r.FULFILL)
IDEMPOTENT, ONCE = (r.UPDATE, r.RENAME, r.ACTIVATE, r.REVOKE), (r.UPDATE, r.ACTIVATE, r.DEACTIVATE)
OTHERS = [op for op in OPERATIONS if op not in (*READS, r.DEACTIVATE)]  # which has no body
MERCHANT = [op for op, its in OPERATIONS.items() if not its.is_public]
BY_ID = [op for op, its in OPERATIONS.items() if its.path.endswith("/{id}")]
BY_OWNER = (r.KEYS, "customer_id"), (r.INSTANCES, "license_key_id")
CHANGED = tuple(OPERATIONS[r.UPDATE].optional)
LAST = str(2**31 - 1)
LIMIT, INACTIVE = "LICENSE_KEY_LIMIT_REACHED", "INACTIVE_LICENSE_KEY"
TOO_LOW, NO_EXPIRY = "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"


# --- ways to be wrong ----------------------------------------------------------------------------------


def like(text, pattern):
    """As LIKE compares in a database."""
    if not pattern or not text:
        return not pattern and not text
    if pattern[0] == "%":
        return any(like(text[n:], pattern[1:]) for n in range(len(text) + 1))
    return pattern[0] in ("_", text[0]) and like(text[1:], pattern[1:])


def whole_days(moment):
    return moment[:10] + "T00:00:00Z" if moment[10:11] == "T" else moment


def without_zone(moment):
    return f"{moment[:-6]}Z" if moment[-6:-5] == "+" else moment


def at_its_highest(x, key):
    x.memory[key["id"]] = key["instances_count"] = max(key["instances_count"], x.memory.get(key["id"], 0))


def shift(by, first=0):
    """Pages from that one on are others."""
    return r.asks(
        r.LISTS,
        lambda x: x.query.update(page_number=str(max(0, x.number + by))),
        lambda x: "page_number" in x.query and x.number >= first,
    )


def taken_for(name, of, value):
    """A field of the wrong type is taken for something."""
    is_it = lambda x: type(x.fields.get(name)) is type(of) and x.fields[name] == of  # noqa: E731
    return r.asks(r.CHANGES, lambda x: x.fields.update({name: value}), is_it)


def in_turn(ops, ways):
    """Each operation with one of the ways, in turn."""
    return zip(ops, itertools.cycle(ways.items()))


@r.row
async def writes_back(x):
    """What wasn't sent becomes again what it was when the key was read, before another update."""
    seen = await x.ask("GET", x.path)
    if seen.ok and await r.meets_another(x, x.path):
        held = {name: seen.body[name] for name in CHANGED[:2]}
        x.body = {**held, "disabled": seen.body["status"] == "disabled", **x.body}
    return await x.send()


# --- the axes ------------------------------------------------------------------------------------------

# fmt: off
OF_REPLIES = {
    "lacks a field": lambda op: r.each(op, lambda _, item: item.pop(next(iter(item)))),
    "has a field of the wrong type": lambda op: r.each(op, lambda _, item: item.update({next(iter(item)): 5})),
    "has a status that is not documented": lambda op: r.answers(op, lambda _, reply: reply.ok, 202),
    "is declared to be text": lambda op: r.typed(op, "text/plain"),
}
OF_UNKNOWN = {
    "400": lambda op: r.instead_of(404, op, 400),
    "without a code": lambda op: r.tells(op, lambda _, reply: reply.body.pop("code"), refused=404),
}
OF_IDS = {
    "matches the beginning": str.startswith,
    "matches in upper and lower case": lambda held, asked: held.lower() == asked.lower(),
    "is a pattern, as databases have them": like,
}
OF_TYPES = {
    "activations_limit": ((True, 1), (1.5, 1)),
    "disabled": ((1, True), ("yes", True)),
    "expires_at": (("", None),),
}
OF_TEXTS = {
    "loses what is not ASCII": lambda name: name.encode("ascii", "replace").decode(),
    "is cut to 100 characters": lambda name: name[:100],
    "loses its percent signs": lambda name: name.replace("%", "") or "x",
}
OF_PAGES = {
    "a page holds one item too many": lambda _, items, begin, size: items[begin : begin + size + (size > 0)],
    "each full page lacks its last item": lambda _, items, begin, size: items[begin : begin + size - (1 < size <= len(items) - begin)],
    "each page after the first begins with the last item of the one before": lambda _, items, begin, size: items[max(0, begin - 1) : begin + size - (begin > 0)],
    "past the end the last page comes again": lambda _, items, begin, size: items[min(begin, max(0, len(items) - 1) // max(1, size) * size) :][:size],
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
    **{f"{op}: the reply {says}": way(op) for op in READS for says, way in OF_REPLIES.items()},
    **{f"{op}: the reply {says}": way(op) for op, (says, way) in in_turn(OTHERS, OF_REPLIES)},
    **{f"{op}: an unknown id answers {says}": way(op) for op, (says, way) in in_turn(BY_ID, OF_UNKNOWN)},
    **{f"{op}: a success changes nothing": r.void(op) for op in WRITES},
    **{f"{op}: the same again is a conflict": r.answers(op, lambda x, reply: reply.ok and r.times(x, x.path + str(x.body)) > 1, 409, "CONFLICT") for op in IDEMPOTENT},
    **{f"{op}: the same again gives the first reply": r.remembers(op, lambda x: x.path + str(x.body)) for op in ONCE},
    **{f"{op}: no API key is asked for": r.lets_in(op, lambda _, given: not given) for op in (*READS[:4], *WRITES[:3])},
    **{f"{op}: an API key is asked for": r.answers(op, lambda x, _: "authorization" not in x.headers, 401) for op in r.PUBLIC},
    # pages
    **{says: r.sliced(r.LISTS, pages) for says, pages in OF_PAGES.items()},
    "pages are counted from 1, and page 0 is page 1": shift(-1),
    "the first page is page 1 of the documented count": shift(1),
    "page 1 is skipped: page 0, then page 2": shift(1, first=1),
    "the default page is page 1": r.asks(r.LISTS, lambda x: x.query.setdefault("page_number", "1")),
    "the default page size is 20": r.asks(r.LISTS, lambda x: x.query.setdefault("page_size", "20")),
    "pages of more than 50 are served as 50": r.query(r.LISTS, lambda x: 50 < x.size <= 100, page_size="50"),
    "a page size of 100 is refused": r.answers(r.LISTS, lambda x, _: x.size == 100, 422),
    "a page size of true is 1": r.query(r.LISTS, lambda x: x.query.get("page_size") == "true", page_size="1"),
    "past the end there is a 404": r.answers(r.LISTS, lambda x, reply: reply.ok and not reply.items and x.number, 404, "NOT_FOUND"),
    "the last legal page number is too large": r.answers(r.LISTS, lambda x, _: x.query.get("page_number") == LAST, 422),
    "the last legal page number breaks the server": r.answers(r.LISTS, lambda x, _: x.query.get("page_number") == LAST, 500),
    "a page number below zero is page 0": r.query(r.LISTS, lambda x: x.query.get("page_number", "").startswith("-"), page_number="0"),
    "the order of a page changes from request to request": r.tells(r.KEYS, lambda _, reply: random.shuffle(reply.items)),
    # filters: alone, together, on every page, for another owner, at their edges
    "created_at_gte is exclusive": r.lists(r.KEYS, lambda x, key: r.at(key["created_at"]) > r.at(x.query.get("created_at_gte", "0001-01-01T00:00Z"))),
    "created_at_lte is exclusive": r.lists(r.KEYS, lambda x, key: r.at(key["created_at"]) < r.at(x.query.get("created_at_lte", "9999-12-31T00:00Z"))),
    "status=expired lists the disabled ones, too": r.compared(r.KEYS, "status", lambda held, asked: held == asked or (asked, held) == ("expired", "disabled")),
    "the time zone of created_at_gte is ignored": r.changed(r.KEYS, "created_at_gte", without_zone),
    "created_at_gte counts whole days": r.changed(r.KEYS, "created_at_gte", whole_days),
    "with license_key_id, grant_id is ignored": r.forgets(r.INSTANCES, "grant_id", lambda x: "license_key_id" in x.query),
    "of several filters any is enough": r.relisted(r.KEYS, lambda x, keys: x.paged([key for key in keys if x.filters.items() & key.items()]), lambda x: len(x.filters) > 1),
    "filters are applied to each page of the whole": r.relisted(r.KEYS, lambda x, keys: [key for key in x.paged(keys) if x.filters.items() <= key.items()], lambda x: "status" in x.filters),
    "of several filters only the first counts": r.asks(r.KEYS, lambda x: [x.query.pop(name) for name in list(x.filters)[1:]]),
    "with a filter page_number is ignored": r.query(r.LISTS, lambda x: x.filters and "page_number" in x.query, page_number="0"),
    "filters hold on the first page only": r.asks(r.KEYS, lambda x: [x.query.pop(name) for name in x.filters], lambda x: x.number > 0),
    "what was listed for one customer is listed for the next": r.remembers(r.KEYS, lambda x: str(sorted((x.query | {"customer_id": ""}).items())) if {"status", "customer_id"} <= x.query.keys() else None),
    "an unknown status lists everything": r.asks(r.KEYS, lambda x: x.query.pop("status"), lambda x: x.query.get("status", "active") not in ("active", "expired", "disabled")),
    "a malformed query answers 404": r.instead_of(422, r.LISTS, 404, "NOT_FOUND"),
    **{f"{op}: {name} {says}": r.compared(op, name, same) for says, same in OF_IDS.items() for op, name in BY_OWNER},
    # one thing, seen from two sides
    "retrieve shows another expires_at than the list": r.each(r.KEY, lambda _, key: key.update(expires_at=key["expires_at"] and "2040-01-01T00:00:00Z")),
    "retrieve shows a key as it was when first asked for": r.remembers(r.KEY, lambda x: x.path),
    "created_at has no time zone": r.each(r.LICENSE_KEYS, lambda _, key: key.update(created_at=key["created_at"][:19])),
    "a status that no list knows": r.each(r.LICENSE_KEYS, lambda _, key: key.update(status=key["status"].replace("disabled", "revoked"))),
    # the API key
    "any API key will do": r.lets_in(MERCHANT, lambda _, given: given),
    "the beginning of an API key will do": r.lets_in(MERCHANT, lambda x, given: given and x.api_key.startswith(given)),
    "an API key is the same in capitals": r.lets_in(MERCHANT, lambda x, given: given.lower() == x.api_key.lower()),
    "a missing API key answers 403": r.instead_of(401, (r.KEYS, r.KEY, r.INSTANCES), 403),
    "a read-only API key may write": r.lets_in((r.CREATE, r.UPDATE, r.RENAME), lambda _, given: "read_only" in given),
    # activations
    "an activation doesn't count": r.each(r.LICENSE_KEYS, lambda _, key: key.update(instances_count=max(0, key["instances_count"] - 1))),
    "the limit of activations is not kept": r.carried_out(r.ACTIVATE, refused=LIMIT, activations_limit=None),
    "one activation more than the limit allows": r.carried_out(r.ACTIVATE, lambda key: key["instances_count"] == key["activations_limit"], refused=LIMIT, activations_limit=None),
    "a limit of 0 is none": r.carried_out(r.ACTIVATE, lambda key: key["activations_limit"] == 0, refused=LIMIT, activations_limit=None),
    "a disabled key can be activated": r.carried_out(r.ACTIVATE, lambda key: key["status"] == "disabled", refused=INACTIVE, status="active"),
    "without a limit there are five activations": r.answers(r.ACTIVATE, lambda x, reply: reply.ok and r.times(x, x.body["license_key"]) > 5, 422, LIMIT),
    "activating answers 200": r.instead_of(201, r.ACTIVATE, 200),
    "the activation forgets its name": r.each(r.ACTIVATE, lambda _, body: body.update(name="instance")),
    "the activation names another product": r.each(r.ACTIVATE, lambda _, body: body["product"].update(product_id="pdt_0000000000000000000001")),
    "the activation names another customer": r.each(r.ACTIVATE, lambda _, body: body["customer"].update(customer_id="cus_0000000000000000000001")),
    "a full key answers 403": r.instead_of(LIMIT, r.ACTIVATE, 403, LIMIT),
    "an inactive key answers 422": r.instead_of(INACTIVE, r.ACTIVATE, 422, INACTIVE),
    "two at once take the last activation": r.together(r.ACTIVATE, "license_key", r.carried_out(r.ACTIVATE, refused=LIMIT, activations_limit=None)),
    # validation and deactivation
    **{says: r.validity(r.VALIDATE, *wrong) for says, wrong in OF_VALIDITY.items()},
    "a license key is a pattern, as databases have them": r.looked_up(r.VALIDATE, lambda held, asked: len(asked) < 60 and like(held, asked), status="active"),
    "validating an unknown key answers 404": r.answers(r.VALIDATE, lambda _, reply: reply.ok and not reply.body["valid"], 404, "LICENSE_KEY_NOT_FOUND"),
    "deactivating an unknown instance answers 404": r.instead_of(403, r.DEACTIVATE, 404, "NOT_FOUND"),
    "deactivating what is not the key's answers 200": r.instead_of(403, r.DEACTIVATE, 200),
    "deactivating lowers no count": r.each(r.LICENSE_KEYS, at_its_highest),
    "two at once give one activation back": r.together(r.DEACTIVATE, "license_key_instance_id", r.instead_of(403, r.DEACTIVATE, 200)),
    # changes: left out, null, twice, together, at their edges, at once, of others
    **{f"with {other}, {name} is forgotten": r.forgets(r.UPDATE, name, lambda x, other=other: other in x.fields) for name, other in itertools.pairwise((*CHANGED, CHANGED[0]))},
    **{f"an update without {name} removes it": r.asks(r.UPDATE, lambda x, name=name: x.fields.setdefault(name, None), lambda x: x.fields) for name in CHANGED[:2]},
    **{f"null leaves {name} as it is": r.forgets(r.UPDATE, name, lambda x, name=name: x.fields.get(name, 0) is None) for name in CHANGED[:2]},
    **{f"{name}: {of!r} is {value}": taken_for(name, of, value) for name, wrong in OF_TYPES.items() for of, value in wrong},
    "the offset of expires_at is ignored": r.changed(r.CHANGES, "expires_at", without_zone),
    "a limit below the current count is accepted": r.carried_out(r.UPDATE, refused=TOO_LOW, without="activations_limit"),
    "an update whose limit is refused is carried out in part": r.in_part(r.UPDATE, (422,), "disabled"),
    "an update with a malformed field is carried out in part": r.in_part(r.UPDATE, (400, 422), "disabled"),
    "an expiry on a subscription's key is accepted": r.carried_out(r.UPDATE, refused=NO_EXPIRY, without="expires_at"),
    "disabling again enables": r.asks(r.UPDATE, lambda x: x.body.update(disabled=False), lambda x: x.given("disabled", bool) and r.times(x, x.path + str(x.body)) > 1),
    "a disabled key cannot be enabled again": r.forgets(r.UPDATE, "disabled", lambda x: x.fields.get("disabled") is False),
    "of two updates at once one undoes the other": writes_back(r.UPDATE),
    "disabling a key disables the customer's newer ones": r.spreads(r.UPDATE, "license_keys", by="customer_id", name="status", where=lambda its, one: one["status"] == "disabled" and its["source"] == "import" and its["created_at"] >= one["created_at"]),
    "a limit is cut to a million": r.changed(r.CHANGES, "activations_limit", lambda given: min(given, 10**6), int),
    # names
    **{f"a name {says}": r.changed(r.NAMES, "name", change) for says, change in OF_TEXTS.items()},
    "renaming one renames all": r.spreads(r.RENAME, "license_key_instances", by="license_key_id", name="name"),
    "renaming needs no name": r.asks(r.RENAME, lambda x: x.body.update(name="instance"), lambda x: x.body == {}),
    "a name of 5 is taken for text": r.changed(r.NAMES, "name", str, int),
    "renaming to an empty name is forgotten": r.void(r.RENAME, lambda x: x.given("name") == ""),
    # importing
    "the same key can be imported twice": r.imported_again(r.CREATE, refused=409),
    "the same key can be imported for another customer": r.imported_again(r.CREATE, lambda x, key: key["customer_id"] != x.body["customer_id"], refused=409),
    "two at once import one key": r.together(r.CREATE, "key", r.imported_again(r.CREATE, refused=409)),
    "an imported key's expiry is cut to the day": r.changed(r.CREATE, "expires_at", whole_days),
    "an imported key has the source manual": r.each(r.LICENSE_KEYS, lambda _, key: key.update(source=key["source"].replace("import", "manual"))),
    "an imported key is written in capitals": r.asks((r.CREATE, *r.PUBLIC), lambda x: x.fields.update({name: x.body[name].upper() for name in ("key", "license_key") if x.given(name)})),
    "an imported key is listed as it was then": r.each((r.CREATE, r.KEYS), lambda x, key: key.update(x.memory.setdefault(key["id"], dict(key)))),
    "an imported key is not listed": r.lists(r.KEYS, lambda _, key: not key["key"].startswith("CONTRACT-TEST")),
    "any customer will do for an import": r.changed(r.CREATE, "customer_id", lambda given: DEFAULT_CUSTOMER if given.endswith("0000") else given),
    "an empty key can be imported": r.changed(r.CREATE, "key", lambda key: key or f"CONTRACT-TEST-empty-{random.random()}"),
    # grants
    "a grant shows another limit than its license key": r.each(r.GRANTS, lambda _, grant: grant["license_key"] and grant["license_key"].update(activations_limit=77)),
    "a grant shows the license key of another customer": r.each(r.GRANTS, lambda _, grant: grant.update(customer_id="cus_0000000000000000000001")),
    "a customer's grants are none": r.lists(r.OF_CUSTOMERS, lambda *_: False),
    "disabling a key leaves its grant": r.each(r.GRANTS, lambda _, grant: grant["revocation_reason"] == "license_key_disabled" and grant.update(status="Delivered")),
    "enabling a key restores no grant": r.each(r.GRANTS, lambda x, grant: (grant["status"] == "Revoked" or grant["id"] in x.memory) and grant.update(status=x.memory.setdefault(grant["id"], "Revoked"))),
    "a grant can be fulfilled again": r.instead_of("GRANT_ALREADY_FULFILLED", r.FULFILL, 200),
}
