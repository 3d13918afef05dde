"""Ways in which a server can be wrong, one each. `make drift` shows what catches them.

A drift gets an Exchange and gives a Reply back. Whatever it doesn't change is what the faithful mock does.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from proxy import Reply, refusal

KEYS, KEY = "GET /license_keys", "GET /license_keys/{id}"
CREATE, UPDATE = "POST /license_keys", "PATCH /license_keys/{id}"
INSTANCES, INSTANCE = "GET /license_key_instances", "GET /license_key_instances/{id}"
RENAME = "PATCH /license_key_instances/{id}"
ACTIVATE, VALIDATE = "POST /licenses/activate", "POST /licenses/validate"
DEACTIVATE = "POST /licenses/deactivate"
LISTS = (KEYS, INSTANCES)
ONE_KEY = (KEY, CREATE, UPDATE)
PUBLIC = (ACTIVATE, VALIDATE, DEACTIVATE)

BUGS = {}


def drift(sentence):
    def register(change):
        BUGS[sentence] = change
        return change

    return register


async def faithful(x):
    return await x.send()


def number(x, name, default):
    """A number of the query, or None where it is none."""
    value = x.query.get(name, str(default))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None


def keys_in(x, reply):
    """Every license key in a reply."""
    if not reply.ok or not isinstance(reply.body, dict):
        return []
    if x.op == KEYS:
        return reply.body["items"]
    return [reply.body] if x.op in ONE_KEY else []


def without(*names):
    """A drift that validates parameters of the query, and then ignores them."""

    async def change(x):
        reply = await x.send()
        if x.op in LISTS and reply.ok and any(name in x.query for name in names):
            x.query = {name: value for name, value in x.query.items() if name not in names}
            return await x.send()
        return reply

    return change


async def whole(x, **query):
    """All items of a listing."""
    found, path = [], x.path
    while True:
        reply = await x.ask("GET", path, page_size=100, page_number=len(found) // 100, **query)
        found += reply.body["items"]
        if len(reply.body["items"]) < 100:
            return found


# --- pages -------------------------------------------------------------------------------------------

drift("page_number is ignored")(without("page_number"))
drift("page_size is ignored")(without("page_size"))


@drift("page_number is ignored for instances alone")
async def instances_ignore_page_number(x):
    return await (without("page_number")(x) if x.op == INSTANCES else x.send())


@drift("pages are counted from 1, and page 0 is page 1")
async def pages_from_one(x):
    at = number(x, "page_number", 0)
    if x.op in LISTS and at:
        x.query["page_number"] = str(at - 1)
    return await x.send()


@drift("the first page is page 1 of the documented count")
async def pages_off_by_one(x):
    at = number(x, "page_number", 0)
    if x.op in LISTS and at is not None:
        x.query["page_number"] = str(at + 1)
    return await x.send()


@drift("page 1 is skipped: page 0, then page 2")
async def page_one_is_skipped(x):
    at = number(x, "page_number", 0)
    if x.op in LISTS and at:
        x.query["page_number"] = str(at + 1)
    return await x.send()


@drift("the default page is page 1")
async def default_page_one(x):
    if x.op in LISTS:
        x.query.setdefault("page_number", "1")
    return await x.send()


@drift("the default page size is 20")
async def default_size_twenty(x):
    if x.op in LISTS:
        x.query.setdefault("page_size", "20")
    return await x.send()


@drift("pages of more than 50 are served as 50")
async def pages_of_fifty(x):
    size = number(x, "page_size", 10)
    if x.op in LISTS and size and 50 < size <= 100:
        x.query["page_size"] = "50"
    return await x.send()


@drift("a page size of 100 is refused")
async def no_hundred(x):
    if x.op in LISTS and number(x, "page_size", 10) == 100:
        return refusal(422, "INVALID_QUERY_PARAMS")
    return await x.send()


@drift("a page of 101 is served")
async def size_beyond_the_maximum(x):
    size = number(x, "page_size", 10)
    if x.op == KEYS and size is not None and 100 < size < 1000:
        x.query["page_size"] = "100"
    return await x.send()


@drift("a page holds one item too many")
async def one_too_many(x):
    size, at = number(x, "page_size", 10), number(x, "page_number", 0)
    reply = await x.send()
    if x.op == KEYS and reply.ok and size and at is not None and len(reply.body["items"]) == size:
        rest = {name: value for name, value in x.query.items() if name not in ("page_size", "page_number")}
        following = await x.ask("GET", x.path, **rest, page_size=size, page_number=at + 1)
        reply.body["items"] += following.body["items"][:1]
    return reply


@drift("each full page lacks its last item")
async def last_of_page_lost(x):
    reply = await x.send()
    if x.op in LISTS and reply.ok and len(reply.body["items"]) == number(x, "page_size", 10) > 1:
        reply.body["items"].pop()
    return reply


@drift("each page after the first begins with the last item of the one before")
async def pages_overlap(x):
    size, at = number(x, "page_size", 10), number(x, "page_number", 0)
    reply = await x.send()
    if x.op == KEYS and reply.ok and at and size and reply.body["items"]:
        rest = {name: value for name, value in x.query.items() if name not in ("page_size", "page_number")}
        before = await x.ask("GET", x.path, **rest, page_size=size, page_number=at - 1)
        reply.body["items"] = [*before.body["items"][-1:], *reply.body["items"][: size - 1]]
    return reply


@drift("past the end the last page comes again")
async def last_page_repeats(x):
    reply = await x.send()
    if x.op in LISTS and reply.ok and not reply.body["items"] and len(x.query) <= 2:
        items = await whole(x)
        size = number(x, "page_size", 10) or 1
        reply.body["items"] = items[(len(items) - 1) // size * size :]
    return reply


@drift("past the end there is a 404")
async def past_the_end_not_found(x):
    reply = await x.send()
    if x.op in LISTS and reply.ok and not reply.body["items"] and number(x, "page_number", 0):
        return refusal(404, "NOT_FOUND")
    return reply


@drift("the order of a page changes from request to request")
async def order_is_not_stable(x):
    reply = await x.send()
    if x.op == KEYS and reply.ok:
        random.shuffle(reply.body["items"])
    return reply


@drift("pages of 10 are served from a sequence in another order")
async def order_depends_on_size(x):
    size, at = number(x, "page_size", 10), number(x, "page_number", 0)
    reply = await x.send()
    if x.op == KEYS and reply.ok and size == 10 and set(x.query) <= {"page_size", "page_number"}:
        items = sorted(await whole(x), key=lambda item: item["id"])
        reply.body = {"items": items[at * 10 : at * 10 + 10]}
    return reply


# --- filters -----------------------------------------------------------------------------------------

for _name in ("customer_id", "product_id", "status", "source", "created_at_gte", "created_at_lte"):
    drift(f"the filter {_name} is ignored")(without(_name))
drift("the filter license_key_id is ignored")(without("license_key_id"))
drift("the filter grant_id is ignored")(without("grant_id"))


@drift("created_at_gte is exclusive")
async def gte_exclusive(x):
    reply = await x.send()
    if x.op == KEYS and reply.ok and "created_at_gte" in x.query:
        at = datetime.fromisoformat(x.query["created_at_gte"])
        reply.body["items"] = [i for i in reply.body["items"] if datetime.fromisoformat(i["created_at"]) > at]
    return reply


@drift("created_at_lte is exclusive")
async def lte_exclusive(x):
    reply = await x.send()
    if x.op == KEYS and reply.ok and "created_at_lte" in x.query:
        at = datetime.fromisoformat(x.query["created_at_lte"])
        reply.body["items"] = [i for i in reply.body["items"] if datetime.fromisoformat(i["created_at"]) < at]
    return reply


@drift("the time zone of created_at_gte is ignored")
async def time_zone_ignored(x):
    if x.op == KEYS and "created_at_gte" in x.query:
        try:
            at = datetime.fromisoformat(x.query["created_at_gte"])
        except ValueError:
            return await x.send()
        x.query["created_at_gte"] = at.replace(tzinfo=None).isoformat() + "Z"
    return await x.send()


@drift("created_at_gte counts whole days")
async def days_only(x):
    if x.op == KEYS and "created_at_gte" in x.query:
        try:
            at = datetime.fromisoformat(x.query["created_at_gte"])
        except ValueError:
            return await x.send()
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        x.query["created_at_gte"] = (day if day.tzinfo else at).isoformat()
    return await x.send()


@drift("status=expired lists the disabled ones, too")
async def expired_or_disabled(x):
    if x.op == KEYS and x.query.get("status") == "expired":
        x.query.pop("status")
        reply = await x.send()
        if reply.ok:
            reply.body["items"] = [i for i in reply.body["items"] if i["status"] != "active"]
        return reply
    return await x.send()


@drift("of several filters only the first counts")
async def first_filter_only(x):
    filters = [name for name in x.query if not name.startswith("page_")]
    if x.op == KEYS:
        for name in filters[1:]:
            del x.query[name]
    return await x.send()


@drift("customer_id matches the beginning of an id")
async def prefix_match(x):
    asked, reply = x.query.get("customer_id"), await x.send()
    if x.op == KEYS and asked is not None and reply.ok:
        items = [item for item in await whole(x) if item["customer_id"].startswith(asked)]
        size, at = number(x, "page_size", 10), number(x, "page_number", 0)
        if size and at is not None and size <= 100:
            page = items[at * size : at * size + size]
            return Reply(200, {"items": page}, reply.headers)
    return reply


@drift("customer_id matches in upper and lower case")
async def case_is_ignored(x):
    asked = x.query.get("customer_id")
    if x.op == KEYS and asked is not None:
        alike = [
            item["customer_id"]
            for item in await whole(_listing(x))
            if item["customer_id"].lower() == asked.lower()
        ]
        x.query["customer_id"] = alike[0] if alike else asked
    return await x.send()


@drift("with a filter page_number is ignored")
async def filtered_pages_repeat(x):
    if x.op in LISTS and number(x, "page_number", 0) and set(x.query) - {"page_size", "page_number"}:
        x.query["page_number"] = "0"
    return await x.send()


@drift("filters hold on the first page only")
async def filters_on_first_page(x):
    if x.op == KEYS and number(x, "page_number", 0):
        x.query = {name: value for name, value in x.query.items() if name.startswith("page_")}
    return await x.send()


@drift("filters are applied to each page of the whole")
async def filtered_after_paging(x):
    status = x.query.get("status")
    if x.op == KEYS and status in ("active", "expired", "disabled"):
        x.query.pop("status")
        reply = await x.send()
        if reply.ok:
            reply.body["items"] = [item for item in reply.body["items"] if item["status"] == status]
        return reply
    return await x.send()


@drift("an unknown status lists everything")
async def unknown_status_ignored(x):
    if x.op == KEYS and x.query.get("status") not in (None, "active", "expired", "disabled"):
        x.query.pop("status")
    return await x.send()


@drift("a malformed query answers 400")
async def malformed_query_is_400(x):
    reply = await x.send()
    if x.op in LISTS and reply.status == 422:
        reply.status = 400
    return reply


# --- one thing, seen from two sides --------------------------------------------------------------------


@drift("retrieve shows another expires_at than the list")
async def other_expiry(x):
    reply = await x.send()
    if x.op == KEY and reply.ok and reply.body.get("expires_at"):
        at = datetime.fromisoformat(reply.body["expires_at"]) + timedelta(days=1)
        reply.body["expires_at"] = at.isoformat()
    return reply


@drift("retrieve shows a key as it was when first asked for")
async def retrieve_is_stale(x):
    reply = await x.send()
    return x.memory.setdefault(x.path, reply) if x.op == KEY and reply.ok else reply


@drift("an unknown id retrieves some other key")
async def unknown_id_found(x):
    reply = await x.send()
    if x.op == KEY and reply.status == 404:
        return Reply(200, (await whole(_listing(x)))[0], reply.headers)
    return reply


def _listing(x):
    x.path = "/license_keys"
    return x


@drift("an unknown id answers 400")
async def unknown_id_bad_request(x):
    reply = await x.send()
    return refusal(400, "BAD_REQUEST") if x.op in (KEY, INSTANCE) and reply.status == 404 else reply


@drift("an error has no code")
async def error_without_code(x):
    reply = await x.send()
    if not reply.ok and isinstance(reply.body, dict):
        reply.body = {"error": reply.body.get("message")}
    return reply


@drift("an unknown license key has the code NOT_FOUND")
async def other_code(x):
    reply = await x.send()
    if isinstance(reply.body, dict) and reply.body.get("code") == "LICENSE_KEY_NOT_FOUND":
        reply.body["code"] = "NOT_FOUND"
    return reply


@drift("instances_count is a string")
async def count_is_text(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        key["instances_count"] = str(key["instances_count"])
    return reply


@drift("created_at has no time zone")
async def naive_created_at(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        key["created_at"] = key["created_at"].removesuffix("Z").removesuffix("+00:00")
    return reply


@drift("customer_id is missing from listed keys")
async def customer_missing(x):
    reply = await x.send()
    for key in keys_in(x, reply) if x.op == KEYS else []:
        del key["customer_id"]
    return reply


@drift("a status that no list knows")
async def new_status(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        key["status"] = {"disabled": "revoked"}.get(key["status"], key["status"])
    return reply


@drift("the reply is declared to be text")
async def text_plain(x):
    reply = await x.send()
    if x.op == KEY and reply.ok:
        reply.headers["content-type"] = "text/plain"
    return reply


# --- the API key ---------------------------------------------------------------------------------------


@drift("no API key is asked for")
async def no_key_needed(x):
    x.headers["authorization"] = f"Bearer {x.api_key}"
    return await x.send()


@drift("any API key will do")
async def any_key(x):
    if "authorization" in x.headers:
        x.headers["authorization"] = f"Bearer {x.api_key}"
    return await x.send()


@drift("the beginning of an API key will do")
async def shorter_key(x):
    given = x.headers.get("authorization", "").removeprefix("Bearer ")
    if given and x.api_key.startswith(given):
        x.headers["authorization"] = f"Bearer {x.api_key}"
    return await x.send()


@drift("only reading asks for an API key")
async def writing_needs_no_key(x):
    if x.op in (UPDATE, RENAME, CREATE):
        x.headers["authorization"] = f"Bearer {x.api_key}"
    return await x.send()


@drift("a missing API key answers 403")
async def missing_key_is_403(x):
    reply = await x.send()
    return refusal(403, "FORBIDDEN") if reply.status == 401 else reply


@drift("the public operations ask for an API key")
async def public_asks_for_key(x):
    if x.op in PUBLIC and "authorization" not in x.headers:
        return refusal(401, "UNAUTHORIZED")
    return await x.send()


@drift("a read-only API key may write")
async def reader_writes(x):
    if x.op in (UPDATE, RENAME, CREATE) and "read_only" in x.headers.get("authorization", ""):
        x.headers["authorization"] = f"Bearer {x.api_key}"
    return await x.send()


# --- the life of a key -----------------------------------------------------------------------------------


@drift("an activation doesn't count")
async def activation_does_not_count(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        key["instances_count"] = max(0, key["instances_count"] - 1)
    return reply


@drift("the limit of activations is not kept")
async def limit_not_kept(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.status == 422 and reply.body.get("code") == "LICENSE_KEY_LIMIT_REACHED":
        key = await _key_with(x, x.body["license_key"])
        x.memory[key["id"]] = x.memory.get(key["id"], key["activations_limit"])
        await x.ask("PATCH", f"/license_keys/{key['id']}", {"activations_limit": None})
        return await x.send()
    for key in keys_in(x, reply):
        key["activations_limit"] = x.memory.get(key["id"], key.get("activations_limit"))
    return reply


@drift("one activation more than the limit allows")
async def one_more_than_the_limit(x):
    if x.op == CREATE and isinstance(x.body, dict) and isinstance(x.body.get("activations_limit"), int):
        x.body["activations_limit"] += 1
    reply = await x.send()
    if x.op == CREATE and reply.ok and reply.body.get("activations_limit") is not None:
        x.memory[reply.body["id"]] = True
    for key in keys_in(x, reply):
        if key["id"] in x.memory and key.get("activations_limit"):
            key["activations_limit"] -= 1
    return reply


@drift("a limit of 0 is none")
async def zero_is_no_limit(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.status == 422 and reply.body.get("code") == "LICENSE_KEY_LIMIT_REACHED":
        key = await _key_with(x, x.body["license_key"])
        if key["activations_limit"] == 0:
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"activations_limit": None})
            return await x.send()
    return reply


@drift("without a limit there are five activations")
async def no_limit_is_five(x):
    if x.op == ACTIVATE and isinstance(x.body, dict) and isinstance(x.body.get("license_key"), str):
        for key in await whole(_listing(x)):
            same = key["key"] == x.body["license_key"] and key["status"] == "active"
            if same and key["activations_limit"] is None and key["instances_count"] >= 5:
                return refusal(422, "LICENSE_KEY_LIMIT_REACHED")
    return await x.send()


async def _key_with(x, text):
    return next(key for key in await whole(_listing(x)) if key["key"] == text)


def _validates(status):
    async def change(x):
        reply = await x.send()
        if x.op == VALIDATE and reply.ok and reply.body["valid"] is False:
            found = [key for key in await whole(_listing(x)) if key["key"] == x.body["license_key"]]
            if found and found[0]["status"] == status:
                reply.body["valid"] = True
        return reply

    return change


drift("a disabled key is valid")(_validates("disabled"))
drift("an expired key is valid")(_validates("expired"))
drift("an active key is valid whatever the instance")(_validates("active"))


@drift("a key without activations left is not valid")
async def full_is_not_valid(x):
    reply = await x.send()
    if x.op == VALIDATE and reply.ok and reply.body["valid"] and not x.body.get("license_key_instance_id"):
        key = await _key_with(x, x.body["license_key"])
        reply.body["valid"] = key["instances_count"] != key["activations_limit"]
    return reply


@drift("an unknown key is valid")
async def unknown_is_valid(x):
    reply = await x.send()
    if (
        x.op == VALIDATE
        and reply.ok
        and x.body["license_key"] not in {k["key"] for k in await whole(_listing(x))}
    ):
        reply.body["valid"] = True
    return reply


@drift("validating an unknown key answers 404")
async def unknown_validates_404(x):
    reply = await x.send()
    if (
        x.op == VALIDATE
        and reply.ok
        and x.body["license_key"] not in {k["key"] for k in await whole(_listing(x))}
    ):
        return refusal(404, "LICENSE_KEY_NOT_FOUND")
    return reply


@drift("no key is valid with an instance")
async def instance_is_never_valid(x):
    reply = await x.send()
    if x.op == VALIDATE and reply.ok and x.body.get("license_key_instance_id"):
        reply.body["valid"] = False
    return reply


@drift("a disabled key can be activated")
async def disabled_activates(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.status == 403:
        key = await _key_with(x, x.body["license_key"])
        if key["status"] == "disabled":
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"disabled": False})
            reply = await x.send()
            await x.ask("PATCH", f"/license_keys/{key['id']}", {"disabled": True})
    return reply


@drift("activating answers 200")
async def activate_is_200(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.status == 201:
        reply.status = 200
    return reply


@drift("the activation forgets its name")
async def name_forgotten(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.ok:
        reply.body["name"] = "instance"
    return reply


@drift("the activation names another product")
async def other_product(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.ok:
        reply.body["product"]["product_id"] = "pdt_0000000000000000000001"
    return reply


@drift("activating the same name again gives the same activation")
async def same_name_same_activation(x):
    if x.op == ACTIVATE and isinstance(x.body, dict):
        seat = (str(x.body.get("license_key")), "one")
        if seat in x.memory:
            return x.memory[seat]
        reply = await x.send()
        if reply.ok:
            x.memory[seat] = reply
        return reply
    return await x.send()


@drift("deactivating changes nothing")
async def deactivation_is_void(x):
    if x.op == DEACTIVATE and isinstance(x.body, dict):
        found = await x.ask("GET", f"/license_key_instances/{x.body.get('license_key_instance_id')}")
        if found.ok:
            return Reply(200, b"")
    return await x.send()


@drift("deactivating again is fine")
async def deactivation_twice(x):
    reply = await x.send()
    if x.op == DEACTIVATE:
        seat = str(x.body)
        if reply.ok:
            x.memory[seat] = True
        elif reply.status == 403 and seat in x.memory:
            return Reply(200, b"")
    return reply


@drift("another key's instance can be deactivated")
async def deactivation_of_another(x):
    reply = await x.send()
    if x.op == DEACTIVATE and reply.status == 403:
        found = await x.ask("GET", f"/license_key_instances/{x.body['license_key_instance_id']}")
        if found.ok:
            key = await x.ask("GET", f"/license_keys/{found.body['license_key_id']}")
            x.body["license_key"] = key.body["key"]
            return await x.send()
    return reply


@drift("deactivating lowers no count")
async def count_stays(x):
    reply = await x.send()
    if x.op == ACTIVATE and reply.ok:
        name = reply.body["license_key_id"]
        x.memory[name] = x.memory.get(name, 0) + 1
    for key in keys_in(x, reply):
        key["instances_count"] = max(key["instances_count"], x.memory.get(key["id"], 0))
    return reply


@drift("deactivating an unknown instance answers 404")
async def unknown_instance_404(x):
    reply = await x.send()
    return refusal(404, "NOT_FOUND") if x.op == DEACTIVATE and reply.status == 403 else reply


# --- changes ---------------------------------------------------------------------------------------------


@drift("an update without expires_at removes it")
async def omitted_expiry_removed(x):
    if x.op == UPDATE and isinstance(x.body, dict) and x.body:
        x.body.setdefault("expires_at", None)
    return await x.send()


@drift("an update without activations_limit removes it")
async def omitted_limit_removed(x):
    if x.op == UPDATE and isinstance(x.body, dict):
        x.body.setdefault("activations_limit", None)
    return await x.send()


@drift("null leaves the limit as it is")
async def null_limit_ignored(x):
    if x.op == UPDATE and isinstance(x.body, dict) and x.body.get("activations_limit", 0) is None:
        del x.body["activations_limit"]
    return await x.send()


@drift("the offset of expires_at is ignored")
async def expiry_s_offset_ignored(x):
    if x.op in (CREATE, UPDATE) and isinstance(x.body, dict) and isinstance(x.body.get("expires_at"), str):
        given = x.body["expires_at"]
        x.body["expires_at"] = f"{given[:-6]}Z" if given[-6:-5] in ("+", "-") else given
    return await x.send()


@drift("null leaves the expiry as it is")
async def null_expiry_ignored(x):
    if x.op == UPDATE and isinstance(x.body, dict) and x.body.get("expires_at", 0) is None:
        del x.body["expires_at"]
    return await x.send()


@drift("a limit below the current count is accepted")
async def low_limit_accepted(x):
    reply = await x.send()
    if x.op == UPDATE and reply.status == 422 and reply.body["code"].startswith("ACTIVATION_LIMIT_LESS"):
        x.body.pop("activations_limit")
        return await x.send()
    return reply


@drift("an update that is refused is carried out in part")
async def partly_carried_out(x):
    reply = await x.send()
    if x.op == UPDATE and reply.status == 422 and isinstance(x.body, dict) and "disabled" in x.body:
        await x.ask("PATCH", x.path, {"disabled": x.body["disabled"]})
    return reply


@drift("an expiry on a subscription's key is accepted")
async def subscription_expiry(x):
    reply = await x.send()
    if x.op == UPDATE and reply.status == 400 and reply.body["code"].startswith("NO_EXPIRY"):
        return await x.ask("GET", x.path)
    return reply


@drift("disabling deactivates every installation")
async def disabling_deactivates(x):
    reply = await x.send()
    if x.op == UPDATE and reply.ok and reply.body["status"] == "disabled":
        found = await x.ask("GET", "/license_key_instances", license_key_id=x.id, page_size=100)
        for instance in found.body["items"]:
            body = {"license_key": reply.body["key"], "license_key_instance_id": instance["id"]}
            await x.ask("POST", "/licenses/deactivate", body)
    return reply


@drift("a disabled key cannot be enabled again")
async def no_enabling(x):
    if x.op == UPDATE and isinstance(x.body, dict) and x.body.get("disabled") is False:
        del x.body["disabled"]
    return await x.send()


@drift("an expired key can be enabled")
async def enabling_revives(x):
    reply, revived = await x.send(), x.memory.setdefault("revived", set())
    if x.op == UPDATE and reply.ok and isinstance(x.body, dict):
        was_enabled = x.body.get("disabled") is False and reply.body["status"] == "expired"
        (revived.add if was_enabled else revived.discard)(x.id)
    for key in keys_in(x, reply):
        key["status"] = "active" if key["id"] in revived else key["status"]
    return reply


@drift("an update answers with the key as it was before")
async def update_answers_old(x):
    before = await x.ask("GET", x.path) if x.op == UPDATE else None
    reply = await x.send()
    return before if before is not None and reply.ok else reply


@drift("renaming an instance doesn't last")
async def renaming_does_not_last(x):
    if x.op == RENAME and isinstance(x.body, dict) and isinstance(x.body.get("name"), str):
        reply = await x.ask("GET", x.path)
        if reply.ok and x.headers.get("authorization") == f"Bearer {x.api_key}":
            return Reply(200, {**reply.body, "name": x.body["name"]}, reply.headers)
    return await x.send()


@drift("names lose what is not ASCII")
async def names_in_ascii(x):
    if x.op in (ACTIVATE, RENAME) and isinstance(x.body, dict) and isinstance(x.body.get("name"), str):
        x.body["name"] = x.body["name"].encode("ascii", "replace").decode()
    return await x.send()


@drift("renaming needs no name")
async def renaming_without_name(x):
    if x.op == RENAME and x.body == {}:
        x.body = {"name": "instance"}
    return await x.send()


# --- importing -------------------------------------------------------------------------------------------


@drift("the same key can be imported twice")
async def imported_twice(x):
    reply = await x.send()
    if x.op == CREATE and reply.status == 409:
        return Reply(201, await _key_with(x, x.body["key"]), reply.headers)
    return reply


@drift("an imported key loses its limit")
async def import_without_limit(x):
    if x.op == CREATE and isinstance(x.body, dict) and isinstance(x.body.get("activations_limit"), int):
        x.body["activations_limit"] = None
    return await x.send()


@drift("an imported key's expiry is cut to the day")
async def import_expiry_cut(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        if key.get("expires_at") and key.get("source") == "import":
            key["expires_at"] = key["expires_at"][:10] + "T00:00:00Z"
    return reply


@drift("an imported key has the source manual")
async def import_is_manual(x):
    reply = await x.send()
    for key in keys_in(x, reply):
        key["source"] = key["source"].replace("import", "manual")
    return reply


@drift("an imported key is written in capitals")
async def imported_in_capitals(x):
    for name in ("key", "license_key"):
        if isinstance(x.body, dict) and isinstance(x.body.get(name), str):
            x.body[name] = x.body[name].upper()
    return await x.send()


@drift("an imported key is listed as it was then")
async def list_is_stale(x):
    reply = await x.send()
    if x.op == CREATE and reply.ok:
        x.memory[reply.body["id"]] = dict(reply.body)
    if x.op == KEYS and reply.ok:
        reply.body["items"] = [x.memory.get(key["id"], key) for key in reply.body["items"]]
    return reply


@drift("an imported key is not listed")
async def import_not_listed(x):
    reply = await x.send()
    if x.op == CREATE and reply.ok:
        x.memory[reply.body["id"]] = True
    if x.op == KEYS and reply.ok:
        reply.body["items"] = [item for item in reply.body["items"] if item["id"] not in x.memory]
    return reply


@drift("any customer will do for an import")
async def any_customer(x):
    if x.op == CREATE and isinstance(x.body, dict) and isinstance(x.body.get("customer_id"), str):
        first = await x.ask("GET", "/license_keys", page_size=1)
        x.body["customer_id"] = first.body["items"][0]["customer_id"]
    return await x.send()
