"""The rules beyond the schema, each under the sentence of the documentation that it comes from.

A rule asks the server and raises Disagreement, or NoData where there is nothing to judge. Those that write do so
only to keys that they import themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from talk import Disagreement, NoData

KEYS, KEY = "GET /license_keys", "GET /license_keys/{id}"
CREATE, UPDATE = "POST /license_keys", "PATCH /license_keys/{id}"
INSTANCES, INSTANCE = "GET /license_key_instances", "GET /license_key_instances/{id}"
RENAME = "PATCH /license_key_instances/{id}"
ACTIVATE, VALIDATE = "POST /licenses/activate", "POST /licenses/validate"
DEACTIVATE = "POST /licenses/deactivate"
MERCHANT = (KEYS, CREATE, KEY, UPDATE, INSTANCES, INSTANCE, RENAME)
LISTS = (KEYS, INSTANCES)
FILTERS = ("customer_id", "product_id", "status", "source")
EAST = timezone(timedelta(hours=5, minutes=30))
NO_KEY_LIKE_IT = "CONTRACT-NO-SUCH-KEY"


@dataclass(frozen=True)
class Rule:
    """A rule: its name, the sentence it comes from, what it does, and whether it writes."""

    name: str
    says: str
    judge: object
    writes: bool


RULES = []


def rule(says, *, writes=False):
    def register(judge):
        RULES.append(Rule(judge.__name__, says, judge, writes))
        return judge

    return register


def ids(items):
    return [item["id"] for item in items]


def moment(text):
    return datetime.fromisoformat(text)


def must_be(found, wanted, says, request):
    """Two sequences of ids are to be the same; show where they part."""
    if found != wanted:
        at = next((n for n, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), None)
        at = min(len(found), len(wanted)) if at is None else at
        came = f"{len(found)} items instead of {len(wanted)}, different from item {at}: {found[at : at + 3]}"
        raise Disagreement(says, request, came)


# --- pages -------------------------------------------------------------------------------------------


@rule("page_size … default 10; page_number … default 0: the first page is page 0")
def defaults_of_a_page(server):
    for operation in LISTS:
        server.keys  # noqa: B018 - there is something to list
        bare = server.ask(operation, expect=200)
        said = server.page(operation, page_size=10, page_number=0)
        must_be(ids(bare["items"]), ids(said), "the default page is page 0 with 10 items", bare.request)
        only_size = server.ask(operation, params={"page_size": 3}, expect=200)
        said = server.page(operation, page_size=3, page_number=0)
        must_be(ids(only_size["items"]), ids(said), "the default page is page 0", only_size.request)
        only_number = server.ask(operation, params={"page_number": 1}, expect=200)
        said = server.page(operation, page_size=10, page_number=1)
        must_be(ids(only_number["items"]), ids(said), "the default page size is 10", only_number.request)


@rule("page_size int32, maximum 100: no page holds more than its size, and all but the last hold as many")
def size_of_a_page(server):
    for operation, items in ((KEYS, server.keys), (INSTANCES, server.instances)):
        for size in (1, 2, 9, 50, 99, 100):
            answer = server.ask(operation, params={"page_size": size, "page_number": 0}, expect=200)
            wanted = min(size, len(items))
            answer.must(len(answer["items"]) == wanted, f"a first page of size {size} holds {wanted} items")


@rule("pages of any size are slices of one sequence: nothing is lost, repeated or reordered at their borders")
def pages_are_slices(server):
    for operation, items in ((KEYS, server.keys), (INSTANCES, server.instances)):
        must_be(sorted(set(ids(items))), sorted(ids(items)), "no item is on two pages", operation)
        for size in (1, 3, 7, 10, 33, 64, 100):
            last = (len(items) - 1) // size
            numbers = {0, 1, 2, last} | {server.random.randint(0, last) for _ in range(3)}
            for number in sorted(n for n in numbers if n <= last):
                params = {"page_size": size, "page_number": number}
                answer = server.ask(operation, params=params, expect=200)
                wanted = ids(items[number * size : (number + 1) * size])
                must_be(
                    ids(answer["items"]), wanted, f"page {number} of size {size} is a slice", answer.request
                )


@rule("a page past the end is empty")
def page_past_the_end(server):
    for operation, items in ((KEYS, server.keys), (INSTANCES, server.instances)):
        if not server.whole:
            continue
        for size, beyond in ((10, 0), (10, 1), (100, 0), (100, 1000)):
            number = -(-len(items) // size) + beyond
            answer = server.ask(operation, params={"page_size": size, "page_number": number}, expect=200)
            answer.must(answer["items"] == [], "a page past the end is empty")


@rule("the same page asked for twice, with nothing changed between, is the same page")
def pages_are_repeatable(server):
    for operation in LISTS:
        answers = [server.ask(operation, params={"page_size": 50}, expect=200) for _ in range(2)]
        must_be(ids(answers[1]["items"]), ids(answers[0]["items"]), "the order stands", answers[1].request)


# --- filters -----------------------------------------------------------------------------------------


def satisfies(item, params):
    """Whether an item satisfies every filter, by what the item itself says."""
    for name, value in params.items():
        if name == "created_at_gte":
            if moment(item["created_at"]) < moment(value):
                return False
        elif name == "created_at_lte":
            if moment(item["created_at"]) > moment(value):
                return False
        elif item.get(name) != value:
            return False
    return True


def judge_filter(server, operation, items, params):
    """A filtered listing holds just those items that satisfy the filters, in the order of the whole."""
    found, _ = server.read_all(operation, **params)
    shown = server.ask(operation, params={"page_size": 100, "page_number": 0, **params}, expect=200)
    for item in found:
        shown.must(satisfies(item, params), f"every item satisfies {params}, and {item['id']} does not")
    if server.whole:
        wanted = [item for item in items if satisfies(item, params)]
        must_be(ids(found), ids(wanted), f"all that satisfy {params} are listed", shown.request)


def most_frequent(items, name):
    """The value of a filter that most items satisfy: several pages of them, if there are. None if there is none."""
    found = Counter(item[name] for item in items if item.get(name) is not None).most_common(1)
    return found[0][0] if found else None


def values_of(server, name, count):
    found = sorted({key[name] for key in server.keys if key.get(name) is not None})
    return server.sample(found, count)


@rule("customer_id, product_id exact match")
def filter_by_customer_and_product(server):
    for name in ("customer_id", "product_id"):
        for value in values_of(server, name, 3):
            judge_filter(server, KEYS, server.keys, {name: value})
            for other in (value[:-1], value.swapcase()):
                like_it = server.ask(KEYS, params={name: other}, expect=200)
                like_it.must(like_it["items"] == [], f"{name} matches as a whole, and as it is written")


@rule("status one of active, expired, disabled")
def filter_by_status(server):
    for value in ("active", "expired", "disabled"):
        judge_filter(server, KEYS, server.keys, {"status": value})


@rule("source (auto, import, manual)")
def filter_by_source(server):
    for value in ("auto", "import", "manual"):
        judge_filter(server, KEYS, server.keys, {"source": value})


@rule("created_at_gte, created_at_lte (date-time, inclusive)")
def filter_by_creation(server):
    step = timedelta(microseconds=1)
    for key in server.sample(server.keys, 4):
        at = moment(key["created_at"])
        for name, inside, outside in (("created_at_gte", at, at + step), ("created_at_lte", at, at - step)):
            judge_filter(server, KEYS, server.keys, {name: inside.isoformat()})
            params = {name: outside.isoformat(), "customer_id": key["customer_id"]}
            judge_filter(server, KEYS, server.keys, params)
        judge_filter(
            server, KEYS, server.keys, {"created_at_gte": at.isoformat(), "created_at_lte": at.isoformat()}
        )
        elsewhere = at.astimezone(EAST).isoformat()
        judge_filter(server, KEYS, server.keys, {"created_at_gte": elsewhere})


@rule("filters in combination are their intersection")
def filters_combine(server):
    names = (*FILTERS, "created_at_gte", "created_at_lte")
    for key in server.sample(server.keys, 6):
        known = {name: key.get(name.partition("_gte")[0].partition("_lte")[0]) for name in names}
        chosen = [name for name in server.sample(names, 3) if known[name] is not None]
        judge_filter(server, KEYS, server.keys, {name: known[name] for name in chosen})


@rule("filters hold on every page: pages of a filtered listing are slices of it")
def filtered_pages_are_slices(server):
    filters = [(KEYS, name, most_frequent(server.keys, name)) for name in FILTERS]
    filters.append((KEYS, "created_at_gte", min((key["created_at"] for key in server.keys), key=moment)))
    filters.append((INSTANCES, "license_key_id", most_frequent(server.instances, "license_key_id")))
    for operation, name, value in filters:
        params = {} if value is None else {name: value}
        items, _ = server.read_all(operation, **params)
        size = max(1, min(100, len(items) // 3))
        for number in range(3):
            page = {**params, "page_size": size, "page_number": number}
            answer = server.ask(operation, params=page, expect=200)
            wanted = ids(items[number * size : number * size + size])
            says = f"a page of what satisfies {params} is a slice of it"
            must_be(ids(answer["items"]), wanted, says, answer.request)


@rule("GET /license_key_instances … license_key_id")
def filter_instances_by_key(server):
    for instance in server.sample(server.instances, 4):
        judge_filter(server, INSTANCES, server.instances, {"license_key_id": instance["license_key_id"]})
    nobody = server.ask(INSTANCES, params={"license_key_id": "lic_0000000000000000000000"}, expect=200)
    nobody.must(nobody["items"] == [], "an unknown key has no instances")
    nobody = server.ask(INSTANCES, params={"grant_id": "grant_0000000000000000000000"}, expect=200)
    nobody.must(nobody["items"] == [], "an unknown grant has no instances")


# --- one thing, seen from two sides ------------------------------------------------------------------


@rule("what retrieve gives is what list showed")
def retrieved_is_listed(server):
    for operation, items in ((KEY, server.keys), (INSTANCE, server.instances)):
        for item in server.sample(items, 5):
            answer = server.ask(operation, item["id"], expect=200)
            answer.must(answer.body == item, f"it is what the list showed: {item}")


@rule("instances_count is the live number of activations")
def counted_instances_are_there(server):
    with_some = [key for key in server.keys if key["instances_count"]]
    for key in server.sample(with_some, 4) + server.sample(server.keys, 2):
        answer = server.ask(INSTANCES, params={"license_key_id": key["id"], "page_size": 100}, expect=200)
        wanted = min(100, key["instances_count"])
        answer.must(len(answer["items"]) == wanted, f"the key has {key['instances_count']} instances")


@rule("an activation belongs to a license key that is there")
def keys_of_instances_are_there(server):
    for instance in server.sample(server.instances, 3):
        answer = server.ask(KEY, instance["license_key_id"], expect=200)
        answer.must(answer["business_id"] == instance["business_id"], "both are of one merchant")


@rule("status: active, expired, disabled; instances_count stays within activations_limit")
def states_make_sense(server):
    now = datetime.now(UTC)
    margin = timedelta(minutes=5)  # between the server's clock and ours
    for key in server.keys:
        answer_of = f"GET /license_keys/{key['id']}"
        ends = key.get("expires_at")
        if key["status"] == "active" and ends is not None and moment(ends) < now - margin:
            raise Disagreement("an active key is unexpired", answer_of, str(key))
        ended_so = ends is None and key.get("subscription_id") is not None  # with its subscription
        if key["status"] == "expired" and not ended_so and (ends is None or moment(ends) > now + margin):
            raise Disagreement("an expired key has an expiry, and it has passed", answer_of, str(key))
        limit = key.get("activations_limit")
        if limit is not None and key["instances_count"] > limit:
            raise Disagreement("a key has no more activations than its limit", answer_of, str(key))


@rule("Validate without an instance id: the key is active and unexpired")
def validation_follows_status(server):
    for status in ("active", "expired", "disabled"):
        some = [key for key in server.keys if key["status"] == status]
        for key in server.sample(some, 2):
            answer = server.ask(VALIDATE, json={"license_key": key["key"]}, key=None, expect=200)
            answer.must(answer["valid"] is (status == "active"), f"a key that is {status}")


@rule("With one: that activation still exists and belongs to the key, too")
def validation_follows_instances(server):
    keys = {key["id"]: key for key in server.keys}
    known = [i for i in server.instances if i["license_key_id"] in keys]
    if not known:
        raise NoData("no listed instance belongs to a listed key")
    for instance in server.sample(known, 4):
        key = keys[instance["license_key_id"]]
        body = {"license_key": key["key"], "license_key_instance_id": instance["id"]}
        answer = server.ask(VALIDATE, json=body, key=None, expect=200)
        answer.must(
            answer["valid"] is (key["status"] == "active"), f"its own activation, the key is {key['status']}"
        )
    active = [key for key in server.keys if key["status"] == "active"]
    for key in server.sample(active, 2):
        strange = next((i for i in known if i["license_key_id"] != key["id"]), None)
        for instance_id in [strange["id"]] if strange else []:
            body = {"license_key": key["key"], "license_key_instance_id": instance_id}
            answer = server.ask(VALIDATE, json=body, key=None, expect=200)
            answer.must(answer["valid"] is False, "the activation is another key's")
        body = {"license_key": key["key"], "license_key_instance_id": "lki_0000000000000000000000"}
        answer = server.ask(VALIDATE, json=body, key=None, expect=200)
        answer.must(answer["valid"] is False, "there is no such activation")
        body = {"license_key": key["key"], "license_key_instance_id": None}
        answer = server.ask(VALIDATE, json=body, key=None, expect=200)
        answer.must(answer["valid"] is True, "null names no activation")


# --- refusals ----------------------------------------------------------------------------------------


def fails(answer, status, code):
    """An error with the documented status and code."""
    answer.must(answer.status == status, f"the documented status is {status}")
    answer.must(answer["code"] == code, f"the documented code is {code}")


@rule('An unknown key is no error: 200 {"valid": false}')
def unknown_key_is_not_valid(server):
    for more in ({}, {"license_key_instance_id": "lki_0000000000000000000000"}):
        answer = server.ask(VALIDATE, json={"license_key": NO_KEY_LIKE_IT, **more}, key=None, expect=200)
        answer.must(answer["valid"] is False, "an unknown key is not valid")


@rule("404 unknown; codes NOT_FOUND and LICENSE_KEY_NOT_FOUND")
def unknown_things_are_not_found(server):
    fails(server.ask(KEY, "lic_0000000000000000000000"), 404, "NOT_FOUND")
    fails(server.ask(INSTANCE, "lki_0000000000000000000000"), 404, "NOT_FOUND")
    body = {"license_key": NO_KEY_LIKE_IT, "name": "contract"}
    fails(server.ask(ACTIVATE, json=body, key=None), 404, "LICENSE_KEY_NOT_FOUND")
    body = {"license_key": NO_KEY_LIKE_IT, "license_key_instance_id": "lki_0000000000000000000000"}
    fails(server.ask(DEACTIVATE, json=body, key=None), 404, "LICENSE_KEY_NOT_FOUND")


@rule("PATCH: 404 unknown", writes=True)
def unknown_things_are_not_changed(server):
    fails(server.ask(UPDATE, "lic_0000000000000000000000", json={"disabled": True}), 404, "NOT_FOUND")
    fails(server.ask(RENAME, "lki_0000000000000000000000", json={"name": "x"}), 404, "NOT_FOUND")


@rule("422; code INVALID_QUERY_PARAMS")
def wrong_queries_are_refused(server):
    for operation in LISTS:
        for params in ({"page_size": "ten"}, {"page_number": -1}, {"page_number": "0x1"}, {"page_size": -1}):
            fails(server.ask(operation, params=params, wrong=True), 422, "INVALID_QUERY_PARAMS")
    for params in ({"status": "inactive"}, {"source": "gift"}, {"created_at_gte": "yesterday"}):
        fails(server.ask(KEYS, params=params, wrong=True), 422, "INVALID_QUERY_PARAMS")


@rule("Authorization: Bearer <API key>; 401 no or bad key, on everything but the public operations")
def api_key_is_asked_for(server):
    bodies = {CREATE: {"customer_id": "c", "key": "k", "product_id": "p"}, UPDATE: {}, RENAME: {"name": "x"}}
    for operation in MERCHANT:
        if not server.writes and not operation.startswith("GET"):
            continue
        name = "lic_0000000000000000000000" if "license_keys" in operation else "lki_0000000000000000000000"
        ids_of = {KEY: server.keys[0]["id"]}
        for key in (None, "wrong", server.api_key + "x", server.api_key[:-1]):
            answer = server.ask(operation, ids_of.get(operation, name), json=bodies.get(operation), key=key)
            fails(answer, 401, "UNAUTHORIZED")


@rule("The three /licenses/* operations are public: no API key")
def public_operations_need_no_key(server):
    body = {"license_key": NO_KEY_LIKE_IT, "license_key_instance_id": "lki_0"}
    for key in (None, "wrong"):
        fails(
            server.ask(ACTIVATE, json={"license_key": NO_KEY_LIKE_IT, "name": "x"}, key=key),
            404,
            "LICENSE_KEY_NOT_FOUND",
        )
        fails(server.ask(DEACTIVATE, json=body, key=key), 404, "LICENSE_KEY_NOT_FOUND")
        server.ask(VALIDATE, json={"license_key": NO_KEY_LIKE_IT}, key=key, expect=200, says="public")
