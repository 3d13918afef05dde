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
PORTAL = {
    "headers": {"Content-Type": "text/html"},
    "body": "<!doctype html><title>Welcome to our Wi-Fi</title>",
}


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Crash(BaseException):
    """The process was killed."""


class World:
    """A customer's machine, and the vendor's service. Methods are what happens; each returns the world."""

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
        instances = self.merchant.license_key_instances.list(license_key_id=key.id)
        return next((instance.id for instance in instances if instance.name == name), None)

    def activated(self):
        with suppress(DodoPaymentsError):
            self.license.activate(self.key["key"])
        return self

    def days_pass(self, days):
        self.time += days * DAY
        return self

    def disabled(self, disabled=True):  # noqa: FBT002 - as the API has it
        self.merchant.license_keys.update(self.key["id"], disabled=disabled)
        return self

    def asked(self):
        self.license.is_valid()
        return self

    def unanswered(self, kind="reset", **fault):
        self.mock.fault(kind, times=None, **fault)
        return self

    def once(self, kind, **fault):
        self.mock.fault(kind, "activate_license", **fault)
        return self

    def answers_again(self):
        httpx.delete(f"{self.mock.base_url}/_mock/faults").raise_for_status()
        return self

    def freed(self):
        (seat,) = self.merchant.license_key_instances.list(license_key_id=self.key["id"])
        self.merchant.licenses.deactivate(license_key=self.key["key"], license_key_instance_id=seat.id)
        return self

    def taken_by_others(self):
        self.merchant.licenses.activate(license_key=self.key["key"], name="another machine")
        return self

    def of_another_product(self):
        self.license.product_id = "pdt_other"
        return self

    def killed_while_activating(self):
        """After it had asked, and before it wrote the answer down."""
        keep, written = self.license._keep, []

        def killed(state):
            if written:
                raise Crash
            written.append(keep(state))

        self.license._keep = killed
        with suppress(Crash):
            self.activated()
        self.license._keep = keep
        return self

    def damaged(self):
        self.license.file.write_text("{")
        return self

    def started(self):
        """The requests, whether it runs, and how many seats are taken."""
        public = [f"/licenses/{word}" for word in ("activate", "validate", "deactivate")]
        before = len(self.mock.requests)
        runs = self.license.is_valid()
        sent = sum(request["path"] in public for request in self.mock.requests[before:])
        self.answers_again()
        return sent, runs, self.merchant.license_keys.retrieve(self.key["id"]).instances_count


def later(days=3, **fault):
    """Activated so many days ago, and nobody answers now."""
    return lambda w: w.activated().days_pass(days).unanswered(**fault)


SITUATIONS = {
    "never activated": lambda w: w,
    "activated a moment ago": lambda w: w.activated(),
    "a day has passed": lambda w: w.activated().days_pass(1),
    "three days have passed, the connection breaks": later(),
    "… 429: too many requests": later(kind="answer", status=429, headers={"Retry-After": "90"}),
    "… 500": later(kind="answer", status=500),
    "… 503": later(kind="answer", status=503),
    "… a captive portal's page, with status 200": later(kind="answer", status=200, **PORTAL),
    "… a redirect to a captive portal": later(kind="answer", status=302, headers={"Location": "/"}),
    "three weeks have passed without an answer": later(days=21),
    "the merchant has disabled the license key": lambda w: w.activated().days_pass(1).disabled(),
    "… the service has said so, and then the connection breaks": lambda w: (
        w.activated().days_pass(1).disabled().asked().unanswered()
    ),
    "… the service has said so, and then the license key is enabled again": lambda w: (
        w.activated().days_pass(1).disabled().asked().disabled(False)  # noqa: FBT003
    ),
    "the seat was freed, on the vendor's side": lambda w: w.activated().days_pass(1).freed(),
    "nobody answers, and the clock is set back": lambda w: later(days=10)(w).asked().days_pass(-5),
    "the clock is set back, and the service answers": lambda w: (
        later(days=10)(w).asked().days_pass(-5).answers_again()
    ),
    "killed after it had asked for its activation, before it wrote the answer down": lambda w: (
        w.killed_while_activating()
    ),
    "the answer to its activation was lost": lambda w: w.once("reset", after=True).activated(),
    "the request for its activation was lost": lambda w: w.once("reset").activated(),
    "all seats are taken by other machines": lambda w: w.taken_by_others().activated(),
    "activated with the license key of another product": lambda w: w.of_another_product().activated(),
    "the file is damaged": lambda w: w.activated().damaged(),
}


def test_each_situation_ends_as_the_table_says(dodo_mock, tmp_path):
    rows = HEAD
    for number, (sentence, happens) in enumerate(SITUATIONS.items()):
        dodo_mock.reset()
        folder = tmp_path / str(number)
        folder.mkdir()
        world = happens(World(dodo_mock, folder))
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
