"""What rules are made over: listings and their filters, as the generated operations have them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import attrs

from dodo_licenses.contract.values import has_passed, moment
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

_NO_FILTERS = {"page_size", "page_number", "locale"}
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a listing; `field` is what of an item it is about, None where an item doesn't say."""

    parameter: Parameter
    field: str | None

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name

    def allows(self, item: Item, value: str) -> bool:
        """Whether an item satisfies it, by what the item itself says; True where it doesn't say.

        `status` may lag behind an expiry that has passed.
        """
        if self.field is None or self.field not in item:
            return True
        held = item[self.field]
        if self.name.endswith("_gte"):
            return moment(held) >= moment(value)
        if self.name.endswith("_lte"):
            return moment(held) <= moment(value)
        if self.field == "status" and {held, value} == {"active", "expired"}:
            return has_passed(item)
        return str(held).lower() == value.lower() if self.parameter.enum else bool(held == value)


@dataclass(frozen=True)
class Listing:
    """An operation that answers page by page.

    Attributes:
        operation: It.
        filters: Its filters.
        source: For the parameter of its path: its name, and a listing whose items have values for it in a field.
    """

    operation: Operation[Any]
    filters: tuple[Filter, ...]
    source: tuple[str, Listing, str] | None = None

    def __str__(self) -> str:
        return self.operation.id

    @property
    def noun(self) -> str:
        """What it lists, for a sentence."""
        return self.operation.id.removeprefix("list_").replace("_", " ").removesuffix("s")

    def id_of(self, item: Item) -> str:
        """What tells an item from the others."""
        return str(item[self.operation.id_field])

    @property
    def retrieve(self) -> Operation[Any] | None:
        """The operation that gives one of its items, if there is one."""
        path = f"{self.operation.path}/{{id}}"
        return next((o for o in OPERATIONS.values() if (o.method, o.path) == ("GET", path)), None)


def _fields(operation: Operation[Any]) -> Mapping[str, Any]:
    return attrs.fields_dict(operation.items) if operation.items is not None else {}


def _filters(operation: Operation[Any]) -> Iterator[Filter]:
    for parameter in operation.parameters:
        if parameter.place == "query" and parameter.name not in _NO_FILTERS:
            about = parameter.name.removesuffix("_gte").removesuffix("_lte")
            yield Filter(parameter, about if about in _fields(operation) else None)


@functools.cache
def listings() -> tuple[Listing, ...]:
    """Every listing; the parameter of a path gets its values from the listing above it, or one with such a field."""
    paged = [operation for operation in OPERATIONS.values() if operation.items is not None]
    found = [Listing(each, tuple(_filters(each))) for each in paged if "{" not in each.path]
    for operation in paged:
        for name in [p.name for p in operation.parameters if p.place == "path"]:
            above = operation.path.partition(f"/{{{name}}}")[0]
            sources = [(name, one, one.operation.id_field) for one in found if one.operation.path == above]
            sources += [(name, one, name) for one in found if name in _fields(one.operation)]
            found.append(Listing(operation, tuple(_filters(operation)), sources[0]))
    return tuple(found)


def listing_of(operation: Operation[Any]) -> Listing:
    """The listing that an operation is."""
    return next(listing for listing in listings() if listing.operation is operation)


LICENSE_KEYS, INSTANCES = listing_of(api.LIST_LICENSE_KEYS), listing_of(api.LIST_LICENSE_KEY_INSTANCES)
