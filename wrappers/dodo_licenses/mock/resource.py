"""What a resource of the API is to the mock. Tables, pages, replies, dump and load all follow from it."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from dodo_licenses.mock import validation, wire
from dodo_licenses.mock.validation import Check, filled_text, text

Row = Mapping[str, Any]
Record = dict[str, Any]
Filter = tuple[Check, str]  # what a parameter of a listing may say, and the condition that it stands for
NEWEST_FIRST = "created_at DESC, seq DESC"  # of two created at the same moment, the later one first
NEEDED = object()  # the default of a field that a record has to give

_STORED: Mapping[type, Callable[[Any], Any]] = {datetime: wire.micros, dict: json.dumps, list: json.dumps}


def stored(value: Any) -> Any:
    """What a column keeps of a checked value."""
    to_store = _STORED.get(type(value))
    return value if to_store is None else to_store(value)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a resource, named as the API spells it."""

    name: str
    check: Check = text  # what a record that is loaded may say
    default: Any = None  # where a record doesn't say: a value, a function of the Intake, or NEEDED
    read: Callable[[Any], Any] | None = None  # what the API sends of what is stored, if something else
    sql: str | None = None  # how it follows from other columns, if it is not stored
    of: Resource | None = None  # the resource whose key it holds
    is_unique: bool = False
    is_sent: bool = True


def identifier(prefix: str) -> Field:
    """The field `id`, made up where it is not given."""
    return Field("id", filled_text, lambda intake: wire.new_id(prefix, intake.random), is_unique=True)


def moment(name: str) -> Field:
    """A date-time, or null."""
    return Field(name, validation.or_null(validation.moment), None, wire.sent_micros)


def maybe(name: str) -> Field:
    """A text, or null."""
    return Field(name, validation.or_null(text))


BUSINESS = Field("business_id", filled_text, wire.BUSINESS_ID)  # the mock has one business, and one brand
BRAND = Field("brand_id", filled_text, wire.BRAND_ID)
METADATA = Field("metadata", validation.metadata, {}, json.loads)
CREATED, UPDATED = (
    Field(name, validation.moment, lambda intake: intake.now, wire.sent_micros)
    for name in ("created_at", "updated_at")
)


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource of the API."""

    name: str  # of its table, and of its list in a dump
    singular: str  # in sentences
    fields: tuple[Field, ...]  # in the order in which the API sends them
    filtered: tuple[str, ...] = ()  # the fields that parameters of the same name filter by, in all listings
    more_filters: Mapping[str, Filter] = dataclasses.field(default_factory=dict)
    path: str | None = None  # of its listing, and with an id of one of it, if they are operations
    indexed: tuple[str, ...] = ()  # the columns by which pages far in have to be found fast
    key: str = "id"
    order: str = NEWEST_FIRST
    is_made_up: bool = False  # where one is only spoken of
    prepare: Callable[[Record, Intake], Record] = lambda record, _: record  # what is stored of what is loaded
    expand: Callable[[Get, Row], Record] = lambda _, __: {}  # what a row shows of other resources
    examples: tuple[Record, ...] = ()  # that are made up, beside what seed.py makes up at random

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The fields that are stored."""
        return tuple(field for field in self.fields if field.sql is None)

    @cached_property
    def sent(self) -> dict[str, Field]:
        """The fields that the API shows."""
        return {field.name: field for field in self.fields if field.is_sent}

    @cached_property
    def filters(self) -> dict[str, Filter]:
        """What listings filter by: a check of the parameter, and a condition in SQL, by its name."""
        exact = {name: (self.sent[name].check, f"{name} = :{name}") for name in self.filtered}
        return {**exact, **self.more_filters}

    @cached_property
    def computed(self) -> dict[str, str]:
        """The fields that follow from columns, and the time; and how."""
        return {field.name: field.sql for field in self.fields if field.sql is not None}

    @cached_property
    def rows(self) -> str:
        """What to select from: the table, with all that follows from its columns."""
        more = "".join(f", {sql} AS {name}" for name, sql in self.computed.items())
        return f"(SELECT *{more} FROM {self.name})"

    @property
    def table(self) -> str:
        """Its table, in SQL."""
        columns = ", ".join(field.name for field in self.columns)
        return f"CREATE TABLE {self.name} (seq INTEGER PRIMARY KEY, {columns})"

    @property
    def indexes(self) -> dict[str, str]:
        """Its indexes, in SQL, by their names."""
        by = {"": self.order} | {name: f"{name}, {self.order}" for name in self.indexed}
        found = {name: f"INDEX {self.name}_{name} ON {self.name} ({columns})" for name, columns in by.items()}
        for name in (field.name for field in self.columns if field.is_unique):
            found[f"by_{name}"] = f"UNIQUE INDEX {self.name}_by_{name} ON {self.name} ({name})"
        return {f"{self.name}_{name}": sql for name, sql in found.items()}

    def wire(self, row: Row) -> Record:
        """A row as the API sends it."""
        return {
            name: value if (value := row[name]) is None or field.read is None else field.read(value)
            for name, field in self.sent.items()
        }


Get = Callable[[Resource, str], Row]  # the row with a key
Find = Callable[[Resource, str], Row | None]  # the same, or None


class Intake:
    """Records in the API's own shape, on their way in: checked, and completed by what they leave out."""

    def __init__(self, now: datetime, random: wire.AnyRandom, there: Find = lambda _, __: None) -> None:
        self.now = now
        self.random = random
        self.rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)  # by resource and key
        self._there = there

    def find(self, resource: Resource, key: str) -> Row | None:
        """The row with a key, whether it was there or has come in."""
        return self.rows[resource.name].get(key) or self._there(resource, key)

    def require(self, resource: Resource, key: str, where: str) -> None:
        """Have a row with a key: one that is there, or one made up; ValueError if there is neither."""
        if self.find(resource, key) is None:
            if not resource.is_made_up:
                raise ValueError(f"{where}: there is no {resource.singular} {key!r}")
            self.take(resource, {resource.key: key}, where)

    def complete(self, resource: Resource, given: Record) -> Record:
        """A row: what is given of it, unchecked, and the defaults of the rest."""
        row = {field.name: given.get(field.name, field.default) for field in resource.columns}
        return {name: stored(value(self) if callable(value) else value) for name, value in row.items()}

    def take(self, resource: Resource, record: Any, where: str) -> Row:
        """Check and complete one record; ValueError says where a field is missing, unknown or wrong."""
        checks = {name: field.check for name, field in resource.sent.items()}
        checked = validation.record(where, record, checks)
        for field in resource.columns:
            if field.default is NEEDED and field.name not in checked:
                raise ValueError(f"{where}.{field.name} is missing")
        row = self.complete(resource, resource.prepare(checked, self))
        for field in resource.columns:
            if field.of is not None and row[field.name] is not None:
                self.require(field.of, row[field.name], f"{where}.{field.name}")
        taken, key = self.rows[resource.name], row[resource.key]
        if key in taken:
            raise ValueError(f"{where}.{resource.key} is there twice: {key!r}")
        taken[key] = row
        return row
