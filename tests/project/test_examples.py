"""The programs of docs/examples, run as an application would; this writes the table of situations."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from contextlib import suppress

import httpx
import pytest
from spec_edits import ROOT

from dodo_licenses import DodoPayments, DodoPaymentsError

PAGE = ROOT / "docs" / "in-an-application.md"
BEGIN, END = "<!-- situations: written by the tests -->\n\n", "\n<!-- end of situations -->"
HEAD = "| then the application is started | requests | runs | seats |\n| --- | ---: | --- | ---: |\n"
DAY = 24 * 60 * 60
PORTAL = {"headers": {"Content-Type": "text/html"}, "body": "<!doctype html><title>Wi-Fi</title>"}


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Crash(BaseException):
    """The process was killed."""


class World:
    """A customer's machine, and the vendor's service."""

    def __init__(self, mock, folder):
        self.mock, self.time = mock, 1_000_000.0
        self.merchant = mock.client()
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
        key = self.merchant.license_keys.find(key=license_key)
        return next((instance.id for instance in self.seats(key.id) if instance.name == name), None)

    def seats(self, license_key_id):
        return self.merchant.license_key_instances.list(license_key_id=license_key_id)

    def activate(self):
        with suppress(DodoPaymentsError):
            self.license.activate(self.key["key"])

    def activate_but_killed(self):
        """After it had asked, and before it wrote the answer down."""
        keep, written = self.license._keep, []

        def killed(state):
            if written:
                raise Crash
            written.append(keep(state))

        self.license._keep = killed
        with suppress(Crash):
            self.activate()
        self.license._keep = keep

    def pass_days(self, days):
        self.time += days * DAY

    def update(self, **changes):
        self.merchant.license_keys.update(self.key["id"], **changes)

    def free(self):
        (seat,) = self.seats(self.key["id"])
        self.merchant.licenses.deactivate(license_key=self.key["key"], license_key_instance_id=seat.id)

    def answer(self, **so):
        self.mock.fault(times=None, **so)

    def answer_again(self):
        httpx.delete(f"{self.mock.base_url}/_mock/faults").raise_for_status()

    def started(self):
        """The requests, whether it runs, and how many seats are taken."""
        public = [f"/licenses/{word}" for word in ("activate", "validate", "deactivate")]
        before = len(self.mock.requests)
        runs = self.license.is_valid()
        sent = sum(request["path"] in public for request in self.mock.requests[before:])
        self.answer_again()
        return sent, runs, len(list(self.seats(self.key["id"])))


# What may happen before the application is started, a word each.
STEPS = {
    "activate": World.activate,
    "activate, but killed": World.activate_but_killed,
    "ask": lambda world: world.license.is_valid(),
    "1 day": lambda world: world.pass_days(1),
    "3 days": lambda world: world.pass_days(3),
    "10 days": lambda world: world.pass_days(10),
    "21 days": lambda world: world.pass_days(21),
    "5 days back": lambda world: world.pass_days(-5),
    "disable": lambda world: world.update(disabled=True),
    "enable": lambda world: world.update(disabled=False),
    "free the seat": World.free,
    "another machine": lambda world: world.merchant.licenses.activate(license_key=world.key["key"], name="x"),
    "another product": lambda world: setattr(world.license, "product_id", "pdt_other"),
    "damage": lambda world: world.license.file.write_text("{"),
    "break": lambda world: world.mock.fault("reset", times=None),
    "lose the request": lambda world: world.mock.fault("reset", "activate_license"),
    "lose the answer": lambda world: world.mock.fault("reset", "activate_license", after=True),
    "403": lambda world: world.answer(status=403),
    "429": lambda world: world.answer(status=429, headers={"Retry-After": "90"}),
    "500": lambda world: world.answer(status=500),
    "503": lambda world: world.answer(status=503),
    "portal": lambda world: world.answer(status=200, **PORTAL),
    "redirect": lambda world: world.answer(status=302, headers={"Location": "/"}),
    "answer again": World.answer_again,
}
SAID_SO, SET_BACK = (
    "… the service has said so, and then",
    ("activate", "10 days", "break", "ask", "5 days back"),
)
KILLED = "killed after it had asked for its activation, before it wrote the answer down"
SITUATIONS = {
    "never activated": (),
    "activated a moment ago": ("activate",),
    "a day has passed": ("activate", "1 day"),
    "three days have passed, the connection breaks": ("activate", "3 days", "break"),
    "… 429: too many requests": ("activate", "3 days", "429"),
    "… 500": ("activate", "3 days", "500"),
    "… 503": ("activate", "3 days", "503"),
    "… a captive portal's page, with status 200": ("activate", "3 days", "portal"),
    "… a redirect to a captive portal": ("activate", "3 days", "redirect"),
    "… 403, which is an answer": ("activate", "3 days", "403"),
    "three weeks have passed without an answer": ("activate", "21 days", "break"),
    "the merchant has disabled the license key": ("activate", "1 day", "disable"),
    f"{SAID_SO} the connection breaks": ("activate", "1 day", "disable", "ask", "break"),
    f"{SAID_SO} the license key is enabled again": ("activate", "1 day", "disable", "ask", "enable"),
    "the seat was freed, on the vendor's side": ("activate", "1 day", "free the seat"),
    "nobody answers, and the clock is set back": SET_BACK,
    "the clock is set back, and the service answers": (*SET_BACK, "answer again"),
    KILLED: ("activate, but killed",),
    "the answer to its activation was lost": ("lose the answer", "activate"),
    "the request for its activation was lost": ("lose the request", "activate"),
    "all seats are taken by other machines": ("another machine", "activate"),
    "activated with the license key of another product": ("another product", "activate"),
    "the file is damaged": ("activate", "damage"),
}


def test_each_situation_ends_as_the_table_says(dodo_mock, tmp_path):
    rows = HEAD
    for number, (sentence, steps) in enumerate(SITUATIONS.items()):
        dodo_mock.reset()
        folder = tmp_path / str(number)
        folder.mkdir()
        world = World(dodo_mock, folder)
        for step in steps:
            STEPS[step](world)
        with world.license.client:
            sent, runs, seats = world.started()
        rows += f"| {sentence} | {sent} | {'yes' if runs else '**no**'} | {seats} |\n"
        if os.name == "posix":
            assert not [file for file in folder.iterdir() if file.stat().st_mode & 0o077], (
                "others can read it"
            )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(before + BEGIN + rows + END + after, encoding="utf-8")
    else:
        assert table == rows, "run the tests with UPDATE_DOCS=1"


def test_an_example_to_read_is_short():
    program = (ROOT / "docs" / "examples" / "licensed_app.py").read_text(encoding="utf-8")
    assert program.count("\n") <= 100


@pytest.mark.parametrize(
    ("fault", "instance", "status"),
    [({}, "its own", 200), ({}, "lki_other", 403), ({"kind": "answer", "status": 500}, "its own", 503)],
)
def test_the_fastapi_dependency_lets_in_who_is_licensed(dodo_mock, monkeypatch, fault, instance, status):
    key = dodo_mock.add_license_key()
    seat = dodo_mock.client().licenses.activate(license_key=key["key"], name="laptop")
    headers = {"X-License-Key": key["key"], "X-License-Instance": instance.replace("its own", seat.id)}
    if fault:
        dodo_mock.fault(**fault, times=None)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", dodo_mock.base_url)
    app = example("fastapi_app").app

    async def asked():
        transport = httpx.ASGITransport(app)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as browser:
            return await browser.get("http://shop.test/report", headers=headers)

    assert asyncio.run(asked()).status_code == status
