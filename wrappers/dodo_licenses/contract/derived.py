"""What rules are made over: listings, their filters and their items' fields, as the generated operations have them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import attrs

from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

PAGE = ("page_size", "page_number")
_NO_FILTERS = {*PAGE, "locale"}


@dataclass(frozen=True)
class Listing:
    """An operation that answers page by page.

    Attributes:
        operation: It.
        sources: For each parameter of its path, a listing whose items have a field with values for it.
    """

    operation: Operation[Any]
    sources: tuple[tuple[str, Listing, str], ...] = ()

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.operation.id

    @property
    def noun(self) -> str:
        """What it lists, for a sentence."""
        return self.id.removeprefix("list_").replace("_", " ").removesuffix("s")

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of an item."""
        return tuple(attrs.fields_dict(self.operation.items)) if self.operation.items is not None else ()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Its filters."""
        return tuple(
            Filter(p, self.fields)
            for p in self.operation.parameters
            if p.place == "query" and p.name not in _NO_FILTERS
        )

    def id_of(self, item: Mapping[str, Any]) -> str:
        """What tells an item from the others."""
        return str(item[self.operation.id_field])

    @property
    def retrieve(self) -> Operation[Any] | None:
        """The operation that gives one of its items, if there is one."""
        path = f"{self.operation.path}/{{id}}"
        return next((o for o in OPERATIONS.values() if (o.method, o.path) == ("GET", path)), None)


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a listing, and the field of an item that it is about."""

    parameter: Parameter
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name

    @property
    def field(self) -> str | None:
        """The field, None where an item doesn't say."""
        name = self.name.removesuffix("_gte").removesuffix("_lte")
        return name if name in self.fields else None

    def allows(self, item: Mapping[str, Any], value: str) -> bool:
        """Whether an item satisfies it, by what the item itself says; True where it doesn't say.

        `status` may lag behind an expiry that has passed.
        """
        held = item.get(self.field) if self.field is not None else None
        if self.field is None or (held is None and self.field not in item):
            return True
        if self.name.endswith("_gte"):
            return datetime.fromisoformat(str(held)) >= datetime.fromisoformat(value)
        if self.name.endswith("_lte"):
            return datetime.fromisoformat(str(held)) <= datetime.fromisoformat(value)
        if self.field == "status" and {str(held), value} == {"active", "expired"} and item.get("expires_at"):
            ends = datetime.fromisoformat(item["expires_at"])
            return ends < datetime.now(ends.tzinfo)
        return str(held).lower() == value.lower() if self.parameter.enum else held == value


@functools.cache
def listings() -> tuple[Listing, ...]:
    """Every listing; a parameter of a path gets its values from a listing that is above it, or has such a field."""
    found: dict[str, Listing] = {}
    waiting = [operation for operation in OPERATIONS.values() if operation.items is not None]
    while ready := [(operation, _sources(operation, found)) for operation in waiting]:
        solved = [(operation, sources) for operation, sources in ready if sources is not None]
        if not solved:
            break
        for operation, sources in solved:
            found[operation.id] = Listing(operation, sources)
            waiting.remove(operation)
    return tuple(found.values())


def _sources(
    operation: Operation[Any], known: Mapping[str, Listing]
) -> tuple[tuple[str, Listing, str], ...] | None:
    found = []
    for parameter in operation.parameters:
        if parameter.place == "path":
            above = operation.path.partition(f"/{{{parameter.name}}}")[0]
            sources = [(one, one.operation.id_field) for one in known.values() if one.operation.path == above]
            if parameter.name != "id":
                sources += [(one, parameter.name) for one in known.values() if parameter.name in one.fields]
            if not sources:
                return None
            found.append((parameter.name, *sources[0]))
    return tuple(found)
