"""The jobs of every day, each by a real process on an account of 12,345 keys: nothing lost, few requests."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from cli.conftest import Shell

from dodo_licenses.testing import DodoMock

KEYS, MANY = 12_345, 200
REFUNDED, STOLEN = "pdt_refunded", "pdt_stolen"
PAGES = KEYS // 100 + 1
AHEAD = 4  # pages that may be on their way when the key is found

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and terminals are others there")


@pytest.fixture(scope="module")
def big():
    with DodoMock(keys=KEYS - 2 * MANY) as mock:
        owner = next(iter(mock.client().license_keys.list(limit=1))).customer_id
        for number in range(MANY):  # spread over all pages
            created_at = datetime(2024, 1, 2, tzinfo=UTC) + timedelta(days=3 * number)
            fields = {"customer_id": owner, "created_at": created_at}
            mock.add_license_key(f"REFUND-{number:04}", product_id=REFUNDED, **fields)
            mock.add_license_key(f"STOLEN-{number:04}", product_id=STOLEN, **fields)
        mock.state = mock.dump()
        yield mock


@pytest.fixture
def shell(big):
    return Shell.of(big)


@pytest.fixture
def requests(big):
    """The requests since the test began, counted by operation."""
    before = len(big.requests)
    return lambda: Counter(request["operation"] for request in big.requests[before:])


def held(mock, product):
    return list(mock.client().license_keys.list(product_id=product))


def terminated(shell, *arguments):
    """What a command says that gets a SIGTERM after 50 changes."""
    with shell.start(*arguments) as process:
        for _ in range(50):
            process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        told = process.communicate()[1]
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in told
    return told


def test_which_account_is_this(big, shell, requests):
    done = shell("doctor")
    assert done.returncode == 0, done.stderr
    assert big.base_url.removeprefix("http://") in done.stdout
    assert big.api_key not in done.stdout + done.stderr
    assert requests().total() == 2
    assert big.count_license_keys() == KEYS


def test_a_customer_mails_a_key(big, shell, requests):
    key = big.state["license_keys"][-1]
    done = shell("lookup", key["key"], "--format", "table")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    shown = dict(re.split(r" {2,}", line.strip(), maxsplit=1) for line in done.lines[:9])
    told = (shown["id"], shown["product"], shown["status"])
    assert told == (key["id"], key["product_id"], key["status"])
    devices = [one for one in big.state["license_key_instances"] if one["license_key_id"] == key["id"]]
    assert shown["seats"].startswith(f"{len(devices)} of ")
    assert all(one["created_at"][:10] in done.stdout and one["id"] in done.stdout for one in devices)
    asked = requests()
    assert PAGES <= asked["list_license_keys"] <= PAGES + AHEAD
    assert asked["validate_license"] + asked["list_license_key_instances"] <= 3
    assert shell("lookup", key["key"], "--customer", key["customer_id"]).returncode == 0
    assert (requests() - asked)["list_license_keys"] <= 5 + AHEAD


def test_a_key_that_nobody_has(shell, requests):
    done = shell.on_a_terminal("lookup", typed=[("License key", "SECRET-KEY\n")])
    assert done.returncode == 1
    assert "there is no license key with this string" in done.stdout
    assert "124 pages read, 12,345 license keys" in done.stdout
    assert "SECRET" not in done.stdout
    asked = requests()
    assert PAGES <= asked["list_license_keys"] == asked.total() <= PAGES + AHEAD


def test_a_seat_is_freed(big, shell, requests):
    key = big.add_license_key("FREE-1", activations_limit=None)["id"]
    client = big.client()
    for days, name in ((-100, "old"), (60, "laptop"), (40, "phone"), (0, "phone")):
        big.advance(days=days)
        client.licenses.activate(license_key="FREE-1", name=name)

    def left():
        return [one.name for one in client.license_key_instances.list(license_key_id=key)]

    no = shell.on_a_terminal("free", key, "--all", typed=[("[y/N]", "n\n")])
    assert no.returncode == 1
    assert "would free" in no.stdout
    assert shell("free", "FREE-1", "--older-than", "90d", "--dry-run").lines[0].endswith("\told")
    assert shell("free", "FREE-1", "--older-than", "90d", "--yes").lines[0].endswith("\told")
    yes = shell.on_a_terminal("free", key, "--device", "phone", typed=[("[y/N]", "y\n")])
    assert yes.returncode == 0
    assert left() == ["laptop"]
    assert requests()["deactivate_license"] == 3  # none for what was declined or only looked at


def test_what_was_refunded_is_disabled_though_interrupted(big, shell, requests):
    dry = shell("disable", "--product-id", REFUNDED, "--dry-run")
    assert (dry.returncode, len(dry.lines), dry.stderr) == (0, 200, "would disable 200 license keys\n")
    assert requests()["list_license_keys"] == requests().total() <= MANY // 100 + 1 + AHEAD
    told = terminated(shell, "disable", "--product-id", REFUNDED, "--yes")
    assert "the same command goes on" in told
    rest = shell("disable", "--product-id", REFUNDED, "--yes")
    assert rest.returncode == 0
    assert "disabled already" in rest.stderr
    assert {key.status for key in held(big, REFUNDED)} == {"disabled"}
    assert MANY <= requests()["update_license_key"] <= MANY + 1


def test_ids_from_a_pipe_are_all_disabled_whatever_moves(big, shell, requests):
    stop = threading.Event()

    def sell():
        while not stop.wait(0.005):
            big.add_license_key()

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        line = f"dodo-licenses list --product-id {STOLEN} --status active --columns id | jq -r .id"
        done = shell.line(f"{line} | dodo-licenses disable --ids - --yes")
    finally:
        stop.set()
        seller.join()
    assert done.returncode == 0, done.stderr
    assert len(done.lines) == MANY
    assert {key.status for key in held(big, STOLEN)} == {"disabled"}
    assert requests()["update_license_key"] == MANY
    some = shell("enable", "STOLEN-0001", "STOLEN-9999", held(big, STOLEN)[0].id, "--yes")
    assert some.returncode == 1
    assert [line.split("\t")[0] for line in some.lines] == ["unknown", "enabled", "enabled"]


def test_old_keys_are_imported_though_interrupted(big, shell, requests, tmp_path):
    customer = big.state["license_keys"][0]["customer_id"]
    path = tmp_path / "keys.csv"
    rows = [f"OLD-{number:04},{customer},{REFUNDED}" for number in range(200)]
    path.write_text("\n".join(["key,customer_id,product_id", *rows, ""]))
    command, go_on = ["import", "--file", path], re.compile(r"go on with: dodo-licenses (import .*)")
    slowly = {"columns": 120, "DODO_PAYMENTS_RATE_LIMIT": "2"}
    stopped = shell.on_a_terminal(*command, typed=[("imported", "\x03")], **slowly)
    assert stopped.returncode == 130
    assert re.search(r"1:3\d:\d\d left, \d done: import 200 rows", stopped.stdout)
    told = terminated(shell, *go_on.search(stopped.stdout)[1].split())
    assert shell(*go_on.search(told)[1].split()).returncode == 0
    keys = Counter(key.key for key in held(big, REFUNDED) if key.key.startswith("OLD-"))
    assert keys == Counter(f"OLD-{number:04}" for number in range(200))
    assert requests()["create_license_key"] <= 202
    assert [path.name for path in tmp_path.iterdir()] == ["keys.csv"]
