"""Connections: 64 at once, writes among the reads, and one that is idle. LOAD_ACTIONS=500 makes it long."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from random import Random

import httpx

from dodo_licenses.mock import MockServer

CONNECTIONS, SEATS = 64, 5
ACTIONS = int(os.environ.get("LOAD_ACTIONS", "4"))  # of each


def test_nothing_is_lost_and_no_limit_broken():
    with MockServer(keys=50) as mock:
        owner = {name: mock.dump()["license_keys"][0][name] for name in ("customer_id", "product_id")}
        shared = mock.add_license_key("SHARED", activations_limit=SEATS)
        statuses, imported, held = Counter(), [], set()

        async def work(worker, http):
            random = Random(worker)  # noqa: S311
            for _ in range(ACTIONS):
                action = random.randrange(4)
                if action == 0:
                    body = {"key": f"{worker}-{random.random()}", **owner}
                    reply = await http.post("/license_keys", json=body)
                    imported.append(reply.json()["id"])
                elif action == 1:
                    body = {"license_key": "SHARED", "name": "x"}
                    reply = await http.post("/licenses/activate", json=body)
                    if reply.status_code == 201:
                        held.add(reply.json()["id"])
                        assert len(held) <= SEATS
                elif action == 2 and held:
                    seat = held.pop()  # before it is asked for: the server may be ahead, never behind
                    body = {"license_key": "SHARED", "license_key_instance_id": seat}
                    reply = await http.post("/licenses/deactivate", json=body)
                else:
                    reply = await http.get("/license_keys", params={"page_size": 20})
                    assert len({key["id"] for key in reply.json()["items"]}) == 20
                statuses[reply.status_code] += 1

        async def all_at_once():
            bearer = {"Authorization": f"Bearer {mock.api_key}"}
            limits = httpx.Limits(max_connections=CONNECTIONS)
            async with httpx.AsyncClient(
                base_url=mock.base_url, headers=bearer, timeout=600, limits=limits
            ) as http:
                await asyncio.gather(*(work(worker, http) for worker in range(CONNECTIONS)))

        asyncio.run(all_at_once())
        assert set(statuses) <= {200, 201, 422}
        assert sum(statuses.values()) == CONNECTIONS * ACTIONS
        state = mock.dump()
        assert {key["id"] for key in state["license_keys"]} >= set(imported)
        assert len(state["license_keys"]) == 51 + len(imported)
        seats = {i["id"] for i in state["license_key_instances"] if i["license_key_id"] == shared["id"]}
        assert seats == held
        assert len(seats) <= SEATS


def test_an_idle_connection_is_the_client_s_to_close(monkeypatch):
    real, ahead = time.monotonic, 0
    monkeypatch.setattr(time, "monotonic", lambda: real() + ahead)
    with (
        MockServer(keys=1) as mock,
        closing(HTTPConnection(mock.base_url.removeprefix("http://"))) as connection,
    ):
        for _ in range(2):
            connection.request("GET", "/_mock/")
            assert connection.getresponse().read()
            mock.count_license_keys()  # the server has done with it,
            ahead += 600
            mock.count_license_keys()  # and knows how late it is
