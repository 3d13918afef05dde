"""Connections: 64 at once, writes among the reads, and one that is idle. LOAD_ACTIONS=500 makes it long."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import closing
from http.client import HTTPConnection

from dodo_licenses import UnprocessableEntityError
from dodo_licenses.testing import DodoMock

CONNECTIONS, SEATS = 64, 5
ROUNDS = int(os.environ.get("LOAD_ACTIONS", "4")) // 4  # each connection: import, list, activate, deactivate


def test_nothing_is_lost_and_no_limit_broken():
    with DodoMock(keys=50) as mock:
        owner = {name: mock.dump()["license_keys"][0][name] for name in ("customer_id", "product_id")}
        shared = mock.add_license_key("SHARED", activations_limit=SEATS)["id"]
        imported, held = set(), set()

        async def work(worker, client):
            for number in range(ROUNDS):
                imported.add((await client.license_keys.create(key=f"{worker}-{number}", **owner)).id)
                page = await client.license_keys.list(page_size=20, limit=20)
                assert len({key.id for key in page.items}) == 20
                try:
                    seat = (await client.licenses.activate(license_key="SHARED", name="x")).id
                except UnprocessableEntityError:
                    continue
                held.add(seat)
                assert len(held) <= SEATS
                if worker % 2:
                    held.remove(seat)  # before it is asked for: the server may be ahead, never behind
                    await client.licenses.deactivate(license_key="SHARED", license_key_instance_id=seat)

        async def all_at_once():
            async with mock.async_client(timeout=600) as client:
                await asyncio.gather(*(work(worker, client) for worker in range(CONNECTIONS)))

        asyncio.run(all_at_once())
        state = mock.dump()
        assert {key["id"] for key in state["license_keys"]} >= imported
        assert len(state["license_keys"]) == 51 + len(imported) == 51 + CONNECTIONS * ROUNDS
        assert {i["id"] for i in state["license_key_instances"] if i["license_key_id"] == shared} == held
        assert 0 < len(held) <= SEATS


def test_an_idle_connection_is_the_client_s_to_close(monkeypatch):
    real, ahead = time.monotonic, 0
    monkeypatch.setattr(time, "monotonic", lambda: real() + ahead)
    with (
        DodoMock(keys=1) as mock,
        closing(HTTPConnection(mock.base_url.removeprefix("http://"))) as connection,
    ):
        for _ in range(2):
            connection.request("GET", "/_mock/")
            assert connection.getresponse().read()
            mock.count_license_keys()  # the server has done with it,
            ahead += 600
            mock.count_license_keys()  # and knows how late it is
