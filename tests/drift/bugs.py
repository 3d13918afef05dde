"""Planted bugs: servers that are wrong in one way, a row each, by the axes that rules are made from.

A row is a coroutine function from an Exchange to a Reply. Whatever it doesn't change is what the faithful mock does.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

from planted import Reply, refusal

from dodo_licenses_api.models import EntitlementGrant, LicenseKeyStatus
from dodo_licenses_api.operations import OPERATIONS

KEYS, KEY, CREATE, UPDATE = LICENSE_KEYS = (
    "list_license_keys",
    "retrieve_license_key",
    "create_license_key",
    "update_license_key",
)
INSTANCES, INSTANCE = "list_license_key_instances", "retrieve_license_key_instance"
RENAME = "update_license_key_instance"
PUBLIC = ACTIVATE, VALIDATE, DEACTIVATE = "activate_license", "validate_license", "deactivate_license"
REVOKE, FULFILL = "revoke_entitlement_grant", "fulfill_license_key_grant"
OF_CUSTOMERS = "list_customer_entitlement_grants"
LISTS, NAMES, CHANGES = (KEYS, INSTANCES), (ACTIVATE, RENAME), (CREATE, UPDATE)
GRANTS = [o.id for o in OPERATIONS.values() if o.items is EntitlementGrant]
FILTERS = {p.name for o in LISTS for p in OPERATIONS[o].parameters if not p.name.startswith("page_")}
LIMIT, INACTIVE = "LICENSE_KEY_LIMIT_REACHED", "INACTIVE_LICENSE_KEY"
TOO_LOW, NO_EXPIRY = "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"
BAD_QUERY, BAD_BODY = "INVALID_QUERY_PARAMS", "INVALID_REQUEST_BODY"


LAST = str(2**31 - 1)


def always(*_):
    return True


def is_text(value):
    return isinstance(value, str)


def at(moment):
    return datetime.fromisoformat(moment)


def ago(**time):
    return datetime.now().astimezone() - timedelta(**time)


async def faithful(x):
    return await x.send()


def maker(function):
    """Makes rows of what comes after the exchange."""
    return lambda *args, **named: lambda x: function(x, *args, **named)


def after(function):
    """Makes rows for operations: a success, or what is `refused` with this status or code, is what it makes of it."""

    def made(ops, *args, refused=None, **named):
        async def row(x):
            reply = await x.send()
            if x.does(ops) and (reply.ok if refused is None else refused in (reply.status, reply.code)):
                return await function(x, reply, *args, **named) or reply
            return reply

        return row

    return made


# --- what is wrong with a request ----------------------------------------------------------------------


@maker
async def asks(x, ops, change, when=always):
    """A request is changed by `change(x)` before it is passed on."""
    if x.does(ops) and when(x):
        change(x)
    return await x.send()


def query(ops, when=always, **values):
    """These stand in the query, whatever was asked."""
    return asks(ops, lambda x: x.query.update(values), when)


def parameter(ops, name, change):
    """A parameter of the query that is there becomes `change(value)`."""
    return asks(ops, lambda x: x.query.update({name: change(x.query[name])}), lambda x: name in x.query)


def field(ops, name, change, when=always):
    """A field that is there becomes `change(value)`."""
    return asks(
        ops,
        lambda x: x.fields.update({name: change(x.fields[name])}),
        lambda x: name in x.fields and when(x.fields[name]),
    )


def forgets(ops, name, when=always):
    """A field that is there is ignored."""
    return asks(ops, lambda x: x.fields.pop(name, None), when)


def taken_for(name, of, value):
    """A field of the wrong type is taken for something."""
    return field(CHANGES, name, lambda _: value, lambda held: held == of and type(held) is type(of))


@maker
async def without(x, name, ops=LISTS):
    """A parameter of the query is checked, and then ignored."""
    reply = await x.send()
    ignored = x.does(ops) and reply.ok and x.query.pop(name, None) is not None
    return await x.send() if ignored else reply


def shift(by, first=0):
    """Pages from that one on are others."""
    return asks(
        LISTS,
        lambda x: x.query.update(page_number=str(max(0, x.number + by))),
        lambda x: "page_number" in x.query and x.number >= first,
    )


def lets_in(when, ops=OPERATIONS):
    """An API key for which `when(x, given)` holds will do."""
    return asks(
        [op for op in ops if op not in PUBLIC],
        lambda x: x.headers.update(authorization=f"Bearer {x.api_key}"),
        lambda x: when(x, x.headers.get("authorization", "")[7:]),
    )


@maker
async def looked_up(x, ops, same, **filters):
    """The license key that is meant is one for which `same(held, asked)` holds."""
    asked = x.given("license_key") if x.does(ops) else None
    if asked:
        keys = [key["key"] for key in await x.whole(**filters)]
        x.body["license_key"] = next((key for key in keys if same(key, asked)), asked)
    return await x.send()


@maker
async def updates(x, change, when=always):
    """An update is changed by `change(x, key)`, as the key was before."""
    if x.does(UPDATE) and x.fields:
        seen = await x.ask("GET", x.path)
        await asyncio.sleep(0.1)
        if seen.ok and when(x, seen.body):
            change(x, seen.body)
    return await x.send()


# --- what is wrong with a reply ------------------------------------------------------------------------


@after
async def tells(x, reply, change, when=always):
    """A success is changed by `change(x, body)`."""
    if when(x, reply.body):
        change(x, reply.body)


def each(change, ops=LICENSE_KEYS):
    """Every item, in a listing or by itself, is changed by `change(x, item)`."""
    return tells(ops, lambda x, body: [change(x, item) for item in body.get("items", [body])])


def shows(ops, **fields):
    return each(lambda _, item: item.update(fields), ops)


def lists(ops, kept):
    """A page has only those of its items for which `kept(x, item)` holds."""
    return tells(ops, lambda x, body: body.update(items=[i for i in body["items"] if kept(x, i)]))


@after
async def typed(x, reply, content_type):
    """A success is declared to be of that type."""
    reply.headers["content-type"] = content_type


@maker
async def answers(x, ops, when, status, code=BAD_BODY):
    """A reply for which `when(x, reply)` holds is a refusal instead, or another success."""
    reply = await x.send()
    if not x.does(ops) or not when(x, reply):
        return reply
    return refusal(status, code) if status >= 400 else Reply(status, reply.body, reply.headers)


def instead_of(refused, ops, status, code=BAD_BODY):
    """A reply with this status or code is another one."""
    return answers(ops, lambda _, reply: refused in (reply.status, reply.code), status, code)


@maker
async def remembers(x, op, thing):
    """Where `thing(x)` is the same as before, the first reply comes again."""
    name = thing(x) if x.does(op) and (x.is_merchant or op in PUBLIC) else None
    if name in x.memory:
        return x.memory[name]
    reply = await x.send()
    return x.memory.setdefault(name, reply) if name is not None and reply.ok else reply


@after
async def sliced(x, reply, pages):
    """A page is what `pages(items, begin, size)` takes of all items."""
    if min(x.size, x.number) >= 0:
        items = await x.whole(x.path, **{name: x.query[name] for name in x.filters})
        reply.body["items"] = pages(items, x.number * x.size, x.size)


@after
async def matching(x, reply, name, same):
    """A filter compares as `same(held, asked)` does."""
    if x.filters == [name]:
        found = [key for key in await x.whole() if same(key[name], x.query[name])]
        reply.body["items"] = x.paged(found)


@after
async def validity(x, reply, answer, when):
    """Validation gives that answer where `when(x, key)` holds; no key has an unknown string."""
    key = await x.key(key=x.body["license_key"])
    reply.body["valid"] = answer if when(x, key or {}) else reply.body["valid"]


@after
async def listed_imports(x, reply, change):
    """An imported key is listed as `change(key)`, or not."""
    if x.op == CREATE:
        x.memory[reply.body["id"]] = change(reply.body)
    else:
        listed = [x.memory.get(key["id"], key) for key in reply.body["items"]]
        reply.body["items"] = [key for key in listed if key is not None]


# --- what is wrong with a change -----------------------------------------------------------------------


@maker
async def void(x, op, when=always):
    """A success changes nothing."""
    before = await x.ask("GET", "/_mock/dump") if x.does(op) and when(x) else None
    reply = await x.send()
    if before is not None and reply.ok:
        await x.ask("POST", "/_mock/load", before.body)
    return reply


@after
async def carried_out(x, reply, when=always, *, without=None, **otherwise):
    """What is refused is carried out: without a field, or as if the key were otherwise."""
    key = await x.key(**({"key": x.body["license_key"]} if x.op in PUBLIC else {"id": x.id}))
    if not when(key):
        return reply
    x.body.pop(without, None)
    await x.store("license_keys", lambda its: its["id"] == key["id"], **otherwise)
    reply = await x.send()
    before = {name: key[name] for name in otherwise}
    await x.store("license_keys", lambda its: its["id"] == key["id"], **before)
    return reply


@maker
async def in_part(x, statuses, name):
    """An update that is refused is carried out as far as this field."""
    reply = await x.send()
    if x.does(UPDATE) and reply.status in statuses and name in x.fields:
        await x.ask("PATCH", x.path, {name: x.body[name]})
    return reply


@maker
async def together(x, op, same, mended):
    """Of two requests for the same thing at once, a refusal of one is mended."""
    thing = x.given(same) if x.does(op) else None
    if thing is None:
        return await x.send()
    crowd = x.memory.setdefault(thing, [])
    crowd.append(x)
    await asyncio.sleep(0.05)
    reply = await (mended(x) if len(crowd) > 1 else x.send())
    await asyncio.sleep(0.05)
    crowd.remove(x)
    return reply


@after
async def spreads(x, reply, table, *, by, name, where=always):
    """What becomes of one record becomes of all that have the same `by`."""
    one = reply.body
    await x.store(table, lambda its: its[by] == one[by] and where(its, one), **{name: one[name]})


@after
async def imported_again(x, reply, when=always):
    """A string that is there is imported once more, where `when(x, key)` holds."""
    key = await x.key(key=x.body["key"])
    if when(x, key):
        reply.status, reply.body = 201, {**key, "customer_id": x.body["customer_id"]}


# --- rows that take more than a line -------------------------------------------------------------------


@after
async def any_filter_is_enough(x, reply):
    if len(x.filters) > 1:
        found = [key for name in x.filters for key in await x.whole(**{name: x.query[name]})]
        reply.body["items"] = x.paged(list({key["id"]: key for key in found}.values()))


@after
async def filtered_after_paging(x, reply):
    asked = x.query.pop("status", None)
    if asked:
        page = (await x.send()).body["items"]
        reply.body["items"] = [key for key in page if key["status"] == asked]


@after
async def some_other_key(x, reply):
    reply.status, reply.body = 200, (await x.whole())[0]


async def without_code(x):
    reply = await x.send()
    if x.does((KEY, INSTANCE, ACTIVATE)) and not reply.ok:
        reply.body.pop("code", None)
    return reply


async def no_limit_is_five(x):
    key = await x.key(key=x.given("license_key")) if x.does(ACTIVATE) else None
    if key and (key["status"], key["activations_limit"]) == ("active", None) and key["instances_count"] >= 5:
        return refusal(422, LIMIT)
    return await x.send()


@after
async def of_another_key(x, reply):
    found = await x.ask("GET", f"/license_key_instances/{x.body['license_key_instance_id']}")
    if not found.ok:
        return reply
    x.body["license_key"] = (await x.key(id=found.body["license_key_id"]))["key"]
    return await x.send()


@after
async def count_stays(x, reply):
    if x.op == DEACTIVATE:
        freed = x.body["license_key"]
        x.memory[freed] = x.memory.get(freed, 0) + 1
    else:
        for key in reply.body.get("items", [reply.body]):
            key["instances_count"] += x.memory.get(key["key"], 0)


@after
async def deactivates(x, reply):
    if reply.body["status"] == "disabled":
        for instance in await x.whole("/license_key_instances", license_key_id=x.id):
            body = {"license_key": reply.body["key"], "license_key_instance_id": instance["id"]}
            await x.ask("POST", "/licenses/deactivate", body)


@after
async def enabling_revives(x, reply):
    if x.op == VALIDATE:
        reply.body["valid"] |= x.memory.get(x.body["license_key"], False)
    elif "disabled" in x.fields:
        ends = reply.body["expires_at"]
        x.memory[reply.body["key"]] = x.body["disabled"] is False and ends is not None and at(ends) < ago()


async def any_customer(x):
    if x.does(CREATE) and x.given("customer_id"):
        x.body["customer_id"] = (await x.whole())[0]["customer_id"]
    return await x.send()


async def answers_old(x):
    before = await x.ask("GET", x.path) if x.does(UPDATE) else None
    reply = await x.send()
    return before if before is not None and reply.ok else reply


def writes_back(x, key):
    """What wasn't sent becomes again what it was when the key was read."""
    if key["subscription_id"] is None:
        held = {name: key[name] for name in ("activations_limit", "expires_at")}
        x.body = {**held, "disabled": key["status"] == "disabled", **x.body}


def is_repeated(x, reply):
    """Whether a request was there before, to the letter, and both were carried out."""
    thing = x.op, x.path, str(x.body)
    x.memory[thing] = x.memory.get(thing, 0) + reply.ok
    return reply.ok and x.memory[thing] > 1


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


# fmt: off
BUGS = {
    # pages
    "page_number is ignored": without("page_number"),
    "page_size is ignored": without("page_size"),
    "page_number is ignored for instances alone": without("page_number", INSTANCES),
    "pages are counted from 1, and page 0 is page 1": shift(-1),
    "the first page is page 1 of the documented count": shift(1),
    "page 1 is skipped: page 0, then page 2": shift(1, first=1),
    "the default page is page 1": asks(LISTS, lambda x: x.query.setdefault("page_number", "1")),
    "the default page size is 20": asks(LISTS, lambda x: x.query.setdefault("page_size", "20")),
    "pages of more than 50 are served as 50": query(LISTS, lambda x: 50 < x.size <= 100, page_size="50"),
    "a page size of 100 is refused": answers(LISTS, lambda x, _: x.size == 100, 422, BAD_QUERY),
    "a page holds one item too many": sliced(LISTS, lambda items, begin, size: items[begin : begin + size + (size > 0)]),
    "each full page lacks its last item": sliced(LISTS, lambda items, begin, size: items[begin : begin + size - (1 < size <= len(items) - begin)]),
    "each page after the first begins with the last item of the one before": sliced(LISTS, lambda items, begin, size: items[max(0, begin - 1) : begin + size - (begin > 0)]),
    "past the end the last page comes again": sliced(LISTS, lambda items, begin, size: items[min(begin, max(0, len(items) - 1) // max(1, size) * size) :][:size]),
    "past the end there is a 404": answers(LISTS, lambda x, r: r.ok and not r.body["items"] and x.number, 404, "NOT_FOUND"),
    "the last legal page number is too large": answers(LISTS, lambda x, _: x.query.get("page_number") == LAST, 422, BAD_QUERY),
    "the last legal page number breaks the server": answers(LISTS, lambda x, _: x.query.get("page_number") == LAST, 500),
    "a page number below zero is page 0": query(LISTS, lambda x: x.query.get("page_number", "").startswith("-"), page_number="0"),
    "the order of a page changes from request to request": tells(KEYS, lambda _, body: random.shuffle(body["items"])),
    # filters: alone, together, on every page, for another owner, at their edges
    **{f"the filter {name} is ignored": without(name) for name in sorted(FILTERS)},
    "created_at_gte is exclusive": lists(KEYS, lambda x, key: at(key["created_at"]) > at(x.query.get("created_at_gte", "0001-01-01T00:00Z"))),
    "created_at_lte is exclusive": lists(KEYS, lambda x, key: at(key["created_at"]) < at(x.query.get("created_at_lte", "9999-12-31T00:00Z"))),
    "the time zone of created_at_gte is ignored": parameter(KEYS, "created_at_gte", without_zone),
    "created_at_gte counts whole days": parameter(KEYS, "created_at_gte", whole_days),
    "status=expired lists the disabled ones, too": matching(KEYS, "status", lambda held, asked: held == asked or (asked, held) == ("expired", "disabled")),
    "of several filters only the first counts": asks(KEYS, lambda x: [x.query.pop(name) for name in x.filters[1:]]),
    "of several filters any is enough": any_filter_is_enough(KEYS),
    "with license_key_id, grant_id is ignored": asks(INSTANCES, lambda x: x.query.pop("grant_id", None), lambda x: "license_key_id" in x.query),
    "customer_id matches the beginning of an id": matching(KEYS, "customer_id", str.startswith),
    "customer_id matches in upper and lower case": matching(KEYS, "customer_id", lambda held, asked: held.lower() == asked.lower()),
    "customer_id is a pattern, as databases have them": matching(KEYS, "customer_id", like),
    "with a filter page_number is ignored": query(LISTS, lambda x: x.filters and "page_number" in x.query, page_number="0"),
    "filters hold on the first page only": asks(KEYS, lambda x: [x.query.pop(name) for name in x.filters], lambda x: x.number > 0),
    "filters are applied to each page of the whole": filtered_after_paging(KEYS),
    "what was listed for one customer is listed for the next": remembers(KEYS, lambda x: str(sorted((x.query | {"customer_id": ""}).items())) if {"status", "customer_id"} <= x.query.keys() else None),
    "an unknown status lists everything": asks(KEYS, lambda x: x.query.pop("status"), lambda x: x.query.get("status", "active") not in list(LicenseKeyStatus)),
    "a malformed query answers 404": instead_of(422, LISTS, 404, "NOT_FOUND"),
    "a page size of true is 1": query(LISTS, lambda x: x.query.get("page_size") == "true", page_size="1"),
    # one thing, seen from two sides
    "retrieve shows another expires_at than the list": tells(KEY, lambda _, key: key.update(expires_at="2040-01-01T00:00:00Z"), lambda _, key: key["expires_at"]),
    "retrieve shows a key as it was when first asked for": remembers(KEY, lambda x: x.path),
    "an unknown id retrieves some other key": some_other_key(KEY, refused=404),
    "an unknown id answers 400": instead_of(404, (KEY, INSTANCE), 400),
    "an error has no code": without_code,
    "instances_count is a string": each(lambda _, key: key.update(instances_count=str(key["instances_count"]))),
    "created_at has no time zone": each(lambda _, key: key.update(created_at=key["created_at"][:19])),
    "customer_id is missing from listed keys": each(lambda _, key: key.pop("customer_id"), KEYS),
    "a status that no list knows": each(lambda _, key: key.update(status=key["status"].replace("disabled", "revoked"))),
    "the reply is declared to be text": typed(KEY, "text/plain"),
    # the API key
    "no API key is asked for": lets_in(lambda _, given: not given),
    "any API key will do": lets_in(lambda _, given: given),
    "the beginning of an API key will do": lets_in(lambda x, given: given and x.api_key.startswith(given)),
    "an API key is the same in capitals": lets_in(lambda x, given: given.lower() == x.api_key.lower()),
    "only reading asks for an API key": lets_in(always, (CREATE, UPDATE, RENAME)),
    "a missing API key answers 403": instead_of(401, (KEYS, KEY, INSTANCES), 403),
    "the public operations ask for an API key": answers(PUBLIC, lambda x, _: "authorization" not in x.headers, 401, "UNAUTHORIZED"),
    "a read-only API key may write": lets_in(lambda _, given: "read_only" in given, (CREATE, UPDATE, RENAME)),
    # activations
    "an activation doesn't count": each(lambda _, key: key.update(instances_count=max(0, key["instances_count"] - 1))),
    "the limit of activations is not kept": carried_out(ACTIVATE, refused=LIMIT, activations_limit=None),
    "one activation more than the limit allows": carried_out(ACTIVATE, lambda key: key["instances_count"] == key["activations_limit"], refused=LIMIT, activations_limit=None),
    "a limit of 0 is none": carried_out(ACTIVATE, lambda key: key["activations_limit"] == 0, refused=LIMIT, activations_limit=None),
    "without a limit there are five activations": no_limit_is_five,
    "a disabled key can be activated": carried_out(ACTIVATE, lambda key: key["status"] == "disabled", refused=INACTIVE, status="active"),
    "activating answers 200": instead_of(201, ACTIVATE, 200),
    "the activation forgets its name": shows(ACTIVATE, name="instance"),
    "the activation names another product": tells(ACTIVATE, lambda _, body: body["product"].update(product_id="pdt_0000000000000000000001")),
    "the activation names another customer": tells(ACTIVATE, lambda _, body: body["customer"].update(customer_id="cus_0000000000000000000001")),
    "activating the same name again gives the same activation": remembers(ACTIVATE, lambda x: str(x.body)),
    "a full key answers 403": instead_of(LIMIT, ACTIVATE, 403, LIMIT),
    "an inactive key answers 422": instead_of(INACTIVE, ACTIVATE, 422, INACTIVE),
    "two at once take the last activation": together(ACTIVATE, "license_key", carried_out(ACTIVATE, refused=LIMIT, activations_limit=None)),
    # validation
    "a disabled key is valid": validity(VALIDATE, True, lambda _, key: key.get("status") == "disabled"),
    "an expired key is valid": validity(VALIDATE, True, lambda _, key: key.get("status") == "expired"),
    "an active key is valid whatever the instance": validity(VALIDATE, True, lambda _, key: key.get("status") == "active"),
    "an active key is valid with an empty instance": validity(VALIDATE, True, lambda x, key: key.get("status") == "active" and x.given("license_key_instance_id") == ""),
    "a key without activations left is not valid": validity(VALIDATE, False, lambda _, key: key and key["instances_count"] == key["activations_limit"]),
    "an unknown key is valid": validity(VALIDATE, True, lambda _, key: not key),
    "no key is valid with an instance": validity(VALIDATE, False, lambda x, _: x.given("license_key_instance_id")),
    "a license key is a pattern, as databases have them": looked_up(VALIDATE, lambda held, asked: len(asked) < 60 and like(held, asked), status="active"),
    "validating an unknown key answers 404": answers(VALIDATE, lambda _, r: r.ok and not r.body["valid"], 404, "LICENSE_KEY_NOT_FOUND"),
    "a key is valid for two hours after its expiry": validity(VALIDATE, True, lambda x, key: key.get("status") == "expired" and not x.given("license_key_instance_id") and at(key["expires_at"]) > ago(hours=2)),
    "a key expires an hour early": validity(VALIDATE, False, lambda _, key: key.get("expires_at") and at(key["expires_at"]) < ago(hours=-1)),
    # deactivation
    "deactivating changes nothing": void(DEACTIVATE),
    "deactivating again is fine": remembers(DEACTIVATE, lambda x: str(x.body)),
    "another key's instance can be deactivated": of_another_key(DEACTIVATE, refused=403),
    "deactivating lowers no count": count_stays((*LICENSE_KEYS, DEACTIVATE)),
    "deactivating an unknown instance answers 404": instead_of(403, DEACTIVATE, 404, "NOT_FOUND"),
    "two at once give one activation back": together(DEACTIVATE, "license_key_instance_id", instead_of(403, DEACTIVATE, 200)),
    # changes: left out, null, twice, together, at their edges, at once, of others
    "an update without expires_at removes it": asks(UPDATE, lambda x: x.fields.setdefault("expires_at", None), lambda x: x.fields),
    "an update without activations_limit removes it": asks(UPDATE, lambda x: x.fields.setdefault("activations_limit", None)),
    "null leaves the limit as it is": forgets(UPDATE, "activations_limit", lambda x: x.fields.get("activations_limit", 0) is None),
    "null leaves the expiry as it is": forgets(UPDATE, "expires_at", lambda x: x.fields.get("expires_at", 0) is None),
    "the offset of expires_at is ignored": field(CHANGES, "expires_at", without_zone, is_text),
    "a limit below the current count is accepted": carried_out(UPDATE, refused=TOO_LOW, without="activations_limit"),
    "an update whose limit is refused is carried out in part": in_part((422,), "disabled"),
    "an update with a malformed field is carried out in part": in_part((400, 422), "disabled"),
    "with disabled, the limit is forgotten": forgets(UPDATE, "activations_limit", lambda x: x.given("disabled", bool) is not None),
    "with a limit, the expiry is forgotten": forgets(UPDATE, "expires_at", lambda x: "activations_limit" in x.fields),
    "an expiry on a subscription's key is accepted": carried_out(UPDATE, refused=NO_EXPIRY, without="expires_at"),
    "disabling deactivates every installation": deactivates(UPDATE),
    "disabling a disabled key enables it": updates(lambda x, key: x.body.update(disabled=key["status"] != "disabled"), lambda x, _: x.given("disabled", bool)),
    "the same limit again is refused": updates(lambda x, _: x.body.update(activations_limit="no"), lambda x, key: key["activations_limit"] is not None and x.fields.get("activations_limit") == key["activations_limit"]),
    "a disabled key cannot be enabled again": forgets(UPDATE, "disabled", lambda x: x.fields.get("disabled") is False),
    "an expired key can be enabled": enabling_revives((UPDATE, VALIDATE)),
    "an update answers with the key as it was before": answers_old,
    "of two updates at once one undoes the other": updates(writes_back),
    "disabling a key disables the customer's newer ones": spreads(UPDATE, "license_keys", by="customer_id", name="status", where=lambda its, one: one["status"] == "disabled" and its["source"] == "import" and its["created_at"] >= one["created_at"]),
    "a limit of true is 1": taken_for("activations_limit", True, 1),
    "a limit of 1.5 is 1": taken_for("activations_limit", 1.5, 1),
    "disabled: 1 is true": taken_for("disabled", 1, True),
    "disabled: yes is true": taken_for("disabled", "yes", True),
    "an empty expiry is none": taken_for("expires_at", "", None),
    "a limit is cut to a million": field(CHANGES, "activations_limit", lambda given: min(given, 10**6), lambda given: type(given) is int),
    # names
    "renaming doesn't last": void(RENAME),
    "renaming one renames all": spreads(RENAME, "license_key_instances", by="license_key_id", name="name"),
    "names lose what is not ASCII": field(NAMES, "name", lambda name: name.encode("ascii", "replace").decode(), is_text),
    "names are cut to 100 characters": field(NAMES, "name", lambda name: name[:100], is_text),
    "names lose their percent signs": field(NAMES, "name", lambda name: name.replace("%", "") or "x", is_text),
    "renaming needs no name": asks(RENAME, lambda x: x.body.update(name="instance"), lambda x: x.body == {}),
    "a name of 5 is taken for text": field(NAMES, "name", str, lambda name: name == 5),
    "renaming to an empty name is forgotten": void(RENAME, lambda x: x.given("name") == ""),
    "the same name again is a conflict": answers(RENAME, is_repeated, 409, "CONFLICT"),
    # importing
    "the same key can be imported twice": imported_again(CREATE, refused=409),
    "the same key can be imported for another customer": imported_again(CREATE, lambda x, key: key["customer_id"] != x.body["customer_id"], refused=409),
    "two at once import one key": together(CREATE, "key", imported_again(CREATE, refused=409)),
    "an imported key loses its limit": field(CREATE, "activations_limit", lambda _: None, bool),
    "an imported key's expiry is cut to the day": field(CREATE, "expires_at", whole_days, is_text),
    "an imported key has the source manual": each(lambda _, key: key.update(source=key["source"].replace("import", "manual"))),
    "an imported key is written in capitals": asks((CREATE, *PUBLIC), lambda x: x.fields.update({name: x.body[name].upper() for name in ("key", "license_key") if x.given(name)})),
    "an imported key is listed as it was then": listed_imports((CREATE, KEYS), lambda key: key),
    "an imported key is not listed": listed_imports((CREATE, KEYS), lambda _: None),
    "an empty key can be imported": field(CREATE, "key", lambda _: f"CONTRACT-TEST-empty-{random.random()}", lambda key: key == ""),
    "any customer will do for an import": any_customer,
    # grants
    "page_number is ignored for grants": without("page_number", GRANTS),
    "the filter status is ignored for grants": without("status", GRANTS),
    "a grant shows another limit than its license key": each(lambda _, grant: grant["license_key"] and grant["license_key"].update(activations_limit=77), GRANTS),
    "a grant shows the license key of another customer": shows(GRANTS, customer_id="cus_0000000000000000000001"),
    "a customer's grants are none": lists(OF_CUSTOMERS, lambda *_: False),
    "revoking a grant changes nothing": void(REVOKE),
    "disabling a key leaves its grant": each(lambda _, grant: grant["revocation_reason"] == "license_key_disabled" and grant.update(status="Delivered"), GRANTS),
    "enabling a key restores no grant": each(lambda x, grant: (grant["status"] == "Revoked" or grant["id"] in x.memory) and grant.update(status=x.memory.setdefault(grant["id"], "Revoked")), GRANTS),
    "revoking again is a conflict": answers(REVOKE, is_repeated, 409, "CONFLICT"),
    "a grant can be fulfilled again": instead_of("GRANT_ALREADY_FULFILLED", FULFILL, 200),
    "fulfilling forgets the limit": forgets(FULFILL, "activations_limit"),
}
