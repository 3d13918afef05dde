"""What only the spec knows is named with the file to go to, and what the SDK says otherwise is told."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest
import yaml

from dodo_licenses.mock import MockServer

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generated"))

import complete  # noqa: E402 - scripts, not parts of a package
import upstream  # noqa: E402

SPEC = yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)
KEYS = SPEC["paths"]["/license_keys"]["get"]
STATUS = ("components", "schemas", "LicenseKeyStatus", "enum")
FIELDS = ("components", "schemas", "LicenseKey", "properties")
LISTED = ("paths", "/license_keys", "get")
BRAND = {"name": "brand_id", "in": "query", "schema": {"type": "string"}}


def edited(path, change):
    new = copy.deepcopy(SPEC)
    node = new
    for step in path:
        node = node[step]
    change(node)
    return new


@pytest.fixture(scope="module")
def server():
    with MockServer(keys=complete.KEYS) as mock:
        headers = {"Authorization": f"Bearer {mock.api_key}"}
        with httpx.Client(base_url=mock.base_url, headers=headers, timeout=60) as client:
            yield client


# What was forgotten, and what is told of it.
NEW = {"/license_keys/{id}/history": {"get": {"operationId": "list_history"}}}
FORGOTTEN = [
    (
        LISTED,
        lambda listing: listing["parameters"].append(BRAND),
        "list_license_keys: the mock ignores brand_id, ",
    ),
    (
        LISTED,
        lambda listing: listing["parameters"].append(BRAND),
        "list_license_keys: no rule tells whether brand_id",
    ),
    (
        STATUS,
        lambda values: values.append("paused"),
        "list_license_keys: no made-up status is paused, add one in ",
    ),
    (
        FIELDS,
        lambda fields: fields.update(seats={"type": "integer"}),
        "list_license_keys: the mock never sends seats",
    ),
    (("paths",), lambda paths: paths.update(NEW), "list_history: write a rule for it, in "),
    (("paths",), lambda paths: paths.update(NEW), "list_history: the mock has no such operation, add it in "),
]


@pytest.mark.parametrize(("path", "change", "sentence"), FORGOTTEN, ids=[told for _, _, told in FORGOTTEN])
def test_a_forgotten_place_is_named(server, path, change, sentence):
    (line,) = (line for line in complete.missing(edited(path, change), server) if line.startswith(sentence))
    assert (ROOT / line.rpartition(" in ")[2]).exists()


def test_nothing_is_forgotten(server):
    assert list(complete.missing(SPEC, server)) == []


@pytest.fixture(scope="module")
def sdk():
    """What the installed SDK knows; `make upstream` asks the newest."""
    resources = {operation.tag for operation in upstream.OPERATIONS.values()}
    command = [sys.executable, str(ROOT / "generated" / "vendor_sdk.py"), *resources]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["known"]


def left(spec, sdk):
    explained = tomllib.loads((ROOT / "generated" / "upstream.toml").read_text())
    return upstream.report(sorted(upstream.differences(dict(upstream.ours(spec)), sdk)), explained)


def test_the_spec_says_what_the_vendors_sdk_says(sdk):
    assert left(SPEC, sdk) == []


BEHIND = [
    (LISTED, lambda listing: listing["parameters"].pop(5), "license_keys.list source: add it, string"),
    (LISTED, lambda listing: listing["parameters"].append(BRAND), "brand_id: remove it, the SDK has it not"),
    (
        LISTED,
        lambda listing: listing.pop("deprecated"),
        "license_keys.list: deprecated is false, make it true",
    ),
    (
        STATUS,
        lambda values: values.remove("expired"),
        "active or disabled, make it active or disabled or expired",
    ),
    (FIELDS, lambda fields: fields.pop("source"), "license_keys.list reply.source: add it, string"),
    (FIELDS, lambda fields: fields["expires_at"].update(type="string"), "make it null or string"),
    (FIELDS, lambda fields: fields["created_at"].pop("format"), "format is none, make it date-time"),
    (("paths",), lambda paths: paths.pop("/licenses/validate"), "licenses.validate: add it, the SDK has it"),
    (("webhooks",), lambda events: events.pop("license_key.created"), "webhook license_key.created: add it"),
]


@pytest.mark.parametrize(("path", "change", "sentence"), BEHIND, ids=[sentence for _, _, sentence in BEHIND])
def test_what_the_sdk_says_otherwise_is_told(sdk, path, change, sentence):
    assert any(sentence in line for line in left(edited(path, change), sdk))
