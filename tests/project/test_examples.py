"""The programs of docs/examples, run as an application would; this writes the table of situations."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from dodo_licenses import DodoPayments, DodoPaymentsError, ProductMismatchError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "in-an-application.md"
BEGIN, END = "<!-- situations: written by the tests -->\n\n", "\n<!-- end of situations -->"
HEAD = "| then the application is started | requests | runs | seats |\n| --- | ---: | --- | ---: |\n"
DAY = 24 * 60 * 60
SITUATIONS = {}


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def situation(sentence):
    return lambda story: SITUATIONS.setdefault(sentence, story)


class Crash(BaseException):
    """The process was killed."""


class World:
    """A customer's machine, and the vendor's service."""

    def __init__(self, mock, folder):
        self.mock, self.time = mock, 1_000_000.0
        self.key = mock.add_license_key(activations_limit=1)
        self.license = example("licensed_app").License(
            folder / "license.json",
            DodoPayments(base_url=mock.base_url, max_retries=0),
            self.key["product_id"],
            self.find,
            lambda: self.time,
        )

    def find(self, license_key, name):
        """What the vendor's own server does, with its API key."""
        client = self.mock.client()
        key = client.license_keys.find(key=license_key)
        instances = client.license_key_instances.list(license_key_id=key.id)
        return next((instance.id for instance in instances if instance.name == name), None)

    def activated(self, days=0):
        self.license.activate(self.key["key"])
        self.time += days * DAY

    def update(self, **fields):
        self.mock.client().license_keys.update(self.key["id"], **fields)

    def broken(self, kind="reset", **fault):
        self.mock.fault(kind, times=None, **fault)

    def answers_again(self):
        httpx.delete(f"{self.mock.base_url}/_mock/faults").raise_for_status()

    def started(self):
        """The requests, whether it runs, and how many seats are taken."""
        public = [f"/licenses/{word}" for word in ("activate", "validate", "deactivate")]
        before = len(self.mock.requests)
        runs = self.license.is_valid()
        sent = sum(request["path"] in public for request in self.mock.requests[before:])
        self.answers_again()
        return sent, runs, self.mock.client().license_keys.retrieve(self.key["id"]).instances_count


situation("never activated")(lambda _: None)
situation("activated a moment ago")(lambda world: world.activated())
situation("a day has passed")(lambda world: world.activated(days=1))


def unanswered(**fault):
    def story(world):
        world.activated(days=3)
        world.broken(**fault)

    return story


HTML = {
    "headers": {"Content-Type": "text/html"},
    "body": "<!doctype html><title>Welcome to our Wi-Fi</title>",
}
situation("three days have passed, the connection breaks")(unanswered())
situation("… 429: too many requests")(unanswered(kind="answer", status=429, headers={"Retry-After": "90"}))
situation("… 500")(unanswered(kind="answer", status=500))
situation("… 503")(unanswered(kind="answer", status=503))
situation("… a captive portal's page, with status 200")(unanswered(kind="answer", status=200, **HTML))
situation("… a redirect to a captive portal")(
    unanswered(kind="answer", status=302, headers={"Location": "/"})
)


@situation("three weeks have passed without an answer")
def three_weeks(world):
    world.activated(days=21)
    world.broken()


@situation("the merchant has disabled the license key")
def disabled(world):
    world.activated(days=1)
    world.update(disabled=True)


@situation("… it was told so, and then the connection breaks")
def disabled_and_told(world):
    disabled(world)
    world.license.is_valid()
    world.broken()


@situation("… it was told so, and then the license key is enabled again")
def enabled_again(world):
    disabled(world)
    world.license.is_valid()
    world.update(disabled=False)


@situation("the seat was freed, on the vendor's side")
def freed(world):
    world.activated(days=1)
    (instance,) = world.mock.client().license_key_instances.list(license_key_id=world.key["id"])
    world.mock.client().licenses.deactivate(license_key=world.key["key"], license_key_instance_id=instance.id)


@situation("nobody answers, and the clock is set back")
def set_back(world):
    world.activated(days=10)
    world.broken()
    world.license.is_valid()
    world.time -= 5 * DAY


@situation("the clock is set back, and the service answers")
def set_back_and_answered(world):
    set_back(world)
    world.answers_again()


@situation("killed after it had asked for its activation, before it wrote the answer down")
def killed_after(world):
    app, keep, written = world.license, world.license._keep, []

    def killed(state):
        if written:
            raise Crash
        written.append(keep(state))

    app._keep = killed
    with suppress(Crash):
        app.activate(world.key["key"])
    app._keep = keep


@situation("the answer to its activation was lost")
def lost(world):
    world.mock.fault("reset", "activate_license", after=True)
    with suppress(DodoPaymentsError):
        world.activated()


@situation("the request for its activation was lost")
def never_sent(world):
    world.mock.fault("reset", "activate_license")
    with suppress(DodoPaymentsError):
        world.activated()


@situation("all seats are taken by other machines")
def full(world):
    world.mock.client().licenses.activate(license_key=world.key["key"], name="another machine")
    with pytest.raises(DodoPaymentsError) as caught:
        world.activated()
    assert caught.value.code == "LICENSE_KEY_LIMIT_REACHED"


@situation("activated with the license key of another product")
def other_product(world):
    world.license.product_id = "pdt_other"
    with pytest.raises(ProductMismatchError):
        world.activated()


@situation("the file is damaged")
def damaged(world):
    world.activated()
    world.license.file.write_text("{")


@pytest.fixture(scope="module")
def told():
    return {}


@pytest.mark.parametrize("sentence", SITUATIONS)
def test_a_situation_ends_as_the_table_says(sentence, dodo_mock, tmp_path, told):
    world = World(dodo_mock, tmp_path)
    SITUATIONS[sentence](world)
    with world.license.client:
        sent, runs, seats = world.started()
    told[sentence] = f"| {sentence} | {sent} | {'yes' if runs else '**no**'} | {seats} |\n"
    if not os.environ.get("UPDATE_DOCS"):
        assert told[sentence] in PAGE.read_text(encoding="utf-8"), "run this file with UPDATE_DOCS=1 -n 0"
    assert os.name != "posix" or not [
        f for f in tmp_path.iterdir() if f.stat().st_mode & 0o077 and f.suffix == ""
    ]


def test_the_table_has_no_other_situation(told):
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    if os.environ.get("UPDATE_DOCS"):
        table = HEAD + "".join(told.values())
        PAGE.write_text(before + BEGIN + table + END + after, encoding="utf-8")
    assert [row.split(" | ")[0][2:] for row in table.splitlines()[2:]] == list(SITUATIONS)


def test_an_example_to_read_is_short_and_the_page_shows_it():
    program = (ROOT / "docs" / "examples" / "licensed_app.py").read_text(encoding="utf-8")
    assert program.count("\n") <= 100


@pytest.mark.parametrize(
    ("fault", "instance", "status"),
    [(None, "its own", 200), (None, "lki_other", 403), ({"kind": "answer", "status": 500}, "its own", 503)],
)
def test_the_fastapi_dependency_lets_in_who_is_licensed(dodo_mock, monkeypatch, fault, instance, status):
    key = dodo_mock.add_license_key()
    seat = dodo_mock.client().licenses.activate(license_key=key["key"], name="laptop")
    headers = {
        "X-License-Key": key["key"],
        "X-License-Instance": seat.id if instance == "its own" else instance,
    }
    if fault:
        dodo_mock.fault(**fault, times=None)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", dodo_mock.base_url)
    app = example("fastapi_app").app

    async def asked():
        transport = httpx.ASGITransport(app)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as browser:
            return await browser.get("http://shop.test/report", headers=headers)

    assert asyncio.run(asked()).status_code == status
