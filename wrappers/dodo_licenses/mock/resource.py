"""What a resource of the API is to the mock. Tables, pages, replies, dump and load all follow from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dodo_licenses.mock import wire
from dodo_licenses.mock.validation import Check, filled_text, moment, one_of, text

if TYPE_CHECKING:
    from dodo_licenses.mock.database import Database
    from dodo_licenses.mock.intake import Intake

Row = Mapping[str, Any]
Record = dict[str, Any]
NEWEST_FIRST = "created_at DESC, seq DESC"  # of two created at the same moment, the later one first
NEEDED = object()  # the default of a field that a record has to give


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is kept: the column's type, and what the API sends for what is in it."""

    column: str
    read: Callable[[Any], Any]


TEXT = Kind("TEXT", str)
NUMBER = Kind("INTEGER", int)
FLAG = Kind("INTEGER", bool)
JSON = Kind("TEXT", json.loads)
MOMENT = Kind("INTEGER", lambda micros: wire.sent_moment(wire.moment(micros)))


def stored(value: Any) -> Any:
    """What a column keeps of a checked value."""
    if isinstance(value, datetime):
        return wire.micros(value)
    if isinstance(value, dict | list):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a resource.

    Attributes:
        name: As the API spells it.
        kind: How it is kept.
        check: What a record may say.
        default: What it is where a record doesn't say: a value, a function of the Intake, or NEEDED.
        sql: Where it is not kept but follows from other columns: how.
        of: The resource whose key it holds.
        is_unique: Whether no two rows have the same.
        is_sent: Whether the API shows it.
    """

    name: str
    kind: Kind = TEXT
    check: Check = text
    default: Any = None
    sql: str | None = None
    of: Resource | None = None
    is_unique: bool = False
    is_sent: bool = True


def identifier(prefix: str) -> Field:
    """The field `id`, made up where it is not given."""
    return Field("id", TEXT, filled_text, lambda intake: wire.new_id(prefix, intake.random), is_unique=True)


def created(name: str = "created_at") -> Field:
    """A moment that is now where it is not given."""
    return Field(name, MOMENT, moment, lambda intake: intake.now)


def business() -> Field:
    """The field `business_id`: the mock has one business."""
    return Field("business_id", TEXT, filled_text, wire.BUSINESS_ID)


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of a listing.

    Attributes:
        check: What it may say.
        column: What it looks at.
        sql: The condition.
        is_indexed: Whether pages far in have to be found fast with it.
    """

    check: Check
    column: str
    sql: str
    is_indexed: bool = False


def exactly(column: str, check: Check = text, *, is_indexed: bool = False) -> Filter:
    """Where a column is what the parameter of the same name says."""
    return Filter(check, column, f"{column} = :{column}", is_indexed)


def any_of(column: str, *values: str) -> Filter:
    """The same, for one of the documented values, in upper or lower case."""
    return exactly(column, one_of(*values))


def _as_it_is(record: Record, _: Intake) -> Record:
    return record


def _nothing_more(_: Database, __: Row) -> Record:
    return {}


@dataclass(frozen=True)
class Resource:
    """A resource of the API.

    Attributes:
        name: Of its table, and of its list in a dump.
        singular: What one is called in sentences.
        fields: In the order in which the API sends them.
        filters: Those of all its listings, by the parameter's name.
        key: The field that names one.
        order: That of its listings, in SQL.
        is_made_up: Whether one that is only spoken of is made up.
        prepare: Called with each record that is loaded, to bring what the API shows into what is kept.
        expand: What a row shows of other resources.
    """

    name: str
    singular: str
    fields: tuple[Field, ...]
    filters: Mapping[str, Filter]
    key: str = "id"
    order: str = NEWEST_FIRST
    is_made_up: bool = False
    prepare: Callable[[Record, Intake], Record] = _as_it_is
    expand: Callable[[Database, Row], Record] = _nothing_more

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The fields that are kept."""
        return tuple(field for field in self.fields if field.sql is None)

    @cached_property
    def sent(self) -> dict[str, Field]:
        """The fields that the API shows."""
        return {field.name: field for field in self.fields if field.is_sent}

    @cached_property
    def moving(self) -> frozenset[str]:
        """The fields that may change without a write, as time passes."""
        return frozenset(field.name for field in self.fields if field.sql is not None)

    @cached_property
    def rows(self) -> str:
        """What to select from: the table, with all that follows from its columns."""
        computed = "".join(f", {field.sql} AS {field.name}" for field in self.fields if field.sql)
        return f"(SELECT *{computed} FROM {self.name})"

    def schema(self) -> str:
        """Its table."""
        columns = ", ".join(f"{field.name} {field.kind.column}" for field in self.columns)
        return f"CREATE TABLE {self.name} (seq INTEGER PRIMARY KEY, {columns})"

    def indexes(self) -> Iterable[tuple[str, str]]:
        """The names and definitions of its indexes."""
        for field in self.columns:
            if field.is_unique:
                name = f"{self.name}_by_{field.name}"
                yield name, f"CREATE UNIQUE INDEX {name} ON {self.name} ({field.name})"
        yield f"{self.name}_in_order", f"CREATE INDEX {self.name}_in_order ON {self.name} ({self.order})"
        for column in sorted({its.column for its in self.filters.values() if its.is_indexed}):
            name = f"{self.name}_of_{column}"
            yield name, f"CREATE INDEX {name} ON {self.name} ({column}, {self.order})"

    def wire(self, row: Row) -> Record:
        """A row as the API sends it."""
        return {
            name: None if (value := row[name]) is None else field.kind.read(value)
            for name, field in self.sent.items()
        }
