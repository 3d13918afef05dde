"""`make check` names the file to go to for what only the spec knows; `make upstream` what the SDK says."""

from __future__ import annotations

import io
import json
import runpy
import sys
import tomllib
from contextlib import redirect_stdout

import httpx
import pytest
from spec_edits import GONE, ROOT, SPEC, added, at, edited

import complete
import upstream
from dodo_licenses.mock import MockServer

STATUS = "components>schemas>LicenseKeyStatus>enum"
FIELDS = "components>schemas>LicenseKey>properties"
LISTED = "paths>/license_keys>get"
BRAND = {"name": "brand_id", "in": "query", "schema": {"type": "string"}}


def test_each_forgotten_place_is_named():
    spec = added(f"{LISTED}>parameters", BRAND)
    spec = added(STATUS, "paused", spec)
    spec = added(FIELDS, {"seats": {"type": "integer"}}, spec)
    spec = added("paths", {"/license_keys/{id}/history": {"get": {"operationId": "list_history"}}}, spec)
    with MockServer(keys=complete.KEYS) as mock:
        headers = {"Authorization": f"Bearer {mock.api_key}"}
        with httpx.Client(base_url=mock.base_url, headers=headers, timeout=60) as client:
            told = list(complete.missing(spec, client))
    for sentence in (
        "list_license_keys: the mock ignores brand_id, ",
        "list_license_keys: no rule tells whether brand_id",
        "list_license_keys: no made-up status is paused, add one in ",
        "list_license_keys: the mock never sends seats",
        "list_history: write a rule for it, in ",
        "list_history: the mock has no such operation, add it in ",
    ):
        (line,) = (line for line in told if line.startswith(sentence))
        assert (ROOT / line.rpartition(" in ")[2]).exists()


@pytest.fixture(scope="module")
def sdk():
    """What the installed SDK knows; `make upstream` asks the newest."""
    program = str(ROOT / "generated" / "vendor_sdk.py")
    with pytest.MonkeyPatch.context() as here, redirect_stdout(io.StringIO()) as printed:
        here.setattr(sys, "argv", [program, *{operation.tag for operation in upstream.OPERATIONS.values()}])
        here.setenv("DODO_PAYMENTS_API_KEY", "")  # which it sets
        runpy.run_path(program, run_name="__main__")
    return json.loads(printed.getvalue())["known"]


def left(spec, sdk):
    explained = tomllib.loads((ROOT / "generated" / "upstream.toml").read_text())
    return upstream.report(sorted(upstream.differences(dict(upstream.ours(spec)), sdk)), explained)


def test_the_spec_says_what_the_vendors_sdk_says(sdk):
    assert left(SPEC, sdk) == []


@pytest.mark.parametrize(
    ("where", "value", "sentence"),
    [
        (f"{LISTED}>parameters>5", GONE, "license_keys.list source: add it, string"),
        (f"{LISTED}>parameters>5", BRAND, "brand_id: remove it, the SDK has it not"),
        (f"{LISTED}>deprecated", GONE, "license_keys.list: deprecated is false, make it true"),
        (STATUS, ["active", "disabled"], "active or disabled, make it active or disabled or expired"),
        (f"{FIELDS}>source", GONE, "license_keys.list reply.source: add it, string"),
        (f"{FIELDS}>expires_at>type", "string", "make it null or string"),
        (f"{FIELDS}>created_at>format", GONE, "format is none, make it date-time"),
        ("paths>/licenses/validate", GONE, "licenses.validate: add it, the SDK has it"),
        ("webhooks>license_key.created", GONE, "webhook license_key.created: add it"),
    ],
)
def test_what_the_sdk_says_otherwise_is_told(sdk, where, value, sentence):
    assert at(where.split(">")) != value
    assert any(sentence in line for line in left(edited(where, value), sdk))
