"""The server that all sides are measured against: replies ready as bytes, nothing else to do.

Its base URL says how many keys there are and how long a reply takes: `http://127.0.0.1:PORT/KEYS/MILLISECONDS`.
Pages are counted from 0. It prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import functools
import json
import random
import re
import sys

_MARK = "#######"  # stands for the page's number, in every id of a page
_CONTENT_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def license_key(index, dice):
    """A license key as the API's newest generation sends it."""
    number = f"{_MARK}{index:03d}"
    day = f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    return {
        "id": f"lic_{number}TC0VcgrnzrF",
        "business_id": "bus_Xk2TC0VcgrnzrF3GTSwB",
        "brand_id": "brand_q8TC0VcgrnzrF3GTSw",
        "product_id": f"pdt_{dice.randrange(10**6):06d}nzrF3GTSwBTC0",
        "customer_id": f"cus_{dice.randrange(10**9):09d}rF3GTSwBTC",
        "payment_id": f"pay_{dice.randrange(10**9):09d}GTSwBTC0Vc",
        "subscription_id": dice.choice([None, f"sub_{dice.randrange(10**9):09d}cgrnzrF3GT"]),
        "key": f"{dice.getrandbits(32):08X}-{dice.getrandbits(16):04X}-{dice.getrandbits(16):04X}-{number}",
        "status": dice.choice(["active", "active", "active", "expired", "disabled"]),
        "source": dice.choice(["auto", "auto", "import", "manual"]),
        "activations_limit": dice.choice([None, 1, 3, 5]),
        "instances_count": dice.randint(0, 5),
        "created_at": f"{day}T10:{index % 60:02d}:07.{dice.randrange(10**6):06d}Z",
        "expires_at": dice.choice([None, f"{day.replace('2026', '2027')}T00:00:00Z"]),
    }


def reply(body):
    """A whole HTTP response."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


@functools.cache
def any_page(page_size):
    """The reply with a full page, but for the page's number."""
    dice = random.Random(page_size)  # noqa: S311 - made-up data
    items = [license_key(index, dice) for index in range(page_size)]
    return reply(json.dumps({"items": items}, separators=(",", ":")).encode())


EMPTY_PAGE = reply(b'{"items":[]}')
VALID = reply(b'{"valid":true}')


def page(keys, page_size, number):
    """The reply with one page of so many keys."""
    if number * page_size >= keys:
        return EMPTY_PAGE
    return any_page(page_size).replace(_MARK.encode(), b"%07d" % number)


class Conversation(asyncio.Protocol):
    """One connection, which is kept."""

    requests = 0  # for pages of license keys, on all connections

    def connection_made(self, transport):
        self._transport = transport
        self._received = b""

    def data_received(self, data):
        self._received += data
        head, is_whole, body = self._received.partition(b"\r\n\r\n")
        length = _CONTENT_LENGTH.search(head)
        if not is_whole or (length and len(body) < int(length[1])):
            return
        self._received = b""
        target = head.split(b" ", 2)[1].decode()
        if target == "/requests":
            self._transport.write(reply(b"%d" % Conversation.requests))
            return
        keys, milliseconds, operation = target[1:].split("/", 2)
        asyncio.get_running_loop().call_later(
            int(milliseconds) / 1000, self._transport.write, self._answer(int(keys), operation)
        )

    def _answer(self, keys, operation):
        if operation == "licenses/validate":
            return VALID
        Conversation.requests += 1
        query = dict(part.split("=") for part in operation.partition("?")[2].split("&") if part)
        return page(keys, int(query.get("page_size", 10)), int(query.get("page_number", 0)))


async def main():
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.add_reader(sys.stdin, over.set)
    server = await loop.create_server(Conversation, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(main())
