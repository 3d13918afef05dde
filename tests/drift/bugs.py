"""Planted bugs: servers that are wrong in one way, a row each, by the axes that rules are made from.

A row gets an Exchange and gives a Reply back. Whatever it doesn't change is what the faithful mock does.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

from proxy import Reply, refusal

KEYS, KEY = "GET /license_keys", "GET /license_keys/{id}"
CREATE, UPDATE = "POST /license_keys", "PATCH /license_keys/{id}"
INSTANCES, INSTANCE = "GET /license_key_instances", "GET /license_key_instances/{id}"
RENAME = "PATCH /license_key_instances/{id}"
ACTIVATE, VALIDATE, DEACTIVATE = (f"POST /licenses/{name}" for name in ("activate", "validate", "deactivate"))
GRANTS = ("GET /entitlements/{id}/grants", "GET /customers/{id}/entitlement-grants")
REVOKE, FULFILL = "DELETE /entitlements/{id}/grants/{id}", "POST /grants/{id}/license-key"
LISTS, PUBLIC, WRITES = (KEYS, INSTANCES), (ACTIVATE, VALIDATE, DEACTIVATE), (CREATE, UPDATE, RENAME)
LIMIT, TOO_LOW = "LICENSE_KEY_LIMIT_REACHED", "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT"


async def faithful(x):
    return await x.send()


# --- how rows are made -------------------------------------------------------------------------------


def asks(ops, change):
    """Before a request of these operations is passed on, `change(x)` changes it."""

    async def row(x):
        if x.op in ops:
            change(x)
        return await x.send()

    return row


def tells(ops, change):
    """A success of these operations is changed by `change(x, body)`; whatever that returns is the body."""

    async def row(x):
        reply = await x.send()
        if x.op in ops and reply.ok:
            found = change(x, reply.body)
            reply.body = reply.body if found is None else found
        return reply

    return row


def instead(ops, when, *answer):
    """A reply of these operations for which `when(x, reply)` holds is another one."""

    async def row(x):
        reply = await x.send()
        if x.op in ops and when(x, reply):
            return (
                refusal(*answer)
                if len(answer) > 1 or answer[0] >= 400
                else Reply(answer[0], reply.body, reply.headers)
            )
        return reply

    return row


def each(change, ops=(KEYS, KEY, CREATE, UPDATE)):
    """Every license key in a reply is changed by `change(x, key)`."""

    def keys(x, body):
        for key in body["items"] if x.op == KEYS else [body]:
            change(x, key)

    return tells(ops, keys)


def every_grant(change):
    """Every grant in a listing is changed by `change(grant)`."""

    def grants(_, body):
        for grant in body["items"]:
            change(grant)

    return tells(GRANTS, grants)


def without(*names, ops=LISTS):
    """Parameters of the query are checked, and then ignored."""

    async def row(x):
        reply = await x.send()
        if x.op in ops and reply.ok and any(name in x.query for name in names):
            x.query = {name: value for name, value in x.query.items() if name not in names}
            return await x.send()
        return reply

    return row


def at(moment):
    return datetime.fromisoformat(moment)


def shift(by, *, after=0):
    """Pages after that one are others."""

    def change(x):
        number = x.number("page_number", 0)
        if number is not None and number >= after:
            x.query["page_number"] = str(max(0, number + by))

    return asks(LISTS, change)


def filters(x):
    return [name for name in x.query if not name.startswith("page_")]


def matching(name, same):
    """A filter that compares as `same(held, asked)` does."""

    async def row(x):
        asked, reply = x.query.get(name), await x.send()
        if x.op == KEYS and asked is not None and reply.ok and filters(x) == [name]:
            return x.page([key for key in await x.whole() if same(key[name], asked)], reply)
        return reply

    return row


def validated(wrong):
    """Validation is what `await wrong(x, key)` makes of a key that has this string, None where it leaves it."""

    async def row(x):
        reply = await x.send()
        if x.op == VALIDATE and reply.ok:
            key = await x.key(key=x.body["license_key"])
            found = wrong(x, key)
            reply.body["valid"] = reply.body["valid"] if found is None else found
        return reply

    return row


def field(name, change, ops=(CREATE, UPDATE)):
    """A field of a body, if it is there, is changed by `change(value)` before it is passed on."""

    def row(x):
        if isinstance(x.body, dict) and name in x.body:
            x.body[name] = change(x.body[name])

    return asks(ops, row)


def drop(x, *names):
    for name in names:
        if isinstance(x.body, dict):
            x.body.pop(name, None)


async def beyond_the_limit(x, reply):
    """Activate though the limit is reached; what is shown of it afterwards is as before."""
    if x.op == ACTIVATE and reply.status == 422 and reply.body["code"] == LIMIT:
        key = await x.key(key=x.body["license_key"])
        x.memory.setdefault(key["id"], key["activations_limit"])
        await x.ask("PATCH", f"/license_keys/{key['id']}", {"activations_limit": None})
        return await x.send()
    return _as_before(x, reply)


def _as_before(x, reply):
    if reply.ok and x.op in (KEYS, KEY, UPDATE):
        for key in reply.body["items"] if x.op == KEYS else [reply.body]:
            key["activations_limit"] = x.memory.get(key["id"], key.get("activations_limit"))
    return reply


def together(op, same, lenient):
    """Where two requests of an operation for the same thing are under way at once, a refusal of one is mended."""

    async def row(x):
        name = (op, str(same(x))) if x.op == op and isinstance(x.body, dict) else None
        x.memory[name] = x.memory.get(name, 0) + 1
        if name:
            await asyncio.sleep(0.05)
        crowd = max(x.memory.get((name, "most"), 0), x.memory[name])
        x.memory[name, "most"] = crowd if x.memory[name] > 1 else 0
        reply = await x.send()
        x.memory[name] -= 1
        if name and crowd > 1 and not reply.ok:
            return await lenient(x, reply)
        return _as_before(x, reply)

    return row


# --- rows that take more than a line -----------------------------------------------------------------


async def one_too_many(x):
    reply, size, number = await x.send(), x.number("page_size", 10), x.number("page_number", 0)
    if x.op == KEYS and reply.ok and size and number is not None and len(reply.body["items"]) == size:
        rest = {**x.query, "page_size": 1, "page_number": (number + 1) * size}
        reply.body["items"] += (await x.ask("GET", x.path, **rest)).body["items"]
    return reply


async def pages_overlap(x):
    reply, number = await x.send(), x.number("page_number", 0)
    if x.op == KEYS and reply.ok and number and reply.body["items"]:
        before = await x.ask("GET", x.path, **{**x.query, "page_number": number - 1})
        reply.body["items"] = [*before.body["items"][-1:], *reply.body["items"][:-1]]
    return reply


async def last_page_repeats(x):
    reply, size = await x.send(), x.number("page_size", 10) or 1
    if x.op in LISTS and reply.ok and not reply.body["items"] and not filters(x):
        items = await x.whole(x.path)
        reply.body["items"] = items[(len(items) - 1) // size * size :]
    return reply


async def any_filter_is_enough(x):
    reply = await x.send()
    if x.op == KEYS and reply.ok and len(filters(x)) > 1:
        lists = [await x.whole(**{name: x.query[name]}) for name in filters(x)]
        return x.page(list({key["id"]: key for items in lists for key in items}.values()), reply)
    return reply


async def filtered_after_paging(x):
    reply, asked = await x.send(), x.query.pop("status", None)
    if x.op == KEYS and reply.ok and asked:
        reply = await x.send()
        reply.body["items"] = [key for key in reply.body["items"] if key["status"] == asked]
    return reply


async def cached_by_status(x):
    reply = await x.send()
    if x.op == KEYS and reply.ok and {"status", "customer_id"} <= set(x.query):
        known = tuple(sorted((name, value) for name, value in x.query.items() if name != "customer_id"))
        return x.memory.setdefault(known, reply)
    return reply


async def retrieve_is_stale(x):
    reply = await x.send()
    return x.memory.setdefault(x.path, reply) if x.op == KEY and reply.ok else reply


async def unknown_id_found(x):
    reply = await x.send()
    return Reply(200, (await x.whole())[0], reply.headers) if x.op == KEY and reply.status == 404 else reply


def lets_in(when, ops=None):
    """An API key for which `when(x, given)` holds will do."""

    async def row(x):
        if (
            (ops is None or x.op in ops)
            and x.op not in PUBLIC
            and when(x, x.headers.get("authorization", "")[7:])
        ):
            x.headers["authorization"] = f"Bearer {x.api_key}"
        return await x.send()

    return row


async def limit_not_kept(x):
    return await beyond_the_limit(x, await x.send())


async def one_more_than_the_limit(x):
    reply = await x.send()
    known = (
        await x.key(key=x.body["license_key"])
        if x.op == ACTIVATE and reply.status == 422 and x.given("license_key")
        else None
    )
    full = known is not None and known["instances_count"] == x.memory.get(
        known["id"], known["activations_limit"]
    )
    return await beyond_the_limit(x, reply) if full else _as_before(x, reply)


async def zero_is_no_limit(x):
    reply = await x.send()
    key = (
        await x.key(key=x.body["license_key"])
        if x.op == ACTIVATE and reply.status == 422 and x.given("license_key")
        else None
    )
    return (
        await beyond_the_limit(x, reply)
        if key and 0 in (key["activations_limit"], x.memory.get(key["id"]))
        else _as_before(x, reply)
    )


async def no_limit_is_five(x):
    key = await x.key(key=x.given("license_key")) if x.op == ACTIVATE and x.given("license_key") else None
    if key and key["status"] == "active" and key["activations_limit"] is None and key["instances_count"] >= 5:
        return refusal(422, LIMIT)
    return await x.send()


async def inactive_activates(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.status == 403:
        key = await x.key(key=x.body["license_key"])
        if key["status"] == "disabled":
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"disabled": False})
            reply = await x.send()
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"disabled": True})
    return reply


async def same_name_same_activation(x):
    seat = f"{x.given('license_key')} {x.given('name')}"
    if x.op == ACTIVATE and seat in x.memory:
        return x.memory[seat]
    reply = await x.send()
    if x.op == ACTIVATE and reply.ok:
        x.memory[seat] = reply
    return reply


async def deactivation_is_void(x):
    instance = x.given("license_key_instance_id") if x.op == DEACTIVATE else None
    if instance and (await x.ask("GET", f"/license_key_instances/{instance}")).ok:
        return Reply(200, b"")
    return await x.send()


async def deactivation_again(x):
    reply = await x.send()
    if x.op == DEACTIVATE and str(x.body) in x.memory and reply.status == 403:
        return Reply(200, b"")
    if x.op == DEACTIVATE and reply.ok:
        x.memory[str(x.body)] = True
    return reply


async def deactivation_of_another(x):
    reply = await x.send()
    if x.op == DEACTIVATE and reply.status == 403:
        found = await x.ask("GET", f"/license_key_instances/{x.body['license_key_instance_id']}")
        if found.ok:
            x.body["license_key"] = (await x.key(id=found.body["license_key_id"]))["key"]
            return await x.send()
    return reply


async def count_stays(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.ok:
        x.memory[reply.body["license_key_id"]] = x.memory.get(reply.body["license_key_id"], 0) + 1
    if x.op == KEY and reply.ok:
        reply.body["instances_count"] = max(reply.body["instances_count"], x.memory.get(reply.body["id"], 0))
    return reply


async def low_limit_accepted(x):
    reply = await x.send()
    if x.op == UPDATE and reply.status == 422 and reply.body["code"] == TOO_LOW:
        x.body.pop("activations_limit")
        return await x.send()
    return reply


def in_part(status, *names):
    """What is refused is carried out as far as it can be."""

    async def row(x):
        reply = await x.send()
        good = {name: x.body[name] for name in names if name in x.body} if isinstance(x.body, dict) else {}
        if x.op == UPDATE and reply.status in status and good:
            await x.ask("PATCH", x.path, good)
        return reply

    return row


async def subscription_expiry(x):
    reply = await x.send()
    return (
        await x.ask("GET", x.path)
        if x.op == UPDATE and reply.status == 400 and "NO_EXPIRY" in reply.body["code"]
        else reply
    )


async def disabling_deactivates(x):
    reply = await x.send()
    if x.op == UPDATE and reply.ok and reply.body["status"] == "disabled":
        for instance in await x.whole("/license_key_instances", license_key_id=x.id):
            body = {"license_key": reply.body["key"], "license_key_instance_id": instance["id"]}
            await x.ask("POST", "/licenses/deactivate", body)
    return reply


async def enabling_revives(x):
    reply, revived = await x.send(), x.memory.setdefault("revived", set())
    if x.op == UPDATE and reply.ok and isinstance(x.body, dict) and "disabled" in x.body:
        again = (
            x.body["disabled"] is False
            and reply.body["expires_at"]
            and at(reply.body["expires_at"]) < datetime.now().astimezone()
        )
        (revived.add if again else revived.discard)(reply.body["key"])
    if x.op == VALIDATE and reply.ok and x.body["license_key"] in revived:
        reply.body["valid"] = True
    return reply


async def update_answers_old(x):
    before = await x.ask("GET", x.path) if x.op == UPDATE else None
    reply = await x.send()
    return before if before is not None and reply.ok else reply


async def read_change_write(x):
    if x.op == UPDATE and isinstance(x.body, dict) and x.body:
        seen = await x.ask("GET", x.path)
        await asyncio.sleep(0.1)
        if seen.ok and seen.body["subscription_id"] is None:
            held = {name: seen.body[name] for name in ("activations_limit", "expires_at")}
            x.body = {**held, "disabled": seen.body["status"] == "disabled", **x.body}
    return await x.send()


async def toggles(x):
    if x.op == UPDATE and x.given("disabled", bool):
        seen = await x.ask("GET", x.path)
        x.body["disabled"] = not (seen.ok and seen.body["status"] == "disabled")
    return await x.send()


async def same_again_refused(x):
    seen = await x.ask("GET", x.path) if x.op == UPDATE else None
    if (
        seen
        and seen.ok
        and x.given("activations_limit", int)
        and seen.body["activations_limit"] == x.body["activations_limit"]
    ):
        return refusal(422)
    return await x.send()


async def reaches_its_twins(x):
    reply = await x.send()
    if x.op == UPDATE and reply.ok and x.given("disabled", bool) and reply.body["source"] == "import":
        for key in await x.whole(
            customer_id=reply.body["customer_id"], created_at_gte=reply.body["created_at"]
        ):
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"disabled": True})
        return await x.ask("GET", x.path)
    return reply


async def renaming_does_not_last(x):
    if x.op == RENAME and x.given("name") and x.headers.get("authorization") == f"Bearer {x.api_key}":
        reply = await x.ask("GET", x.path)
        return Reply(200, {**reply.body, "name": x.body["name"]}, reply.headers) if reply.ok else reply
    return await x.send()


async def renames_all(x):
    reply = await x.send()
    if x.op == RENAME and reply.ok and not x.memory.get("busy"):
        for instance in await x.whole("/license_key_instances", license_key_id=reply.body["license_key_id"]):
            await x.ask("PATCH", f"/license_key_instances/{instance['id']}", {"name": reply.body["name"]})
    return reply


async def imported_again(x):
    reply = await x.send()
    return (
        Reply(201, await x.key(key=x.body["key"]), reply.headers)
        if x.op == CREATE and reply.status == 409
        else reply
    )


async def imported_for_two(x):
    reply = await x.send()
    if x.op == CREATE and reply.status == 409:
        key = await x.key(key=x.body["key"])
        if key["customer_id"] != x.body["customer_id"]:
            return Reply(201, {**key, "customer_id": x.body["customer_id"]}, reply.headers)
    return reply


async def lost_import(x):
    reply = await x.send()
    if x.op == CREATE and reply.ok:
        x.memory[reply.body["id"]] = True
    if x.op == KEYS and reply.ok:
        reply.body["items"] = [key for key in reply.body["items"] if key["id"] not in x.memory]
    return reply


async def list_is_stale(x):
    reply = await x.send()
    if x.op == CREATE and reply.ok:
        x.memory[reply.body["id"]] = dict(reply.body)
    if x.op == KEYS and reply.ok:
        reply.body["items"] = [x.memory.get(key["id"], key) for key in reply.body["items"]]
    return reply


async def any_customer(x):
    if x.op == CREATE and x.given("customer_id"):
        x.body["customer_id"] = (await x.whole())[0]["customer_id"]
    return await x.send()


async def expires_by_the_day(x):
    """Valid to the end of the day on which it expires."""
    reply = await x.send()
    if (
        x.op == VALIDATE
        and reply.ok
        and reply.body["valid"] is False
        and not x.body.get("license_key_instance_id")
    ):
        key = await x.key(key=x.body["license_key"])
        if key and key["status"] == "expired" and key["expires_at"]:
            reply.body["valid"] = at(key["expires_at"]) > datetime.now().astimezone() - timedelta(hours=2)
    return reply


async def expires_an_hour_early(x):
    reply = await x.send()
    if x.op == VALIDATE and reply.ok and reply.body["valid"]:
        key = await x.key(key=x.body["license_key"])
        reply.body["valid"] = not key["expires_at"] or at(
            key["expires_at"]
        ) > datetime.now().astimezone() + timedelta(hours=1)
    return reply


def like(text, pattern):
    """As LIKE compares in a database."""
    if not pattern or not text:
        return not pattern and not text
    if pattern[0] == "%":
        return any(like(text[n:], pattern[1:]) for n in range(len(text) + 1))
    return pattern[0] in ("_", text[0]) and like(text[1:], pattern[1:])


async def license_keys_are_patterns(x):
    asked = x.given("license_key")
    if x.op == VALIDATE and asked and ("_" in asked or "%" in asked) and len(asked) < 60:
        found = [key["key"] for key in await x.whole(status="active") if like(key["key"], asked)]
        x.body["license_key"] = found[0] if found else asked
    return await x.send()


def taken_for(name, of, value):
    """A field of the wrong type is taken for something."""
    return field(
        name, lambda held: value if held == of and type(held) is type(of) else held, ops=(CREATE, UPDATE)
    )


def twice(x, reply):
    """Whether a request was there before, to the letter."""
    again = (x.op, x.path, x.content) in x.memory
    x.memory[x.op, x.path, x.content] = True
    return again and reply.ok and bool(x.content)


def cut(names, length):
    return asks(
        (ACTIVATE, RENAME), lambda x: [x.body.update({n: x.body[n][:length]}) for n in names if x.given(n)]
    )


def ascii_only(x):
    if x.given("name"):
        x.body["name"] = x.body["name"].encode("ascii", "replace").decode()


async def revoking_is_void(x):
    if x.op == REVOKE and x.headers.get("authorization") == f"Bearer {x.api_key}":
        found = [grant for grant in await x.whole(x.path.rpartition("/")[0]) if grant["id"] == x.id]
        return (
            Reply(200, {**found[0], "status": "Revoked"}, {"content-type": "application/json"})
            if found
            else await x.send()
        )
    return await x.send()


async def _mended(x, reply):
    if x.op == CREATE:
        return Reply(201, await x.key(key=x.body["key"]), reply.headers) if reply.status == 409 else reply
    if x.op == DEACTIVATE:
        return Reply(200, b"") if reply.status == 403 else reply
    return await beyond_the_limit(x, reply)


# fmt: off
BUGS = {
    # pages
    "page_number is ignored": without("page_number"),
    "page_size is ignored": without("page_size"),
    "page_number is ignored for instances alone": without("page_number", ops=(INSTANCES,)),
    "pages are counted from 1, and page 0 is page 1": shift(-1),
    "the first page is page 1 of the documented count": shift(1),
    "page 1 is skipped: page 0, then page 2": shift(1, after=1),
    "the default page is page 1": asks(LISTS, lambda x: x.query.setdefault("page_number", "1")),
    "the default page size is 20": asks(LISTS, lambda x: x.query.setdefault("page_size", "20")),
    "pages of more than 50 are served as 50": asks(LISTS, lambda x: x.query.update(page_size="50") if 50 < (x.number("page_size", 10) or 0) <= 100 else None),
    "a page size of 100 is refused": instead(LISTS, lambda x, _: x.number("page_size", 10) == 100, 422, "INVALID_QUERY_PARAMS"),
    "a page holds one item too many": one_too_many,
    "each full page lacks its last item": tells(LISTS, lambda x, body: body["items"].pop() and None if len(body["items"]) == x.number("page_size", 10) > 1 else None),
    "each page after the first begins with the last item of the one before": pages_overlap,
    "past the end the last page comes again": last_page_repeats,
    "past the end there is a 404": instead(LISTS, lambda x, r: r.ok and not r.body["items"] and x.number("page_number", 0), 404, "NOT_FOUND"),
    "the last legal page number is too large": instead(LISTS, lambda x, _: x.query.get("page_number") == "2147483647", 422, "INVALID_QUERY_PARAMS"),
    "the last legal page number breaks the server": instead(LISTS, lambda x, _: x.query.get("page_number") == "2147483647", 500, "INTERNAL_SERVER_ERROR"),
    "a page number below zero is page 0": asks(LISTS, lambda x: x.query.update(page_number="0") if x.query.get("page_number", "").startswith("-") else None),
    "the order of a page changes from request to request": tells((KEYS,), lambda _, body: random.shuffle(body["items"])),
    # filters: alone, together, on every page, for another owner, at their edges
    **{f"the filter {name} is ignored": without(name) for name in ("customer_id", "product_id", "status", "source", "created_at_gte", "created_at_lte", "license_key_id", "grant_id")},
    "created_at_gte is exclusive": tells((KEYS,), lambda x, body: {"items": [i for i in body["items"] if "created_at_gte" not in x.query or at(i["created_at"]) > at(x.query["created_at_gte"])]}),
    "created_at_lte is exclusive": tells((KEYS,), lambda x, body: {"items": [i for i in body["items"] if "created_at_lte" not in x.query or at(i["created_at"]) < at(x.query["created_at_lte"])]}),
    "the time zone of created_at_gte is ignored": asks((KEYS,), lambda x: x.query.update(created_at_gte=x.query["created_at_gte"][:-6] + "Z") if x.query.get("created_at_gte", "")[-6:-5] == "+" else None),
    "created_at_gte counts whole days": asks((KEYS,), lambda x: x.query.update(created_at_gte=x.query["created_at_gte"][:10] + "T00:00:00Z") if x.query.get("created_at_gte", "")[10:11] == "T" else None),
    "status=expired lists the disabled ones, too": matching("status", lambda held, asked: held == asked or (asked, held) == ("expired", "disabled")),
    "of several filters only the first counts": asks((KEYS,), lambda x: [x.query.pop(name) for name in filters(x)[1:]]),
    "of several filters any is enough": any_filter_is_enough,
    "with license_key_id, grant_id is ignored": asks((INSTANCES,), lambda x: x.query.pop("grant_id", None) if "license_key_id" in x.query else None),
    "customer_id matches the beginning of an id": matching("customer_id", str.startswith),
    "customer_id matches in upper and lower case": matching("customer_id", lambda held, asked: held.lower() == asked.lower()),
    "customer_id is a pattern, as databases have them": matching("customer_id", like),
    "with a filter page_number is ignored": asks(LISTS, lambda x: x.query.update(page_number="0") if filters(x) and "page_number" in x.query else None),
    "filters hold on the first page only": asks((KEYS,), lambda x: [x.query.pop(name) for name in filters(x)] if x.number("page_number", 0) else None),
    "filters are applied to each page of the whole": filtered_after_paging,
    "what was listed for one customer is listed for the next": cached_by_status,
    "an unknown status lists everything": asks((KEYS,), lambda x: x.query.pop("status", None) if x.query.get("status") not in ("active", "expired", "disabled") else None),
    "a malformed query answers 404": instead(LISTS, lambda _, r: r.status == 422, 404, "NOT_FOUND"),
    "a page size of true is 1": asks(LISTS, lambda x: x.query.update(page_size="1") if x.query.get("page_size") == "true" else None),
    # one thing, seen from two sides
    "retrieve shows another expires_at than the list": tells((KEY,), lambda _, key: key.update(expires_at="2040-01-01T00:00:00Z") if key["expires_at"] else None),
    "retrieve shows a key as it was when first asked for": retrieve_is_stale,
    "an unknown id retrieves some other key": unknown_id_found,
    "an unknown id answers 400": instead((KEY, INSTANCE), lambda _, r: r.status == 404, 400),
    "an error has no code": instead((KEY, INSTANCE, ACTIVATE), lambda _, r: not r.ok and r.body.pop("code", None) is None, 400),
    "instances_count is a string": each(lambda _, key: key.update(instances_count=str(key["instances_count"]))),
    "created_at has no time zone": each(lambda _, key: key.update(created_at=key["created_at"][:19])),
    "customer_id is missing from listed keys": each(lambda _, key: key.pop("customer_id"), ops=(KEYS,)),
    "a status that no list knows": each(lambda _, key: key.update(status=key["status"].replace("disabled", "revoked"))),
    "the reply is declared to be text": instead((KEY,), lambda _, r: r.ok and r.headers.update({"content-type": "text/plain"}), 200),
    # the API key
    "no API key is asked for": lets_in(lambda _, given: not given),
    "any API key will do": lets_in(lambda _, given: given),
    "the beginning of an API key will do": lets_in(lambda x, given: given and x.api_key.startswith(given)),
    "an API key is the same in capitals": lets_in(lambda x, given: given.lower() == x.api_key.lower()),
    "only reading asks for an API key": lets_in(lambda _, __: True, ops=WRITES),
    "a missing API key answers 403": instead((KEYS, KEY, INSTANCES), lambda _, r: r.status == 401, 403),
    "the public operations ask for an API key": instead(PUBLIC, lambda x, _: "authorization" not in x.headers, 401, "UNAUTHORIZED"),
    "a read-only API key may write": lets_in(lambda _, given: "read_only" in given, ops=WRITES),
    # activations
    "an activation doesn't count": each(lambda _, key: key.update(instances_count=max(0, key["instances_count"] - 1))),
    "the limit of activations is not kept": limit_not_kept,
    "one activation more than the limit allows": one_more_than_the_limit,
    "a limit of 0 is none": zero_is_no_limit,
    "without a limit there are five activations": no_limit_is_five,
    "a disabled key can be activated": inactive_activates,
    "activating answers 200": instead((ACTIVATE,), lambda _, r: r.status == 201, 200),
    "the activation forgets its name": tells((ACTIVATE,), lambda _, body: body.update(name="instance")),
    "the activation names another product": tells((ACTIVATE,), lambda _, body: body["product"].update(product_id="pdt_0000000000000000000001")),
    "the activation names another customer": tells((ACTIVATE,), lambda _, body: body["customer"].update(customer_id="cus_0000000000000000000001")),
    "activating the same name again gives the same activation": same_name_same_activation,
    "a full key answers 403": instead((ACTIVATE,), lambda _, r: r.status == 422 and r.body["code"] == LIMIT, 403, LIMIT),
    "an inactive key answers 422": instead((ACTIVATE,), lambda _, r: r.status == 403, 422, "INACTIVE_LICENSE_KEY"),
    "two at once take the last activation": together(ACTIVATE, lambda x: x.given("license_key"), _mended),
    # validation
    "a disabled key is valid": validated(lambda x, key: True if key and key["status"] == "disabled" else None),
    "an expired key is valid": validated(lambda x, key: True if key and key["status"] == "expired" else None),
    "an active key is valid whatever the instance": validated(lambda x, key: True if key and key["status"] == "active" else None),
    "an active key is valid with an empty instance": validated(lambda x, key: True if key and key["status"] == "active" and x.body.get("license_key_instance_id") == "" else None),
    "a key without activations left is not valid": validated(lambda x, key: False if key and key["instances_count"] == key["activations_limit"] else None),
    "an unknown key is valid": validated(lambda x, key: True if not key else None),
    "no key is valid with an instance": validated(lambda x, key: False if x.body.get("license_key_instance_id") else None),
    "a license key is a pattern, as databases have them": license_keys_are_patterns,
    "validating an unknown key answers 404": instead((VALIDATE,), lambda _, r: r.ok and not r.body["valid"], 404, "LICENSE_KEY_NOT_FOUND"),
    "a key is valid for two hours after its expiry": expires_by_the_day,
    "a key expires an hour early": expires_an_hour_early,
    # deactivation
    "deactivating changes nothing": deactivation_is_void,
    "deactivating again is fine": deactivation_again,
    "another key's instance can be deactivated": deactivation_of_another,
    "deactivating lowers no count": count_stays,
    "deactivating an unknown instance answers 404": instead((DEACTIVATE,), lambda _, r: r.status == 403, 404, "NOT_FOUND"),
    "two at once give one activation back": together(DEACTIVATE, lambda x: x.given("license_key_instance_id"), _mended),
    # changes: left out, null, twice, together, at their edges, at once, of others
    "an update without expires_at removes it": asks((UPDATE,), lambda x: x.body.setdefault("expires_at", None) if x.body and isinstance(x.body, dict) else None),
    "an update without activations_limit removes it": asks((UPDATE,), lambda x: x.body.setdefault("activations_limit", None) if isinstance(x.body, dict) else None),
    "null leaves the limit as it is": asks((UPDATE,), lambda x: drop(x, "activations_limit") if isinstance(x.body, dict) and x.body.get("activations_limit", 0) is None else None),
    "null leaves the expiry as it is": asks((UPDATE,), lambda x: drop(x, "expires_at") if isinstance(x.body, dict) and x.body.get("expires_at", 0) is None else None),
    "the offset of expires_at is ignored": field("expires_at", lambda given: f"{given[:-6]}Z" if isinstance(given, str) and given[-6:-5] == "+" else given),
    "a limit below the current count is accepted": low_limit_accepted,
    "an update whose limit is refused is carried out in part": in_part((422,), "disabled"),
    "an update with a malformed field is carried out in part": in_part((400, 422), "disabled"),
    "with disabled, the limit is forgotten": asks((UPDATE,), lambda x: drop(x, "activations_limit") if x.given("disabled", bool) is not None else None),
    "with a limit, the expiry is forgotten": asks((UPDATE,), lambda x: drop(x, "expires_at") if isinstance(x.body, dict) and "activations_limit" in x.body else None),
    "an expiry on a subscription's key is accepted": subscription_expiry,
    "disabling deactivates every installation": disabling_deactivates,
    "disabling a disabled key enables it": toggles,
    "the same limit again is refused": same_again_refused,
    "a disabled key cannot be enabled again": asks((UPDATE,), lambda x: drop(x, "disabled") if isinstance(x.body, dict) and x.body.get("disabled") is False else None),
    "an expired key can be enabled": enabling_revives,
    "an update answers with the key as it was before": update_answers_old,
    "of two updates at once one undoes the other": read_change_write,
    "disabling a key disables the customer's newer ones": reaches_its_twins,
    "a limit of true is 1": taken_for("activations_limit", True, 1),
    "a limit of 1.5 is 1": taken_for("activations_limit", 1.5, 1),
    "disabled: 1 is true": taken_for("disabled", 1, True),
    "disabled: yes is true": taken_for("disabled", "yes", True),
    "an empty expiry is none": taken_for("expires_at", "", None),
    "a limit is cut to a million": field("activations_limit", lambda given: min(given, 10**6) if isinstance(given, int) and not isinstance(given, bool) else given),
    # names
    "renaming doesn't last": renaming_does_not_last,
    "renaming one renames all": renames_all,
    "names lose what is not ASCII": asks((ACTIVATE, RENAME), ascii_only),
    "names are cut to 100 characters": cut(("name",), 100),
    "names lose their percent signs": asks((ACTIVATE, RENAME), lambda x: x.body.update(name=x.body["name"].replace("%", "") or "x") if x.given("name") else None),
    "renaming needs no name": asks((RENAME,), lambda x: x.body.update(name="instance") if x.body == {} else None),
    "a name of 5 is taken for text": asks((ACTIVATE, RENAME), lambda x: x.body.update(name="5") if x.given("name", int) == 5 else None),
    "renaming to an empty name is forgotten": asks((RENAME,), lambda x: x.body.update(name="third") if x.given("name") == "" else None),
    "the same name again is a conflict": instead((RENAME,), twice, 409, "CONFLICT"),
    # importing
    "the same key can be imported twice": imported_again,
    "the same key can be imported for another customer": imported_for_two,
    "two at once import one key": together(CREATE, lambda x: x.given("key"), _mended),
    "an imported key loses its limit": field("activations_limit", lambda given: None if given else given, ops=(CREATE,)),
    "an imported key's expiry is cut to the day": field("expires_at", lambda given: given[:10] + "T00:00:00Z" if isinstance(given, str) and len(given) > 15 else given, ops=(CREATE,)),
    "an imported key has the source manual": each(lambda _, key: key.update(source=key["source"].replace("import", "manual"))),
    "an imported key is written in capitals": asks((CREATE, ACTIVATE, VALIDATE, DEACTIVATE), lambda x: [x.body.update({name: x.body[name].upper()}) for name in ("key", "license_key") if x.given(name)]),
    "an imported key is listed as it was then": list_is_stale,
    "an imported key is not listed": lost_import,
    "an empty key can be imported": asks((CREATE,), lambda x: x.body.update(key=f"CONTRACT-TEST-empty-{random.random()}") if x.given("key") == "" else None),
    "any customer will do for an import": any_customer,
    # grants
    "page_number is ignored for grants": without("page_number", ops=GRANTS),
    "the filter status is ignored for grants": without("status", ops=GRANTS),
    "a grant shows another limit than its license key": every_grant(lambda g: g["license_key"] and g["license_key"].update(activations_limit=77)),
    "a grant shows the license key of another customer": every_grant(lambda g: g.update(customer_id="cus_0000000000000000000001")),
    "a customer's grants are none": tells(GRANTS[1:], lambda _, body: {"items": []}),
    "revoking a grant changes nothing": revoking_is_void,
    "revoking again is a conflict": instead((REVOKE,), lambda x, r: (r.ok and x.memory.setdefault(x.path, []).append(1)) or len(x.memory.get(x.path, [])) > 1, 409, "CONFLICT"),
    "a grant can be fulfilled again": instead((FULFILL,), lambda _, r: r.status == 409 and "FULFILLED" in r.body["code"], 200),
    "fulfilling forgets the limit": asks((FULFILL,), lambda x: drop(x, "activations_limit")),
}
