"""What rows of the catalogues are made of: what can be otherwise with a request, with a reply, with a change.

Operations, their parameters and their fields are the mock's own: what openapi.yaml lost can't hide a bug.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta

from planted import Reply, Row

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
OF_CUSTOMERS, OF_ENTITLEMENTS = GRANTS = "list_customer_entitlement_grants", "list_entitlement_grants"
LISTS, NAMES, CHANGES = (KEYS, INSTANCES), (ACTIVATE, RENAME), (CREATE, UPDATE)
PATIENCE = 5  # seconds that the first of two waits for the second, which comes at once


def always(*_):
    return True


def at(moment):
    return datetime.fromisoformat(moment)


def ago(**time):
    return datetime.now().astimezone() - timedelta(**time)


def times(x, thing):
    """How often this was asked about."""
    x.memory[thing] = x.memory.get(thing, 0) + 1
    return x.memory[thing]


def row(act):
    """Makes rows: for operations, `act(x, …)` makes the reply."""

    def made(ops, *args, **named):
        return Row((ops,) if isinstance(ops, str) else ops, lambda x: act(x, *args, **named))

    return made


def after(act):
    """Makes rows: a success, or what is `refused` in this way, is what `act(x, reply, …)` makes of it."""

    @row
    async def made(x, *args, refused=None, **named):
        reply = await x.send()
        if reply.ok if refused is None else reply.has(refused):
            return await act(x, reply, *args, **named) or reply
        return reply

    return made


def refusal(status, code="INVALID_REQUEST_BODY"):
    return Reply(status, {"code": code, "message": "No."})


# --- with a request ------------------------------------------------------------------------------------


@row
async def asks(x, change, when=always):
    """A request is changed by `change(x)` before it is passed on."""
    if when(x):
        change(x)
    return await x.send()


def query(ops, when=always, **values):
    """These stand in the query, whatever was asked."""
    return asks(ops, lambda x: x.query.update(values), when)


@row
async def without(x, name):
    """A parameter of the query is checked, and then ignored."""
    reply = await x.send()
    return await x.send() if reply.ok and x.query.pop(name, None) is not None else reply


def changed(ops, name, change, kind=str):
    """A parameter or a field that is there, and of that kind, becomes `change(value)`."""
    return asks(
        ops,
        lambda x: x.given_in(name).update({name: change(x.given_in(name)[name])}),
        lambda x: isinstance(x.given_in(name).get(name), kind),
    )


def forgets(ops, name, when=always):
    """A parameter or a field that is there is ignored."""
    return asks(ops, lambda x: x.given_in(name).pop(name, None), when)


def lets_in(ops, when):
    """An API key for which `when(x, given)` holds will do."""
    return asks(
        ops,
        lambda x: x.headers.update(authorization=f"Bearer {x.api_key}"),
        lambda x: when(x, x.headers.get("authorization", "")[7:]),
    )


@row
async def looked_up(x, same, **filters):
    """The license key that is meant is one for which `same(held, asked)` holds."""
    asked = x.given("license_key")
    if asked:
        keys = [key["key"] for key in await x.whole(**filters)]
        x.body["license_key"] = next((key for key in keys if same(key, asked)), asked)
    return await x.send()


# --- with a reply --------------------------------------------------------------------------------------


@after
async def tells(x, reply, change):
    """It is changed by `change(x, reply)`."""
    change(x, reply)


def each(ops, change):
    """Every item, in a listing or by itself, is changed by `change(x, item)`."""
    return tells(ops, lambda x, reply: [change(x, item) for item in reply.items])


def lists(ops, kept):
    """A page has only those of its items for which `kept(x, item)` holds."""
    return tells(ops, lambda x, reply: reply.body.update(items=[i for i in reply.items if kept(x, i)]))


def typed(ops, content_type):
    """It is declared to be of that type."""
    return tells(ops, lambda _, reply: reply.headers.update({"content-type": content_type}))


@row
async def answers(x, when, status, code="INVALID_REQUEST_BODY"):
    """A reply for which `when(x, reply)` holds is a refusal instead, or another success."""
    reply = await x.send()
    if not when(x, reply):
        return reply
    return refusal(status, code) if status >= 400 else Reply(status, reply.body, reply.headers)


def instead_of(refused, ops, status, code="INVALID_REQUEST_BODY"):
    """A reply with this status or code is another one."""
    return answers(ops, lambda _, reply: reply.has(refused), status, code)


@row
async def remembers(x, thing):
    """Where `thing(x)` is the same as before, the first reply comes again."""
    name = thing(x) if x.is_merchant or x.op in PUBLIC else None
    if name in x.memory:
        return x.memory[name]
    reply = await x.send()
    return x.memory.setdefault(name, reply) if name is not None and reply.ok else reply


@after
async def relisted(x, reply, page, when=always):
    """A page is what `page(x, items)` makes of all items, whatever the filters."""
    if min(x.size, x.number) >= 0 and when(x):
        reply.body["items"] = page(x, await x.whole(x.path))


def compared(ops, name, same):
    """A filter compares as `same(held, asked)` does."""
    return relisted(
        ops,
        lambda x, items: x.paged([item for item in items if same(item[name], x.query[name])]),
        lambda x: list(x.filters) == [name],
    )


@after
async def sliced(x, reply, pages):
    """A page is what `pages(x, items, begin, size)` takes of the items that the filters let pass."""
    if min(x.size, x.number) >= 0:
        reply.body["items"] = pages(x, await x.whole(x.path, **x.filters), x.number * x.size, x.size)


@after
async def validity(x, reply, answer, when):
    """Validation gives that answer where `when(x, key)` holds; no key has an unknown string."""
    key = await x.key(key=x.body["license_key"])
    reply.body["valid"] = answer if when(x, key or {}) else reply.body["valid"]


# --- with a change -------------------------------------------------------------------------------------


@row
async def void(x, when=always):
    """A success changes nothing."""
    before = await x.ask("GET", "/_mock/dump")
    reply = await x.send()
    if reply.ok and when(x):
        await x.ask("POST", "/_mock/load", before.body)
    return reply


@after
async def carried_out(x, reply, when=always, *, without=None, **otherwise):
    """What is refused is carried out: without a field, or as if the key were otherwise."""
    key = await x.key(
        **({"key": x.body["license_key"]} if x.op in PUBLIC else {"id": x.path.rpartition("/")[2]})
    )
    if not when(key):
        return reply
    x.body.pop(without, None)
    await x.store("license_keys", lambda its: its["id"] == key["id"], **otherwise)
    reply = await x.send()
    before = {name: key[name] for name in otherwise}
    await x.store("license_keys", lambda its: its["id"] == key["id"], **before)
    return reply


@row
async def in_part(x, statuses, name):
    """An update that is refused is carried out as far as this field."""
    reply = await x.send()
    if reply.status in statuses and name in x.fields:
        await x.ask("PATCH", x.path, {name: x.body[name]})
    return reply


async def meets_another(x, thing):
    """Wait for a second request about the same thing; whether one comes while the first is under way."""
    meeting = x.memory.setdefault(thing, asyncio.Barrier(2))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await meeting.wait()
            return True
    return False


@row
async def together(x, same, mended):
    """Of two requests for the same thing at once, a refusal of one is mended."""
    thing = x.given(same)
    return await (mended.act(x) if thing and await meets_another(x, thing) else x.send())


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
