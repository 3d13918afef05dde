"""What is measured: the rows of the table, each a function that measures both sides once, in turn."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import processes

OURS, VENDOR = "dodo_licenses", "dodopayments"
LATENCY = 50  # milliseconds
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Place:
    """Where and how much to measure: `keys` divided by 10 in a quick run."""

    address: str
    divisor: int = 1

    def url(self, keys, latency=0):
        """The base URL of a server with so many keys."""
        return f"{self.address}/{keys // self.divisor}/{latency}"


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        unit: Of both sides' figures.
        goal: What ours divided by theirs is to be at the most; with `is_difference`, ours minus theirs.
        rounds: How often both sides are measured, in turn.
        measure: Measures our side and the other one once, in that order.
        headline: What the README calls it, which shows a few rows only.
    """

    what: str
    against: str
    unit: str
    goal: float
    rounds: int
    measure: Callable[[Place], tuple[float, float]]
    is_difference: bool = False
    headline: str = ""

    def compared(self, ours, theirs):
        """The figure that the goal is for."""
        return ours - theirs if self.is_difference else ours / theirs


def listing(side, url, **arguments):
    """One listing in a process of its own; only the vendor's SDK may leave keys out."""
    result = processes.run("list_keys.py", side, url, json.dumps(arguments))
    keys = int(url.split("/")[3])
    missing = keys - result["keys"]
    if missing != (arguments.get("page_size", 10) if side == VENDOR else 0):
        raise RuntimeError(f"{side} listed {result['keys']} of {keys} keys")
    return result


def cpu_a_key(place, side):
    result = listing(side, place.url(50_000), page_size=100)
    return result["cpu"] / result["keys"] * 1e6


def cpu_and_httpx(place):
    return cpu_a_key(place, OURS), cpu_a_key(place, "httpx")


def cpu_and_vendor(place):
    return cpu_a_key(place, OURS), cpu_a_key(place, VENDOR)


def wall_a_key(place, side, **arguments):
    result = listing(side, place.url(10_000, LATENCY), **arguments)
    return result["wall"] / result["keys"] * 10_000 / place.divisor


def wall_and_httpx(place):
    return wall_a_key(place, OURS, prefetch=8), wall_a_key(place, "httpx", page_size=100)


def wall_and_vendor(place):
    return wall_a_key(place, OURS, prefetch=8), wall_a_key(place, VENDOR)


def requests(place, side):
    before = processes.pages_served(place.address)
    keys = listing(side, place.url(10_000))["keys"]
    served = processes.pages_served(place.address) - before
    return served / keys * 10_000 / place.divisor


def requests_and_vendor(place):
    return requests(place, OURS), requests(place, VENDOR)


def first_key(place, side):
    return processes.seconds_until_first_line("first_key.py", side, place.url(10_000)) * 1000


def first_key_and_vendor(place):
    return first_key(place, OURS), first_key(place, VENDOR)


def import_and_httpx(_):
    return processes.seconds_to_import(OURS) * 1000, processes.seconds_to_import("httpx") * 1000


def peak(place, keys):
    return listing(OURS, place.url(keys))["peak"] / MEGABYTE


def peak_of_a_million(place):
    return peak(place, 1_000_000), peak(place, 10_000)


def rate_limited(_):
    result = processes.run("limited.py")
    if result["keys"] != 10_000 or result["refusals"]:
        raise RuntimeError(f"the rate limit was not kept: {result}")
    return result["taken"], result["allowed"]


def validations(place, side):
    result = processes.run("validate.py", side, place.url(0, LATENCY))
    if result["valid"] != 1000:
        raise RuntimeError(f"{side} found {result['valid']} of 1000 license keys valid")
    return result["wall"] * 1000


def validations_and_httpx(place):
    return validations(place, OURS), validations(place, "httpx")


ROWS = [
    Row(
        "CPU time a key, listing 50,000 keys: typed, validated models",
        "plain httpx + json.loads, bare dicts",
        "µs",
        goal=0.9,
        rounds=9,
        measure=cpu_and_httpx,
    ),
    Row(
        "the same",
        "the vendor's SDK",
        "µs",
        goal=1 / 9,
        rounds=3,
        measure=cpu_and_vendor,
        headline="CPU time for a key",
    ),
    Row(
        "wall time for 10,000 keys at 50 ms a request, prefetch 8",
        "plain httpx one after the other",
        "s",
        goal=1 / 6,
        rounds=3,
        measure=wall_and_httpx,
    ),
    Row(
        "the same",
        "the vendor's SDK with its defaults",
        "s",
        goal=1 / 60,
        rounds=2,
        measure=wall_and_vendor,
        headline="10,000 keys at 50 ms a request, 8 pages ahead against one after the other",
    ),
    Row(
        "requests for 10,000 keys with default arguments",
        "the vendor's SDK",
        "requests",
        goal=101 / 1000,  # a tenth, and for both one request that finds the end
        rounds=1,
        measure=requests_and_vendor,
        headline="requests for 10,000 keys",
    ),
    Row(
        "time from process start to the first key printed",
        "the vendor's SDK",
        "ms",
        goal=1 / 2,
        rounds=9,
        measure=first_key_and_vendor,
    ),
    Row("`import dodo_licenses`", "`import httpx`", "ms", goal=1.2, rounds=25, measure=import_and_httpx),
    Row(
        "peak memory over a listing of 1,000,000 keys",
        "at 10,000 keys",
        "MB",
        goal=30,
        rounds=2,
        measure=peak_of_a_million,
        is_difference=True,
    ),
    Row(
        "10,000 keys under an enforced limit of 100 requests a minute (simulated clock)",
        "what the limit allows",
        "s",
        goal=1.05,
        rounds=1,
        measure=rate_limited,
    ),
    Row(
        "1,000 concurrent validations at 50 ms a request, async",
        "plain httpx doing the same",
        "ms",
        goal=1.3,
        rounds=5,
        measure=validations_and_httpx,
    ),
]
