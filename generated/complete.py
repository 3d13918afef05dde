"""Tell where what openapi.yaml says has not arrived yet, and which file to go to: part of `make check`.

The mock is asked over the wire, so that it is judged by what it does. The contract is asked for the rules it
makes of each operation, and searched for those that are written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml

from dodo_licenses.contract.values import FILTERS, LISTINGS, source_of
from dodo_licenses.mock import MockServer
from dodo_licenses_api.operations import Operation
from spec_diff import Places, Spec, operations

ROOT = Path(__file__).resolve().parents[1]
MOCK = "wrappers/dodo_licenses/mock"
RULES = "wrappers/dodo_licenses/contract"
NOTHING_LIKE_IT = "nothing-like-it"
A_STATUS_OF_OURS = 599
KEYS = 250  # enough for each value to come up
Item = dict[str, Any]


def missing(spec: Spec, mock: httpx.Client) -> Iterator[str]:
    """What has not arrived, a sentence each."""
    derived = {listing.id: listing for listing in LISTINGS}
    retrieved = {f"{listing.path}/{{id}}" for listing in LISTINGS}
    rules = "\n".join(path.read_text() for path in sorted((ROOT / RULES).glob("*.py")))
    for name, places in operations(spec):
        if name.startswith("webhook "):
            continue
        operation, listing = places[""].said["operationId"], derived.get(places[""].said["operationId"])
        is_read = name.startswith("GET ") and (operation in derived or name.removeprefix("GET ") in retrieved)
        if not is_read and operation.upper() not in rules:
            yield f"{operation}: write a rule for it, in {RULES}/test_life_cycle.py"
        if not _is_routed(operation, name, mock):
            yield f"{operation}: the mock has no such operation, add it in {MOCK}/operations.py"
        elif listing is not None:
            yield from (f"{operation}: {what}" for what in _of_listing(places, listing, rules, mock))


def _is_routed(operation: str, name: str, mock: httpx.Client) -> bool:
    """Whether a fault can be asked for by the operation's name, and then hits a request to it."""
    fault = {"operation": operation, "status": A_STATUS_OF_OURS}
    if mock.post("/_mock/faults", json=fault).is_error:
        return False
    method, path = name.split(" ")
    answered = mock.request(method, re.sub(r"\{\w+\}", "an_id", path)).status_code
    mock.delete("/_mock/faults")
    return answered == A_STATUS_OF_OURS


def _of_listing(places: Places, listing: Operation[Any], rules: str, mock: httpx.Client) -> Iterator[str]:
    asked = {
        where.removeprefix("parameter ") for where, place in places.items() if place.said.get("in") == "query"
    }
    judged = {one.name for one in FILTERS[listing.id] if one.field is not None} | {"page_size", "page_number"}
    path, _ = max(_pages(listing, mock), key=lambda page: len(page[1]))
    for name in sorted(asked):
        # A filter lists nothing then, or refuses it; what the mock doesn't know it ignores.
        if mock.get(path, params={name: NOTHING_LIKE_IT}).text == mock.get(path).text:
            yield f"the mock ignores {name}, add the filter in {MOCK}/resources.py"
        if name not in judged and f'"{name}"' not in rules:
            yield f"no rule tells whether {name} is kept to, write one in {RULES}/test_filters.py"
    items = [item for _, page in _pages(listing, mock) for item in page]
    for where, place in places.items():
        field = where.partition(".items[].")[2]
        if not where.startswith("reply 2") or not field or ".*" in field:
            continue
        found = set(_values(items, ["[]", *re.findall(r"\[\]|[^.\[\]]+", field)]))
        if not found:
            yield f"the mock never sends {field}, add it in {MOCK}/resources.py"
        for value in sorted(place.said["enum"] - found):
            yield f"no made-up {field} is {value}, add one in {MOCK}/seed.py"


def _pages(listing: Operation[Any], mock: httpx.Client) -> Iterator[tuple[str, list[Item]]]:
    """All pages of a listing, below each item that its path can name."""
    paths = {listing.path}
    for name in re.findall(r"{(\w+)}", listing.path):
        source, field = source_of(listing, name)
        held = {item[field] for _, page in _pages(source, mock) for item in page}
        paths = {path.replace(f"{{{name}}}", value) for path in paths for value in held}
    for path in sorted(paths):
        number = 0
        while page := mock.get(path, params={"page_size": 100, "page_number": number}).json()["items"]:
            yield path, page
            number += 1


def _values(value: object, steps: list[str]) -> Iterator[str]:
    """What stands at the end of these steps; a field that is there and null counts as well."""
    if not steps:
        yield str(value)
    elif isinstance(value, list) and steps[0] == "[]":
        for item in value:
            yield from _values(item, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _values(value[steps[0]], steps[1:])


def main() -> int:
    """Print what is missing; the exit status says whether anything is."""
    spec = yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)
    with MockServer(keys=KEYS) as mock:
        headers = {"Authorization": f"Bearer {mock.api_key}"}
        with httpx.Client(base_url=mock.base_url, headers=headers, timeout=60) as client:
            found = list(missing(spec, client))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
