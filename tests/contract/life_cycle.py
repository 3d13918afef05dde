"""The rules of a license key's life, each on keys that it imports itself and disables when it is done."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from rules import (
    ACTIVATE,
    CREATE,
    DEACTIVATE,
    EAST,
    INSTANCE,
    INSTANCES,
    KEY,
    KEYS,
    RENAME,
    UPDATE,
    VALIDATE,
    fails,
    ids,
    moment,
    rule,
)
from talk import Disagreement, NoData, NotGiven

NOWHERE = "lki_0000000000000000000000"


def far_off(days=400, zone=UTC):
    return (datetime.now(zone) + timedelta(days=days)).replace(microsecond=0).isoformat()


def a_key():
    """The string of a license key that anybody recognises as this suite's."""
    return f"CONTRACT-TEST-{token_hex(8)}"


def import_key(server, **more):
    """Import a license key, to be disabled at the end."""
    customer_id, product_id = server.owner
    body = {
        "customer_id": customer_id,
        "product_id": product_id,
        "key": a_key(),
        **more,
    }
    answer = server.ask(CREATE, json=body, expect=(200, 201))
    server.made.append(answer["id"])
    return answer


def update(server, key, **changes):
    return server.ask(UPDATE, key["id"], json=changes, expect=200)


def retrieve(server, key):
    return server.ask(KEY, key["id"], expect=200)


def activate(server, key, name="contract test", **more):
    return server.ask(ACTIVATE, json={"license_key": key["key"], "name": name}, key=None, **more)


def activated(server, key, name="contract test"):
    return activate(server, key, name, expect=201, says="an active key with an activation left is activated")


def deactivate(server, key, instance_id, **more):
    body = {"license_key": key["key"], "license_key_instance_id": instance_id}
    return server.ask(DEACTIVATE, json=body, key=None, **more)


def validates(server, key, valid, says, instance_id=None):
    body = {"license_key": key["key"]}
    if instance_id is not None:
        body["license_key_instance_id"] = instance_id
    answer = server.ask(VALIDATE, json=body, key=None, expect=200)
    answer.must(answer["valid"] is valid, says)


def counts(server, key, wanted):
    answer = retrieve(server, key)
    answer.must(answer["instances_count"] == wanted, f"instances_count is {wanted}")
    listed = server.ask(INSTANCES, params={"license_key_id": key["id"], "page_size": 100}, expect=200)
    listed.must(len(listed["items"]) == wanted, f"{wanted} instances are listed")


@contextmanager
def unchanged(server, key, *but):
    """Whatever happens inside changes nothing of the key but what is named."""
    before = retrieve(server, key).body
    yield
    answer = retrieve(server, key)
    for name, value in before.items():
        if name not in but:
            answer.must(answer[name] == value, f"{name} stays {value!r}")


def clean_up(server):
    """Disable whatever was imported, and say what could not be."""
    for name in server.made:
        try:
            update(server, {"id": name}, disabled=True)
        except Disagreement:
            print(f"{name} could not be disabled: please do it by hand", file=sys.stderr)
    server.made.clear()


@rule("POST /license_keys (import a key): the key as it was given, without a payment", writes=True)
def imported_as_given(server):
    key, expires_at = f"{a_key()}-ab", far_off(zone=EAST)
    answer = import_key(server, key=key, activations_limit=3, expires_at=expires_at)
    customer_id, product_id = server.owner
    answer.must(answer["key"] == key, f"the key is {key}, as it was given")
    answer.must(
        (answer["customer_id"], answer["product_id"]) == (customer_id, product_id), "it has its owner"
    )
    answer.must(answer["activations_limit"] == 3, "activations_limit is 3")
    answer.must(moment(answer["expires_at"]) == moment(expires_at), f"expires_at is {expires_at}")
    answer.must(answer["status"] == "active", "a fresh key is active")
    answer.must(answer["instances_count"] == 0, "a fresh key has no instances")
    answer.must(answer.body.get("payment_id") is None, "an imported key has no payment")
    answer.must(answer.body.get("source") in (None, "import"), "its source is import")
    age = abs(datetime.now(UTC) - moment(answer["created_at"]))
    answer.must(age < timedelta(minutes=10), "created_at is now, in UTC")
    again = retrieve(server, answer)
    again.must(again.body == answer.body, "what retrieve gives is what create gave")


@rule("null: unlimited; null: never; optional", writes=True)
def imported_without_limits(server):
    # More activations than fit on a page, or than anybody would take for a limit where there is none.
    for more, activations in (({}, 11), ({"activations_limit": None, "expires_at": None}, 2)):
        answer = import_key(server, **more)
        answer.must(answer.body.get("activations_limit") is None, "no limit was given")
        answer.must(answer.body.get("expires_at") is None, "no expiry was given")
        for number in range(activations):
            activated(server, answer, f"contract test {number}")
        counts(server, answer, activations)


@rule("an imported key is listed, once, under each filter that it satisfies", writes=True)
def imported_is_listed(server):
    key = import_key(server)
    for params in (
        {"customer_id": key["customer_id"]},
        {"product_id": key["product_id"], "status": "active", "source": "import"},
        {"created_at_gte": key["created_at"]},
        {"created_at_gte": key["created_at"], "created_at_lte": key["created_at"]},
    ):
        items, whole = server.read_all(KEYS, **params)
        if whole:
            shown = server.ask(KEYS, params=params, expect=200)
            shown.must(ids(items).count(key["id"]) == 1, f"{key['id']} is listed once under {params}")
    hidden, _ = server.read_all(KEYS, customer_id=key["customer_id"], status="disabled")
    key.must(key["id"] not in ids(hidden), "an active key is not listed as disabled")
    hidden, _ = server.read_all(KEYS, customer_id=key["customer_id"], source="manual")
    key.must(key["id"] not in ids(hidden), "an imported key is not listed as made by hand")


@rule("409 (key already there)", writes=True)
def imported_twice(server):
    key = import_key(server)
    body = {"customer_id": key["customer_id"], "product_id": key["product_id"], "key": key["key"]}
    server.ask(CREATE, json=body, expect=409, says="the key is already there")


@rule("customer_id, key, product_id required, and known", writes=True)
def imported_for_nobody(server):
    customer_id, product_id = server.owner
    key = a_key()
    for body in (
        {"customer_id": "cus_0000000000000000000000", "product_id": product_id, "key": key},
        {"customer_id": customer_id, "product_id": "pdt_0000000000000000000000", "key": key},
    ):
        answer = server.ask(CREATE, json=body)
        answer.must(400 <= answer.status < 500, "a key of nobody is refused")
    for body in (
        {"customer_id": customer_id, "product_id": product_id},
        {"customer_id": customer_id, "key": key},
        {"product_id": product_id, "key": key},
    ):
        answer = server.ask(CREATE, json=body, wrong=True)
        answer.must(400 <= answer.status < 500, "a key of nobody is refused")


@rule("201: id, business_id, created_at, license_key_id, name, customer, product", writes=True)
def activation_tells_whose_it_is(server):
    key = import_key(server)
    first, second = activated(server, key, "contract test 1"), activated(server, key, "contract test 2")
    first.must(first["id"] != second["id"], "activating twice uses two activations")
    for answer, name in ((first, "contract test 1"), (second, "contract test 2")):
        answer.must(answer["name"] == name, f"the name is {name!r}")
        answer.must(answer["license_key_id"] == key["id"], "it is the key's")
        answer.must(answer["business_id"] == key["business_id"], "it is the merchant's")
        answer.must(answer["customer"]["customer_id"] == key["customer_id"], "it is the customer's")
        answer.must(answer["product"]["product_id"] == key["product_id"], "it is the product's")
        seen = server.ask(INSTANCE, answer["id"], expect=200)
        for field in ("id", "business_id", "created_at", "license_key_id", "name"):
            seen.must(seen[field] == answer[field], f"{field} is what activate gave: {answer[field]!r}")
    listed = server.ask(INSTANCES, params={"license_key_id": key["id"]}, expect=200)
    listed.must({first["id"], second["id"]} == set(ids(listed["items"])), "both are listed under the key")


@rule("422 limit reached; LICENSE_KEY_LIMIT_REACHED; null, and only null, means unlimited", writes=True)
def activations_end_at_the_limit(server):
    for limit in (0, 1, 3):
        key, other = import_key(server, activations_limit=limit), import_key(server, activations_limit=1)
        for number in range(limit):
            activated(server, key, f"contract test {number}")
            counts(server, key, number + 1)
        for _ in range(2):
            fails(activate(server, key), 422, "LICENSE_KEY_LIMIT_REACHED")
        validates(server, key, valid=True, says="the key is active, whatever is left of its limit")
        counts(server, key, limit)
        counts(server, other, 0)


@rule("With an instance id: that activation still exists and belongs to the key", writes=True)
def validation_knows_instances(server):
    key, other = import_key(server), import_key(server)
    mine, theirs = activated(server, key)["id"], activated(server, other)["id"]
    validates(server, key, valid=True, says="the key is active")
    validates(server, key, valid=True, says="the activation is its own", instance_id=mine)
    validates(server, key, valid=False, says="the activation is another key's", instance_id=theirs)
    validates(server, key, valid=False, says="there is no such activation", instance_id=NOWHERE)


@rule("deactivation lowers instances_count, and the activation can be used again", writes=True)
def deactivation_frees(server):
    key = import_key(server, activations_limit=2)
    first, second = activated(server, key, "contract test 1"), activated(server, key, "contract test 2")
    answer = deactivate(server, key, first["id"], expect=200, says="its own activation")
    answer.must(answer.body is None, "the body is empty")
    counts(server, key, 1)
    validates(server, key, valid=False, says="the activation is gone", instance_id=first["id"])
    validates(server, key, valid=True, says="the other activation stays", instance_id=second["id"])
    fails(server.ask(INSTANCE, first["id"]), 404, "NOT_FOUND")
    activated(server, key, "contract test 3")
    counts(server, key, 2)


@rule("403 instance unknown or of another key", writes=True)
def deactivation_of_what_is_not_there(server):
    key, other = import_key(server), import_key(server)
    mine, theirs = activated(server, key)["id"], activated(server, other)["id"]
    deactivate(server, key, NOWHERE, expect=403, says="an unknown instance")
    deactivate(server, key, theirs, expect=403, says="another key's instance")
    counts(server, key, 1)
    counts(server, other, 1)
    deactivate(server, key, mine, expect=200, says="its own activation")
    deactivate(server, key, mine, expect=403, says="an activation that is gone")
    counts(server, key, 0)


@rule("true disables, false enables; 403 INACTIVE_LICENSE_KEY", writes=True)
def disabling_and_enabling(server):
    key = import_key(server, activations_limit=3)
    instance_id = activated(server, key)["id"]
    with unchanged(server, key, "status"):
        answer = update(server, key, disabled=True)
        answer.must(answer["status"] == "disabled", "the key is disabled")
        seen = retrieve(server, key)
        seen.must(seen["status"] == "disabled", "the key is disabled")
        validates(server, key, valid=False, says="the key is disabled")
        validates(server, key, valid=False, says="the key is disabled", instance_id=instance_id)
        fails(activate(server, key), 403, "INACTIVE_LICENSE_KEY")
    with unchanged(server, key, "status"):
        answer = update(server, key, disabled=False)
        answer.must(answer["status"] == "active", "the key is enabled")
        validates(server, key, valid=True, says="the key is enabled", instance_id=instance_id)
    activated(server, key)


@rule("what retrieve gives is what list showed, after each change as well", writes=True)
def changes_are_listed(server):
    key = import_key(server, activations_limit=2, expires_at=far_off())
    params = {"customer_id": key["customer_id"], "created_at_gte": key["created_at"]}
    instance_id = activated(server, key)["id"]
    for change in (
        lambda: update(server, key, activations_limit=7, expires_at=far_off(500)),
        lambda: update(server, key, disabled=True),
        lambda: deactivate(server, key, instance_id, expect=200),
    ):
        change()
        seen = retrieve(server, key)
        items, _ = server.read_all(KEYS, **params)
        shown = server.ask(KEYS, params=params, expect=200)
        shown.must(seen.body in items, f"the list shows {key['id']} as retrieve gives it: {seen.body}")


@rule("the status filter follows the key's status", writes=True)
def filters_follow_changes(server):
    key = import_key(server)
    for disabled, status in ((True, "disabled"), (False, "active")):
        update(server, key, disabled=disabled)
        for asked in ("active", "disabled", "expired"):
            params = {"status": asked, "created_at_gte": key["created_at"]}
            items, whole = server.read_all(KEYS, **params)
            if whole:
                shown = server.ask(KEYS, params=params, expect=200)
                shown.must((key["id"] in ids(items)) is (asked == status), f"{key['id']} is {status}")


@rule("activation is refused unless the key is active and unexpired; expires_at null removes it", writes=True)
def expiring(server):
    key = import_key(server)
    instance_id = activated(server, key)["id"]
    past = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0).isoformat()
    answer = update(server, key, expires_at=past)
    answer.must(answer["status"] == "expired", "a key whose expiry has passed is expired")
    answer.must(moment(answer["expires_at"]) == moment(past), f"expires_at is {past}")
    validates(server, key, valid=False, says="the key is expired")
    validates(server, key, valid=False, says="the key is expired", instance_id=instance_id)
    fails(activate(server, key), 403, "INACTIVE_LICENSE_KEY")
    update(server, key, disabled=True)
    answer = update(server, key, disabled=False)
    answer.must(answer["status"] == "expired", "a key whose expiry has passed is expired, enabled or not")
    validates(server, key, valid=False, says="the key is expired")
    later = far_off(zone=EAST)
    answer = update(server, key, expires_at=later)
    answer.must(answer["status"] == "active", "the expiry lies ahead again")
    answer.must(moment(answer["expires_at"]) == moment(later), f"expires_at is {later}")
    validates(server, key, valid=True, says="the expiry lies ahead again", instance_id=instance_id)
    answer = update(server, key, expires_at=None)
    answer.must(answer.body.get("expires_at") is None, "null removes the expiry")
    activated(server, key)
    late = import_key(server, expires_at=past)
    late.must(late["status"] == "expired", "a key imported after its expiry is expired")


@rule("422 limit below the current instances; null removes it", writes=True)
def limits_against_instances(server):
    key = import_key(server, activations_limit=5)
    for number in range(3):
        activated(server, key, f"contract test {number}")
    with unchanged(server, key):
        answer = server.ask(UPDATE, key["id"], json={"activations_limit": 2})
        fails(answer, 422, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT")
        body = {"activations_limit": 0, "disabled": True}
        server.ask(UPDATE, key["id"], json=body, expect=422, says="all or nothing")
    answer = update(server, key, activations_limit=3)
    answer.must(answer["activations_limit"] == 3, "a limit of just the current instances stands")
    fails(activate(server, key), 422, "LICENSE_KEY_LIMIT_REACHED")
    answer = update(server, key, activations_limit=4)
    answer.must(answer["activations_limit"] == 4, "the limit is raised")
    activated(server, key)
    answer = update(server, key, activations_limit=None)
    answer.must(answer.body.get("activations_limit") is None, "null removes the limit")
    activated(server, key)
    counts(server, key, 5)


@rule("omitted means unchanged", writes=True)
def omitted_is_unchanged(server):
    key = import_key(server, activations_limit=4, expires_at=far_off())
    with unchanged(server, key):
        update(server, key)
    with unchanged(server, key, "status"):
        update(server, key, disabled=True)
    with unchanged(server, key, "activations_limit"):
        update(server, key, activations_limit=6)
    with unchanged(server, key, "expires_at"):
        update(server, key, expires_at=far_off(500))
    with unchanged(server, key, "activations_limit"):
        update(server, key, activations_limit=None)
    with unchanged(server, key, "expires_at"):
        update(server, key, expires_at=None)


@rule("a change of one key is none of another", writes=True)
def changes_stay_with_their_key(server):
    key, other = import_key(server, activations_limit=2), import_key(server, activations_limit=2)
    with unchanged(server, other):
        update(server, key, disabled=True, activations_limit=9, expires_at=far_off())
        update(server, key, disabled=False)
        deactivate(server, key, activated(server, key)["id"], expect=200)


@rule("PATCH /license_key_instances/{id}: name required", writes=True)
def renaming(server):
    key = import_key(server)
    first, second = activated(server, key, "contract test 1"), activated(server, key, "contract test 2")
    name = "Contract test, renamed: Žofie's ノート"
    answer = server.ask(RENAME, first["id"], json={"name": name}, expect=200)
    answer.must(answer["name"] == name, f"its name is {name}")
    for field in ("id", "business_id", "created_at", "license_key_id"):
        answer.must(answer[field] == first[field], f"{field} stays {first[field]!r}")
    seen = server.ask(INSTANCE, first["id"], expect=200)
    seen.must(seen.body == answer.body, "what retrieve gives is what update gave")
    listed = server.ask(INSTANCES, params={"license_key_id": key["id"]}, expect=200)
    listed.must(seen.body in listed["items"], f"the list shows it as retrieve gives it: {seen.body}")
    other = server.ask(INSTANCE, second["id"], expect=200)
    other.must(other["name"] == "contract test 2", "the other one keeps its name")
    validates(server, key, valid=True, says="it still holds", instance_id=first["id"])
    nameless = server.ask(RENAME, first["id"], json={}, wrong=True)
    nameless.must(nameless.status == 422, "name is required")


@rule("400 expiry on a subscription's key; NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS", writes=True)
def expiry_of_a_subscription(server):
    subscribed = [key for key in server.keys if key.get("subscription_id") is not None]
    if not subscribed:
        raise NoData("no listed key belongs to a subscription")
    (key,) = server.sample(subscribed, 1)
    with unchanged(server, key):
        answer = server.ask(UPDATE, key["id"], json={"expires_at": far_off()})
        fails(answer, 400, "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS")


@rule("422 where a required field is missing or of the wrong type; 400 malformed", writes=True)
def wrong_bodies_are_refused(server):
    key = import_key(server)
    for operation, name, body in (
        (ACTIVATE, None, {"license_key": key["key"]}),
        (ACTIVATE, None, {"name": "contract test"}),
        (VALIDATE, None, {}),
        (VALIDATE, None, {"license_key": 5}),
        (DEACTIVATE, None, {"license_key": key["key"]}),
        (UPDATE, key["id"], {"activations_limit": "five"}),
        (UPDATE, key["id"], {"activations_limit": -1}),
        (UPDATE, key["id"], {"disabled": "yes"}),
        (UPDATE, key["id"], {"expires_at": "tomorrow"}),
    ):
        with unchanged(server, key):
            server.ask(operation, name, json=body, wrong=True, expect=(400, 422), says="the body is wrong")


@rule("A key may be read-only (writes answer 403)", writes=True)
def read_only_key_reads_only(server):
    if server.read_only_api_key is None:
        raise NotGiven("a read-only API key: CONTRACT_READ_ONLY_API_KEY")
    reader = server.read_only_api_key
    key = import_key(server)
    server.ask(KEY, key["id"], key=reader, expect=200, says="it may read")
    server.ask(KEYS, key=reader, expect=200, says="it may read")
    with unchanged(server, key):
        server.ask(
            UPDATE, key["id"], json={"disabled": True}, key=reader, expect=403, says="it may not write"
        )
    body = {"customer_id": key["customer_id"], "product_id": key["product_id"], "key": a_key()}
    server.ask(CREATE, json=body, key=reader, expect=403, says="it may not write")
    instance_id = activated(server, key)["id"]
    server.ask(RENAME, instance_id, json={"name": "x"}, key=reader, expect=403, says="it may not write")
