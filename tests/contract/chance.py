"""A life by chance: what the rules say one by one has to hold in any order, too.

A model of a few keys goes along with the server, step by step as the seed has it. What the documentation leaves
open (the status of a key that is both disabled and expired, or whether an inactive one can be deactivated) is not
walked into.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import life_cycle as life
from rules import INSTANCE, INSTANCES, KEYS, RENAME, UPDATE, fails, ids, moment, rule

STEPS = 60


@dataclass
class Model:
    """What a key must be by now."""

    answer: object
    limit: int | None
    disabled: bool = False
    expires_at: str | None = None
    instances: dict = field(default_factory=dict)
    gone: list = field(default_factory=list)

    @property
    def status(self):
        if self.disabled:
            return "disabled"
        over = self.expires_at is not None and moment(self.expires_at) < datetime.now(UTC)
        return "expired" if over else "active"


def activating(server, key, _):
    name = f"contract test {len(key.gone) + len(key.instances)}"
    answer = life.activate(server, key.answer, name)
    if key.status != "active":
        fails(answer, 403, "INACTIVE_LICENSE_KEY")
    elif key.limit is not None and len(key.instances) >= key.limit:
        fails(answer, 422, "LICENSE_KEY_LIMIT_REACHED")
    else:
        answer.must(
            answer.status == 201, f"it is active, with {len(key.instances)} of {key.limit} activations"
        )
        key.instances[answer["id"]] = name


def deactivating(server, key, other):
    """Its own instance, one that is gone, another key's or none at all."""
    choices = [*key.instances, *key.gone, *other.instances, life.NOWHERE]
    name = server.random.choice(choices)
    if name in key.instances and key.status == "active":
        life.deactivate(server, key.answer, name, expect=200, says="its own activation")
        del key.instances[name]
        key.gone.append(name)
    elif name not in key.instances:
        life.deactivate(server, key.answer, name, expect=403, says="not its activation")


def validating(server, key, other):
    choices = [None, *key.instances, *key.gone, *other.instances, life.NOWHERE]
    name = server.random.choice(choices)
    valid = key.status == "active" and (name is None or name in key.instances)
    says = f"the key is {key.status}, its instances are {list(key.instances)}"
    life.validates(server, key.answer, valid=valid, says=says, instance_id=name)


def disabling(server, key, _):
    if key.status != "expired":
        key.disabled = not key.disabled
        life.update(server, key.answer, disabled=key.disabled)


def limiting(server, key, _):
    limit = server.random.choice([None, 1, 2, 3, 4])
    if limit is not None and limit < len(key.instances):
        answer = server.ask(UPDATE, key.answer["id"], json={"activations_limit": limit})
        fails(answer, 422, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT")
    else:
        key.limit = limit
        life.update(server, key.answer, activations_limit=limit)


def expiring(server, key, _):
    if not key.disabled:
        past = (datetime.now(UTC) - timedelta(days=1)).replace(microsecond=0).isoformat()
        key.expires_at = server.random.choice([None, past, life.far_off()])
        life.update(server, key.answer, expires_at=key.expires_at)


def renaming(server, key, _):
    for name in list(key.instances)[:1]:
        key.instances[name] = f"contract test {server.random.randint(100, 999)}"
        server.ask(RENAME, name, json={"name": key.instances[name]}, expect=200)


def looking(server, key):
    """Everything that can be seen of a key is as the model has it."""
    answer = life.retrieve(server, key.answer)
    answer.must(answer["status"] == key.status, f"status is {key.status}")
    answer.must(answer.body.get("activations_limit") == key.limit, f"activations_limit is {key.limit}")
    answer.must(answer["instances_count"] == len(key.instances), f"instances_count is {len(key.instances)}")
    seen, wanted = answer.body.get("expires_at"), key.expires_at
    same = seen == wanted if None in (seen, wanted) else moment(seen) == moment(wanted)
    answer.must(same, f"expires_at is {wanted}")
    listed = server.ask(INSTANCES, params={"license_key_id": key.answer["id"]}, expect=200)
    found = {item["id"]: item["name"] for item in listed["items"]}
    listed.must(found == key.instances, f"its instances are {key.instances}")
    for name in key.gone[-1:]:
        server.ask(INSTANCE, name, expect=404, says="the activation is gone")


def looking_at_lists(server, keys):
    """Each filter by status shows the keys that have it."""
    since = min((key.answer["created_at"] for key in keys), key=moment)
    for status in ("active", "expired", "disabled"):
        params = {"status": status, "created_at_gte": since, "source": "import"}
        items, whole = server.read_all(KEYS, **params)
        shown = server.ask(KEYS, params=params, expect=200)
        for key in keys if whole else []:
            listed = key.answer["id"] in ids(items)
            shown.must(listed is (key.status == status), f"{key.answer['id']} is {key.status}")


@rule(
    "the life of license keys: whatever happens in whatever order, they are what it made of them", writes=True
)
def life_by_chance(server):
    keys = [Model(life.import_key(server, activations_limit=limit), limit) for limit in (2, None)]
    actions = [activating, activating, deactivating, validating, disabling, limiting, expiring, renaming]
    for step in range(STEPS):
        key, other = server.random.sample(keys, 2)
        server.random.choice(actions)(server, key, other)
        looking(server, key)
        if step % 10 == 0:
            looking(server, other)
            looking_at_lists(server, keys)
