"""Records in the API's own shape, on their way in: checked, and completed by what they leave out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dodo_licenses.mock.resource import NEEDED, Record, Resource, Row, stored
from dodo_licenses.mock.wire import AnyRandom

if TYPE_CHECKING:
    from dodo_licenses.mock.database import Database


class Intake:
    """Makes rows of records.

    Args:
        now: When what doesn't say was created.
        random: Where ids come from.
        db: What is there already; None where all of it is replaced.

    Attributes:
        rows: What was taken in, by the resource's name and the row's key.
    """

    def __init__(self, now: datetime, random: AnyRandom, db: Database | None = None) -> None:
        self.now = now
        self.random = random
        self.rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        self._db = db

    def find(self, resource: Resource, key: str) -> Row | None:
        """The row with a key, whether it was there or has come in."""
        taken = self.rows[resource.name].get(key)
        if taken is None and self._db is not None:
            return self._db.find(resource, key)
        return taken

    def require(self, resource: Resource, key: str, where: str) -> None:
        """Have a row with a key: one that is there, or one made up.

        Raises:
            ValueError: There is none, and this resource is not made up.
        """
        if self.find(resource, key) is None:
            if not resource.is_made_up:
                raise ValueError(f"{where}: there is no {resource.singular} {key!r}")
            self.take(resource, {resource.key: key}, where)

    def take(self, resource: Resource, record: Any, where: str) -> Row:
        """Check and complete one record.

        Args:
            resource: What it is one of.
            record: As the API sends it, or some of its fields.
            where: What it is called in sentences.

        Raises:
            ValueError: A field is missing, unknown or wrong.
        """
        checked = resource.prepare(_checked(resource, record, where), self)
        row: Record = {}
        for field in resource.columns:
            value = checked.get(field.name, field.default)
            row[field.name] = stored(value(self) if callable(value) else value)
            if field.of is not None and value is not None:
                self.require(field.of, row[field.name], f"{where}.{field.name}")
        taken = self.rows[resource.name]
        if row[resource.key] in taken:
            raise ValueError(f"{where}.{resource.key} is there twice: {row[resource.key]!r}")
        taken[row[resource.key]] = row
        return row


def _checked(resource: Resource, record: Any, where: str) -> Record:
    if not isinstance(record, dict):
        raise ValueError(f"{where} must be an object")  # noqa: TRY004 - the same as for what is in it
    for field in resource.columns:
        if field.default is NEEDED and field.name not in record:
            raise ValueError(f"{where}.{field.name} is missing")
    unknown = sorted(set(record) - set(resource.sent))
    if unknown:
        known = ", ".join(sorted(resource.sent))
        raise ValueError(f"{where}.{unknown[0]} is unknown; a {resource.singular} may have {known}")
    return {name: resource.sent[name].check(f"{where}.{name}", value) for name, value in record.items()}


def rows_of(
    state: Any, resources: Iterable[Resource], now: datetime, random: AnyRandom
) -> Mapping[str, Mapping[str, Row]]:
    """The rows of a whole state.

    Args:
        state: An object with a list for any of the resources.
        resources: All there are, those that others name before these.
        now: When what doesn't say was created.
        random: Where ids come from.

    Raises:
        ValueError: A sentence that names what is wrong and where.
    """
    lists = {resource.name: resource for resource in resources}
    if not isinstance(state, dict) or not state.keys() <= lists.keys():
        raise ValueError(f"state must be an object with some of {', '.join(lists)}")
    intake = Intake(now, random)
    for name, resource in lists.items():
        records = state.get(name, [])
        if not isinstance(records, list):
            raise ValueError(f"{name} must be a list")  # noqa: TRY004 - the same
        for index, record in enumerate(records):
            intake.take(resource, record, f"{name}[{index}]")
    return intake.rows
