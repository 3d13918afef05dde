"""The operations of the API, one function each; app.py serves them, and faults go by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dodo_licenses.mock.resource import Record, Resource
from dodo_licenses.mock.validation import PAGE, PAGE_DEFAULTS, Check

if TYPE_CHECKING:
    from dodo_licenses.mock.database import Database

_NONE: Mapping[str, Check] = MappingProxyType({})


@dataclass(slots=True)
class Call:
    """A request to an operation, its parameters and its body checked.

    Attributes:
        db: The state; a call that isn't a GET is one transaction.
        path: The parameters in the path.
        query: Those in the query, with their defaults.
        body: The known fields of the body.
        events: What webhooks are to tell of it: the type, the resource and the key.
    """

    db: Database
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Record = field(default_factory=dict)
    events: list[tuple[str, Resource, str]] = field(default_factory=list)

    def announce(self, event: str, resource: Resource, key: str) -> None:
        """Have a webhook sent, once the call is done."""
        self.events.append((event, resource, key))


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its name is that of its function.

    Attributes:
        name: Such as `list_license_keys`.
        method: The HTTP method.
        path: With its parameters in braces.
        handle: Answers a call.
        status: Of its success.
        is_public: Whether it asks for no API key.
        query: The parameters it knows.
        required: The fields that its body has to have.
        optional: Those that it may have.
    """

    name: str
    method: str
    path: str
    handle: Callable[[Call], Any]
    status: int
    is_public: bool
    query: Mapping[str, Check]
    required: Mapping[str, Check]
    optional: Mapping[str, Check]

    @property
    def defaults(self) -> Mapping[str, int]:
        """Of the parameters that are not given."""
        return PAGE_DEFAULTS if self.query else {}


OPERATIONS: dict[str, Operation] = {}


def operation(
    method: str,
    path: str,
    *,
    status: int = 200,
    is_public: bool = False,
    query: Mapping[str, Check] = _NONE,
    required: Mapping[str, Check] = _NONE,
    optional: Mapping[str, Check] = _NONE,
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Make a function an operation of the API; the arguments are those of Operation."""

    def register(handle: Callable[[Call], Any]) -> Callable[[Call], Any]:
        name = handle.__name__
        OPERATIONS[name] = Operation(name, method, path, handle, status, is_public, query, required, optional)
        return handle

    return register


def listing(path: str, resource: Resource, names: Iterable[str] | None = None) -> Callable[..., Any]:
    """Make a function the operation that lists a resource.

    Args:
        path: Its path.
        resource: What it lists.
        names: The filters it has; all of the resource's where they are not named.
    """
    filters = resource.filters if names is None else {name: resource.filters[name] for name in names}
    return operation("GET", path, query={**PAGE, **{name: its.check for name, its in filters.items()}})


def operation_of(method: str, path: str) -> str | None:
    """The name of the operation that a request asks for, or None."""
    for its in OPERATIONS.values():
        if its.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", its.path), path):
            return its.name
    return None
