"""The jobs of every day, each by a real process on an account of 12,345 keys: nothing lost, few requests."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter

import pytest
from cli.conftest import Shell

from dodo_licenses.testing import DodoMock

KEYS = 12_345
PAGES = KEYS // 100 + 1
AHEAD = 4  # pages that may be on their way when the key is found

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and terminals are others there")


@pytest.fixture(scope="module")
def big():
    with DodoMock(keys=KEYS - 400) as mock:
        state = mock.dump()
        owner = state["license_keys"][0]["customer_id"]
        for number in range(400):  # spread over all pages
            state["license_keys"].insert(
                number * 25,
                {"key": f"REFUND-{number:04}", "customer_id": owner, "product_id": "pdt_refunded"},
            )
        mock.load(state)
        yield mock


@pytest.fixture
def shell(big):
    return Shell.of(big)


@pytest.fixture
def requests(big):
    """The requests since the test began, counted by operation."""
    before = len(big.requests)
    return lambda: Counter(request["operation"] for request in big.requests[before:])


def held(mock, product="pdt_refunded"):
    return [key for key in mock.dump()["license_keys"] if key["product_id"] == product]


def test_which_account_is_this(big, shell, requests):
    before = big.count_license_keys()
    done = shell("doctor")
    assert done.returncode == 0, done.stderr
    assert big.base_url.removeprefix("http://") in done.stdout
    assert big.api_key not in done.stdout + done.stderr
    assert requests().total() == 2
    assert big.count_license_keys() == before


@pytest.mark.parametrize("place", [0, 6_000, KEYS - 1])
def test_a_customer_mails_a_key(big, shell, requests, place):
    key = big.dump()["license_keys"][place]
    done = shell("lookup", key["key"], "--format", "table")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    shown = dict(re.split(r" {2,}", line.strip(), maxsplit=1) for line in done.lines[:9])
    assert (shown["id"], shown["product"], shown["status"]) == (
        key["id"],
        key["product_id"],
        key["status"],
    )
    devices = [one for one in big.dump()["license_key_instances"] if one["license_key_id"] == key["id"]]
    assert shown["seats"].startswith(f"{len(devices)} of ")
    assert all(f"{one['created_at'][:10]}" in done.stdout and one["id"] in done.stdout for one in devices)
    asked = requests()
    assert place // 100 < asked["list_license_keys"] <= place // 100 + 1 + AHEAD
    assert asked["validate_license"] + asked["list_license_key_instances"] <= 3
    mine = shell("lookup", key["key"], "--customer-id", key["customer_id"])
    assert mine.returncode == 0
    assert (requests() - asked)["list_license_keys"] <= 5 + AHEAD


def test_a_key_that_nobody_has(shell, requests):
    done = shell.on_a_terminal("lookup", typed=[("License key", "SECRET-KEY\n")])
    assert done.returncode == 1
    assert "there is no license key with this string" in done.stdout
    assert "124 pages read, 12,345 license keys" in done.stdout
    assert "SECRET" not in done.stdout
    assert PAGES <= requests()["list_license_keys"] <= PAGES + AHEAD
    assert len(requests()) == 1


def test_a_seat_is_freed(big, shell, requests):
    key = big.add_license_key("FREE-1", activations_limit=None)
    client = big.client()
    for days, name in ((-100, "old"), (60, "laptop"), (40, "phone"), (0, "phone")):
        big.advance(days=days)
        client.licenses.activate(license_key="FREE-1", name=name)

    def left():
        return [one.name for one in client.license_key_instances.list(license_key_id=key["id"])]

    assert sorted(left()) == ["laptop", "old", "phone", "phone"]
    no = shell.on_a_terminal("free", "FREE-1", "--all", typed=[("[y/N]", "n\n")])
    assert no.returncode == 1
    assert "would free" in no.stdout
    assert "laptop" in no.stdout
    assert len(left()) == 4
    assert shell("free", "FREE-1", "--older-than", "90d", "--dry-run").lines[0].endswith("\told")
    assert shell("free", "FREE-1", "--older-than", "90d", "--yes").lines[0].endswith("\told")
    assert shell("free", "FREE-1", "--device", "tablet", "--yes").returncode == 1
    assert requests()["deactivate_license"] == 1
    yes = shell.on_a_terminal("free", "FREE-1", "--device", "phone", typed=[("[y/N]", "y\n")])
    assert yes.returncode == 0
    assert left() == ["laptop"]
    assert requests()["deactivate_license"] == 3
    assert shell("free", key["id"], "--all", "--yes").returncode == 0
    assert left() == []


def switched_back(big):
    for key in held(big):
        if key["status"] == "disabled":
            big.client().license_keys.update(key["id"], disabled=False)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_what_was_refunded_is_disabled_though_interrupted(big, shell, requests, ending):
    switched_back(big)
    before = requests()["update_license_key"]
    dry = shell("disable", "--product-id", "pdt_refunded", "--dry-run")
    assert (dry.returncode, len(dry.lines), dry.stderr) == (0, 400, "would disable 400 license keys\n")
    assert requests()["update_license_key"] == before
    with shell.start("disable", "--product-id", "pdt_refunded", "--yes") as process:
        for _ in range(100):
            process.stdout.readline()
        process.send_signal(ending)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + ending
    assert "the same command goes on" in told
    assert "Traceback" not in told
    rest = shell("disable", "--product-id", "pdt_refunded", "--yes")
    assert rest.returncode == 0
    assert "disabled already" in rest.stderr
    assert {key["status"] for key in held(big)} == {"disabled"}
    assert 400 <= requests()["update_license_key"] - before <= 401


def test_ids_from_a_pipe_are_all_disabled_whatever_moves(big, shell, requests):
    switched_back(big)
    before = requests()["update_license_key"]
    stop = threading.Event()

    def sell():
        while not stop.wait(0.005):
            big.add_license_key()

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        line = "dodo-licenses list --product-id pdt_refunded --status active --columns id | jq -r .id"
        done = shell.line(f"{line} | dodo-licenses disable --ids - --yes")
    finally:
        stop.set()
        seller.join()
    assert done.returncode == 0, done.stderr
    assert len(done.lines) == 400
    assert {key["status"] for key in held(big)} == {"disabled"}
    assert requests()["update_license_key"] - before == 400
    some = shell("enable", "REFUND-0001", "REFUND-0002", "REFUND-9999", held(big)[0]["id"], "--yes")
    assert some.returncode == 1
    assert [line.split("\t")[0] for line in some.lines] == ["unknown", "enabled", "enabled", "enabled"]


def test_old_keys_are_imported_though_interrupted(big, shell, requests, tmp_path):
    customer = big.dump()["license_keys"][0]["customer_id"]
    path = tmp_path / "keys.csv"
    rows = [f"OLD-{number:04},{customer},pdt_refunded" for number in range(600)]
    path.write_text("\n".join(["key,customer_id,product_id", *rows, ""]))
    assert shell("import", "--file", path, "--dry-run").returncode == 0
    assert not requests()
    with shell.start("import", "--file", path) as process:
        for _ in range(200):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    again = re.search(r"go on with: (dodo-licenses import .*)", told)[1]
    done = shell.line(again)
    assert done.returncode == 0, done.stderr
    keys = Counter(key["key"] for key in held(big) if key["key"].startswith("OLD-"))
    assert keys == Counter(f"OLD-{number:04}" for number in range(600))
    assert requests()["create_license_key"] <= 601
    assert [path.name for path in tmp_path.iterdir()] == ["keys.csv"]
    shown = shell.on_a_terminal("import", "--file", path, "--skip-existing", columns=120)
    assert re.search(
        r"import 600 rows ━+.* \d+/600 \d:\d\d:\d\d", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.stdout)
    )
