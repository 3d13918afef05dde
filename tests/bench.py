"""Compare the client with plain httpx and with the vendor's SDK, side by side: `make bench`.

Without a command it measures every row and writes the tables; `serve` and `list` are processes it starts.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import itertools
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PAGE, README = ROOT / "docs" / "benchmarks.md", ROOT / "README.md"
API_KEY = "sk_made_up"
LATENCY = 50  # milliseconds

# --- what is measured ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """Who lists, and with which settings: the table shows all that aren't the defaults."""

    name: str
    module: str
    client: dict = field(default_factory=dict)
    listing: dict = field(default_factory=dict)

    def __str__(self):
        given = {**self.client, **self.listing}
        return ", ".join(f"`{name}={value}`" for name, value in given.items()) or "defaults"


def listed(address, side, keys, latency=0):
    """One listing in a process of its own; only the vendor's SDK may leave keys out."""
    settings = json.dumps([side.client, side.listing])
    result = json.loads(ran(__file__, "list", side.module, f"{address}/{keys}/{latency}", settings))
    missing = keys - result["keys"]
    if missing != (side.listing.get("page_size", 10) if side.module == "dodopayments" else 0):
        raise RuntimeError(f"{side.name} left out {missing} keys")
    return result


def of_each(what, keys, times, latency=0):
    """What a key takes, times so many; the vendor's SDK gives fewer keys than there are."""

    def figure(address, side):
        result = listed(address, side, keys, latency)
        return result[what] / result["keys"] * times

    return figure


cpu_a_key = of_each("cpu", 50_000, 1e6)
seconds = of_each("wall", 10_000, 10_000, LATENCY)
requests = of_each("requests", 10_000, 10_000)


def memory(address, side):
    return listed(address, side, 1_000_000 if side is not FEW else 10_000)["peak"] / 1e6


FIRST_KEY = """
import sys
sys.modules.update(click=None, rich=None, trio=None)  # tools of ours, which httpx would import
from {module} import DodoPayments
with DodoPayments(base_url=sys.argv[1], bearer_token="sk_made_up") as client:
    print(next(iter(client.license_keys.list())).id, flush=True)
"""


def first_key(address, side):
    command = [sys.executable, "-W", "ignore", "-c", FIRST_KEY.format(module=side.module), f"{address}/100/0"]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        took = time.perf_counter() - began
    if not line.startswith(b"lic_"):
        raise RuntimeError(f"{side.name} printed no license key")
    return took * 1000


def limited(_, side):
    return 60 if side is ALLOWED else float(ran(__file__, "limited"))  # 101 requests


UNLIMITED = {"rate_limit": None}
OURS = Side("dodo-licenses", "dodo_licenses", UNLIMITED)
FEW = Side("the same over 10,000", "dodo_licenses", UNLIMITED)
AHEAD = Side("dodo-licenses", "dodo_licenses", UNLIMITED, {"prefetch": 8})
DEFAULTS = Side("dodo-licenses", "dodo_licenses")
HTTPX = Side("plain httpx + json.loads", "httpx", {}, {"page_size": 100})
VENDOR = Side("the vendor's SDK", "dodopayments")
VENDOR_100 = Side("the vendor's SDK", "dodopayments", {}, {"page_size": 100})
ALLOWED = Side("what the limit allows", "", {}, {"per_minute": 100, "per_second": 10})


@dataclass(frozen=True)
class Row:
    """One row of the table: a figure of both sides, and what ours is to be of theirs at the most."""

    what: str
    figure: Callable
    unit: str
    ours: Side
    theirs: Side
    goal: float
    rounds: int
    is_headline: bool = False

    def measured(self, address):
        """The row's cells; both sides take turns."""
        sides = (self.ours, self.theirs)
        pairs = [[self.figure(address, side) for side in sides] for _ in range(self.rounds)]
        ratios = [ours - theirs if self.figure is memory else ours / theirs for ours, theirs in pairs]
        middle = (median(side) for side in zip(*pairs, strict=True))
        ours, theirs = (f"{value:{'.3g' if value < 1000 else ',.0f'}} {self.unit}" for value in middle)
        figure, spread = self._put(median(ratios)), f"{self._put(min(ratios))} to {self._put(max(ratios))}"
        is_met = "yes" if median(ratios) <= self.goal else "**no**"
        what = (self.what, str(self.ours), f"{self.theirs.name}, {self.theirs}")
        return (*what, ours, theirs, figure, spread, self._put(self.goal), is_met)

    def _put(self, figure):
        if self.figure is memory:
            return f"{figure:+.1f} {self.unit}"
        return f"{figure:.2f}" if figure > 0.7 else f"1/{1 / figure:.3g}"


WAITING = f"10,000 keys at {LATENCY} ms a request"
ROWS = [
    Row("CPU time a key", cpu_a_key, "µs", OURS, HTTPX, 0.8, 15),
    Row("CPU time a key", cpu_a_key, "µs", OURS, VENDOR_100, 1 / 9, 3, is_headline=True),
    Row("requests for 10,000 keys", requests, "requests", OURS, VENDOR, 0.101, 1, is_headline=True),
    Row(f"{WAITING}, page by page", seconds, "s", OURS, HTTPX, 1.05, 3),
    Row(f"{WAITING}, page by page", seconds, "s", OURS, VENDOR, 1 / 9, 1, is_headline=True),
    Row(f"{WAITING}, 8 pages ahead", seconds, "s", AHEAD, HTTPX, 1 / 6, 3, is_headline=True),
    Row("10,000 keys within the rate limit", limited, "s", DEFAULTS, ALLOWED, 1.05, 1, is_headline=True),
    Row("process start to the first key", first_key, "ms", DEFAULTS, VENDOR, 1 / 2, 9),
    Row("peak memory over 1,000,000 keys", memory, "MB", OURS, FEW, 30, 2),
]


# --- the processes -------------------------------------------------------------------------------------


def environment():
    """Compiled files are kept, and no proxy stands between us and the server."""
    kept = (name for name in os.environ if not name.startswith(("PYTHON", "DODO_PAYMENTS_")))
    return {name: os.environ[name] for name in kept if not name.lower().endswith("_proxy")}


def ran(*arguments):
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE).stdout


def by_hand(client, page_size):
    """The loop that one writes with plain httpx: bare dicts, page by page until one is short."""
    for number in itertools.count():
        params = {"page_size": page_size, "page_number": number}
        response = client.get("/license_keys", params=params).raise_for_status()
        items = json.loads(response.content)["items"]
        yield from items
        if len(items) < page_size:
            return


def list_keys(module, base_url, settings):
    """List, count and measure; importing and making the client doesn't count."""
    import resource  # noqa: PLC0415 - not on every system

    import httpx  # noqa: PLC0415

    settings, listing = json.loads(settings)
    if module == "httpx":
        client = httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {API_KEY}"})
        keys = functools.partial(by_hand, client)
    else:
        make = importlib.import_module(module).DodoPayments
        client = make(base_url=base_url, bearer_token=API_KEY, **settings)
        keys = client.license_keys.list
    asked = -int(httpx.get(f"{base_url}/requests").content)
    with client:
        wall, cpu = time.perf_counter(), time.process_time()
        count = sum(1 for _ in keys(**listing))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    asked += int(httpx.get(f"{base_url}/requests").content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"keys": count, "wall": wall, "cpu": cpu, "peak": peak, "requests": asked}))


def list_limited():
    """List 10,000 keys from a mock that enforces the documented limit, in real time."""
    from dodo_licenses import RateLimit  # noqa: PLC0415 - the other processes need none of it
    from dodo_licenses.mock.limits import Limiter  # noqa: PLC0415
    from dodo_licenses.testing import DodoMock  # noqa: PLC0415

    with DodoMock(keys=10_000, limiter=Limiter()) as mock:
        began = time.perf_counter()
        count = sum(1 for _ in mock.client(rate_limit=RateLimit()).license_keys.list())
        print(time.perf_counter() - began)
        if (count, len(mock.requests)) != (10_000, 101):
            raise RuntimeError(f"{count} keys in {len(mock.requests)} requests: the limit was not kept")


# As the API's newest generation sends it; the marks stand for the numbers of the page and of the key on it.
KEY = (
    '{"id":"lic_#######@@@TC0VcgrnzrF","business_id":"bus_Xk2TC0VcgrnzrF3GTSwB","brand_id":"brand_q8TC0Vcgr",'
    '"product_id":"pdt_V6HeyZPq9J@@@442Yt","customer_id":"cus_@@@9JFfb37Z442YtC","payment_id":"pay_@@@FfGTS",'
    '"subscription_id":null,"key":"A1B2C3D4-5E6F-@@@7-#######","status":"active","source":"auto",'
    '"activations_limit":5,"instances_count":2,"created_at":"2026-01-02T10:20:07.123456Z",'
    '"expires_at":"2027-05-28T00:00:00Z"}'
)


@functools.cache
def any_page(page_size):
    """The reply with a full page, but for the page's number."""
    items = ",".join(KEY.replace("@@@", f"{index:03d}") for index in range(page_size))
    return reply(f'{{"items":[{items}]}}'.encode())


def reply(body):
    """A whole HTTP response."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


def serve():
    """Serve until standard input ends. The base URL says how many keys there are, and after how many ms."""
    import asyncio  # noqa: PLC0415 - of this process only

    asked = 0

    class Conversation(asyncio.Protocol):
        def connection_made(self, transport):
            self._transport, self._received = transport, b""

        def data_received(self, data):
            nonlocal asked
            self._received += data
            if b"\r\n\r\n" not in self._received:
                return
            target, self._received = self._received.split(b" ", 2)[1].decode(), b""
            keys, milliseconds, operation = target[1:].split("/", 2)
            if operation == "requests":
                self._transport.write(reply(b"%d" % asked))
                return
            asked += 1
            query = dict(part.split("=") for part in operation.partition("?")[2].split("&") if part)
            size, number = int(query.get("page_size", 10)), int(query.get("page_number", 0))
            page = any_page(size).replace(b"#######", b"%07d" % number)
            page = page if number * size < int(keys) else reply(b'{"items":[]}')
            loop.call_later(int(milliseconds) / 1000, self._transport.write, page)

    async def until_input_ends():
        over = asyncio.Event()
        loop.add_reader(sys.stdin, over.set)
        listener = await loop.create_server(Conversation, "127.0.0.1", 0)
        print(listener.sockets[0].getsockname()[1], flush=True)
        await over.wait()

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        runner.run(until_input_ends())


# --- the tables ----------------------------------------------------------------------------------------

HEADINGS = ("what", "with", "against", "ours", "theirs", "ratio", "spread", "at most", "met")
TEXT = """\
# Benchmarks

Written by `make bench`, which compares all sides in one run, against one server on the same machine. The
server and every single measurement are processes of their own, the server's replies are ready as bytes, and
the two sides of a row take turns. The ratio is the median over the rounds of ours divided by theirs, and the
spread its smallest and largest value. *With* has the settings of ours that aren't the defaults.

{table}

- *CPU time* is the process's over 50,000 keys in pages of 100; time at {latency} ms a request is the clock's.
  Imports and making a client count in *the first key* alone: those of click, rich and trio by httpx don't.
- *Plain httpx* is one `httpx.Client` and bare dicts, page by page until one is short. Ours are typed.
- *The vendor's SDK* asks for page 0 and then for page 2, and so leaves out a page of keys; what it takes is
  divided by the keys that it gives. Its default pages have 10 keys.
- *Requests*: a tenth, but for the one that finds the end, which every side needs.
- *The rate limit* is enforced by the mock, in real time: 101 requests take 60 s at best.

{machine}
"""


def table(headings, lines):
    rule = " | ".join("---:" if name in ("ours", "theirs", "ratio") else "---" for name in headings)
    return "\n".join(f"| {line} |" for line in (" | ".join(headings), rule, *map(" | ".join, lines)))


def machine():
    """What the figures depend on, and nothing that tells one machine's owner from another's."""
    cpus = Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else ""
    models = [line.partition(": ")[2] for line in cpus.splitlines() if line.startswith("model name")]
    yield "processor", f"{[*models, platform.machine()][0]}, {os.cpu_count()} cores, {platform.system()}"
    yield "Python", platform.python_version()
    yield from ((name, version(name)) for name in ("dodo-licenses", "dodopayments", "httpx", "msgspec"))


def main():
    """Measure every row, print the table while it grows, and write it down."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="the rows with this text, no writing")
    options = parser.parse_args()
    measured, command = [], [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        for row in ROWS:
            if options.only in f"{row.what} {row.theirs.name}":
                measured.append((row, row.measured(address)))
                print(" | ".join(measured[-1][1]), flush=True)
    if options.only:
        return
    everything = table(HEADINGS, [cells for _, cells in measured])
    PAGE.write_text(TEXT.format(table=everything, latency=LATENCY, machine=table(("", ""), machine())))
    headlines = table(HEADINGS[:6], [cells[:6] for row, cells in measured if row.is_headline])
    marked = re.compile(r"(?<=<!-- bench -->\n).*(?=\n<!-- /bench -->)", re.DOTALL)
    README.write_text(marked.sub(lambda _: headlines, README.read_text()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["limited"]:
            list_limited()
        case ["list", *arguments]:
            list_keys(*arguments)
        case _:
            main()
