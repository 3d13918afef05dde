"""The mock's state: dumped and loaded it is the same, whatever is in it; pages are of the newest first."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import NEEDED
from dodo_licenses.mock.resources import LICENSE_KEYS, RESOURCES
from dodo_licenses.mock.seed import fill

NOW = datetime(2027, 1, 1, tzinfo=UTC)
COUNT = 1557
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MOMENT = st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PLAIN = TEXT | st.booleans() | st.integers(0, 2**31 - 1) | st.floats(allow_nan=False)
ANYTHING = st.none() | PLAIN | MOMENT.map(datetime.isoformat) | st.dictionaries(TEXT, PLAIN, max_size=3)


def filled(keys, **settings):
    db = Database(lambda: NOW)
    fill(db, keys, **settings)
    return db


account = cache(filled)  # which is only read


@st.composite
def states(draw):
    """Some of what is made up, with fields left out, and others holding whatever their check lets through."""
    state = account(8).dump()
    for its in RESOURCES:
        for record in state[its.name]:
            optional = [f for f in its.sent.values() if f.default is not NEEDED and f.name != its.key]
            for field in draw(st.lists(st.sampled_from(optional), max_size=3)):
                value = draw(ANYTHING)
                try:
                    field.check("", value)
                except ValueError:
                    record.pop(field.name, None)
                else:
                    record[field.name] = value
    return state


@settings(deadline=None, max_examples=30)
@given(states())
def test_what_was_dumped_loads_as_it_was(state):
    with closing(filled(0)) as one, closing(filled(0)) as other:
        one.load(state)
        dumped = one.dump()
        assert all(len(dumped[name]) >= len(records) for name, records in state.items())
        other.load(dumped)
        assert other.dump() == dumped


def test_what_is_made_up_is_the_same_each_time_and_ends_on_the_day_that_is_asked_for():
    day = date(2030, 5, 1)
    dumped = filled(200, seed=3, until=day).dump()
    assert dumped == filled(200, seed=3, until=day).dump() != filled(200, until=day).dump()
    moments = [datetime.fromisoformat(key["created_at"]).date() for key in dumped["license_keys"]]
    assert (day - moments[0]).days < 7
    assert 720 < (day - moments[-1]).days < 740


def test_what_is_made_up_has_a_grant_for_each_key_that_was_sold():
    state = account(COUNT).dump()
    keys = {key["id"]: key for key in state["license_keys"]}
    granted = {grant["license_key"]["id"]: grant for grant in state["grants"] if grant["license_key"]}
    assert set(granted) == {name for name, key in keys.items() if key["source"] == "auto"}
    for name, grant in granted.items():
        is_over = keys[name]["status"] == "expired" and keys[name]["expires_at"] is None
        assert (grant["status"] == "Revoked") == (is_over or keys[name]["status"] == "disabled")


def test_a_new_key_and_time_move_the_pages_behind_on():
    now = NOW
    db = Database(lambda: now)
    fill(db, COUNT)

    def ids(size, number=0, **filters):
        query = {"page_size": size, "page_number": number, **filters}
        return [key["id"] for key in db.page(LICENSE_KEYS, query)]

    def newest_first():
        keys = db.page(LICENSE_KEYS, {"page_size": -1})
        return [key["id"] for key in sorted(keys, key=lambda key: key["created_at"], reverse=True)]

    for days, key in ((0, "NEW"), (700, "IN BETWEEN"), (900, "OLDEST")):
        for number in range(COUNT // 100):
            ids(100, number)
        now -= timedelta(days=days)
        db.add(LICENSE_KEYS, key=key)
        assert ids(100, COUNT // 100) == ids(-1)[COUNT // 100 * 100 :] == newest_first()[COUNT // 100 * 100 :]
    assert ids(100, status="active") == ids(-1, status="active")[:100]
    now = NOW  # by when some of them have expired
    assert ids(100, 1, status="active") == ids(-1, status="active")[100:200]
