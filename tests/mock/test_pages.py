"""Pages from the mock's store: every page of every listing is what sorting in Python gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resources import LICENSE_KEYS, RESOURCES
from dodo_licenses.mock.seed import fill

COUNT = 1557
DB = Database(RESOURCES)
fill(DB, COUNT)
EVERY = DB.page(LICENSE_KEYS, {"page_size": COUNT, "page_number": 0})


def test_newest_first():
    assert len(EVERY) == COUNT
    moments = [key["created_at"] for key in EVERY]
    assert moments == sorted(moments, reverse=True)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 100),
    st.integers(0, 60),
    st.sampled_from([{}, {"source": "auto"}, {"status": "active"}, {"status": "expired", "source": "auto"}]),
)
def test_a_page_is_a_slice(size, number, filters):
    wanted = [key for key in EVERY if all(key[name] == value for name, value in filters.items())]
    page = DB.page(LICENSE_KEYS, {"page_size": size, "page_number": number, **filters})
    assert page == wanted[size * number : size * (number + 1)]


def test_a_new_key_moves_the_pages_behind_it_on():
    now = datetime(2027, 1, 1, tzinfo=UTC)
    store = Database(RESOURCES, clock=lambda: now)
    fill(store, COUNT)

    def far():
        page = store.page(LICENSE_KEYS, {"page_size": 100, "page_number": COUNT // 100 - 1})
        return [key["id"] for key in page]

    owner = {name: EVERY[0][name] for name in ("customer_id", "product_id")}
    before = far()
    store.add(LICENSE_KEYS, key="NEW", **owner)
    after = far()
    assert after[1:] == before[:-1]
    now -= timedelta(days=700)  # created in the middle of the others
    store.add(LICENSE_KEYS, key="OLD", **owner)
    assert far()[1:] == after[:-1]
    now -= timedelta(days=400)  # created before all others
    store.add(LICENSE_KEYS, key="OLDEST", **owner)
    assert far()[1:] == after[:-1]
