"""Validate a thousand license keys at once, and print as JSON what it took.

Usage: validate.py SIDE BASE_URL, where SIDE is `httpx` or `dodo_licenses`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

AT_ONCE = 100  # connections that httpx makes at the most
LICENSE_KEYS = [f"DEMO-0000-0000-{number:04d}" for number in range(1000)]


async def with_httpx(base_url):
    """What one writes by hand, kept out of httpx's pool as long as it has no connection to spare.

    Without the semaphore httpx takes ten times as long: for each request that moves on it searches all that
    wait.
    """
    import httpx  # noqa: PLC0415 - this side only

    async with httpx.AsyncClient(base_url=base_url) as client:
        room = asyncio.Semaphore(AT_ONCE)

        async def validate(license_key):
            async with room:
                response = await client.post("/licenses/validate", json={"license_key": license_key})
            response.raise_for_status()
            return json.loads(response.content)["valid"]

        yield
        yield await asyncio.gather(*map(validate, LICENSE_KEYS))


async def with_dodo_licenses(base_url):
    """The same with our client, without its rate limit."""
    from dodo_licenses import AsyncDodoPayments  # noqa: PLC0415 - this side only

    async with AsyncDodoPayments(base_url=base_url, rate_limit=None) as client:

        async def validate(license_key):
            return (await client.licenses.validate(license_key=license_key)).valid

        yield
        yield await asyncio.gather(*map(validate, LICENSE_KEYS))


async def main(side, base_url):
    """Validate and measure; making the client doesn't count."""
    sides = {"httpx": with_httpx, "dodo_licenses": with_dodo_licenses}
    answers = sides[side](base_url)
    await anext(answers)  # the client is made
    wall, cpu = time.perf_counter(), time.process_time()
    valid = await anext(answers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    await answers.aclose()
    print(json.dumps({"valid": sum(valid), "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
