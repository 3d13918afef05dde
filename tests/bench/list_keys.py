"""List license keys in a process of its own, and print as JSON what it took.

Usage: list_keys.py SIDE BASE_URL [ARGUMENTS], where SIDE is `httpx` or the module of a client, and ARGUMENTS
are those of `client.license_keys.list()`, as JSON.
"""

from __future__ import annotations

import functools
import importlib
import json
import resource
import sys
import time

API_KEY = "sk_made_up"


def by_hand(client, page_size=100):
    """The loop that one writes with plain httpx: bare dicts, page by page until one is short."""
    page_number = 0
    while True:
        params = {"page_size": page_size, "page_number": page_number}
        response = client.get("/license_keys", params=params)
        response.raise_for_status()
        items = json.loads(response.content)["items"]
        yield from items
        if len(items) < page_size:
            return
        page_number += 1


def with_httpx(base_url):
    """A client, and what lists keys with it."""
    import httpx  # noqa: PLC0415 - this side only

    client = httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {API_KEY}"})
    return client, functools.partial(by_hand, client)


def with_client(module, base_url):
    """The same with ours, without its rate limit, or with the vendor's."""
    settings = {"rate_limit": None} if module == "dodo_licenses" else {}
    make = importlib.import_module(module).DodoPayments
    client = make(base_url=base_url, bearer_token=API_KEY, **settings)
    return client, client.license_keys.list


def main(side, base_url, arguments="{}"):
    """List, count and measure; making the client doesn't count."""
    client, list_keys = with_httpx(base_url) if side == "httpx" else with_client(side, base_url)
    count = 0
    with client:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in list_keys(**json.loads(arguments)):
            count += 1
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"keys": count, "wall": wall, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
