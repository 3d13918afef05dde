"""What Schemathesis loads: a check of every listing, and each rule's verdict as a check of the run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import rules
import schemathesis

# What the rules found; a run of them ends before Schemathesis' own begins.
_TOLD = json.loads((Path(os.environ["CONTRACT_OUT"]) / "rules.json").read_text())
_FILTERS = {
    "GET /license_keys": (
        "customer_id",
        "product_id",
        "status",
        "source",
        "created_at_gte",
        "created_at_lte",
    ),
    "GET /license_key_instances": ("license_key_id",),  # an instance doesn't say which grant it belongs to
}
_DEFAULT_PAGE_SIZE = 10


@schemathesis.check
def listed_items_satisfy_what_was_asked(ctx, response, case):  # noqa: ARG001 - Schemathesis' signature
    """Every item satisfies every filter asked for, and no page holds more than its size."""
    filters = _FILTERS.get(case.operation.label)
    if filters is None or response.status_code != 200:
        return
    items, query = response.json()["items"], case.query or {}
    size = int(query.get("page_size", _DEFAULT_PAGE_SIZE))
    asked = {name: query[name] for name in filters if name in query}
    assert len(items) <= size, f"a page of {size} holds {len(items)} items"
    for item in items:
        assert rules.satisfies(item, asked), f"{item['id']} does not satisfy {asked}"


@schemathesis.check
class EveryOperationSucceeds:
    """A run in which an operation never succeeded has tested little of it."""

    def __init__(self):
        self._asked = set()
        self._succeeded = set()

    def after_response(self, ctx, response, case):  # noqa: ARG002 - Schemathesis' signature
        self._asked.add(case.operation.label)
        if 200 <= response.status_code < 300:
            self._succeeded.add(case.operation.label)

    def after_run(self, ctx):  # noqa: ARG002 - Schemathesis' signature
        never = self._asked - self._succeeded - set(_TOLD["accepted"])
        assert not never, f"never succeeded: {', '.join(sorted(never))}"


def _check_of(verdict):
    class Check:
        __doc__ = verdict["sentence"]

        def after_run(self, ctx):  # noqa: ARG002 - Schemathesis' signature
            told = f"{verdict['outcome']}: {verdict['says']}\n{verdict['request']}\n{verdict['came']}"
            assert verdict["outcome"] in ("agrees", "left out"), told

    Check.__name__ = Check.__qualname__ = verdict["rule"]
    schemathesis.check(Check)


for _verdict in _TOLD["verdicts"]:
    _check_of(_verdict)
