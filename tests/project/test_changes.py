"""`make changes`: what an edit of the spec does to callers."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_edits import GONE, ROOT, SPEC, at, edited

import spec_diff

WORDS = {"description", "summary", "examples", "links"}

# An edit: where, what it is to be, a sentence that tells, and whether callers break.
KEY = "components>schemas>LicenseKey>"
CREATE = "components>schemas>CreateLicenseKeyRequest>"
SIZE = "components>parameters>page_size>schema>"
LIST = "paths>/license_keys>get>"
VALIDATE = "paths>/licenses/validate>post>"
STATUS = "components>schemas>LicenseKeyStatus>enum"
EVENT = "components>schemas>EntitlementGrantRevokedEvent>"
ASKED = ["customer_id", "key", "product_id"]
REQUIRED = {"name": "brand_id", "in": "query", "required": True, "schema": {"type": "string"}}
EDITS = [
    (f"{KEY}properties>key", GONE, "removed: reply 200.key", True),
    (f"{KEY}properties>new", {"type": "string"}, "added: reply 200.new", False),
    (f"{KEY}properties>instances_count>type", "string", "changed: reply 200.instances_count", True),
    (f"{KEY}properties>product_id>type", ["string", "null"], "reply 200.product_id may be null", True),
    (f"{KEY}properties>payment_id>type", "string", "payment_id is never null", False),
    (f"{KEY}properties>instances_count>minimum", GONE, "minimum 0 is now none", False),
    (f"{KEY}properties>created_at>format", GONE, "format date-time is now none", True),
    (f"{KEY}required", ["id"], "loosened: reply 200.key may be left out", True),
    (f"{CREATE}properties>expires_at>type", "string", "request.expires_at is never null", True),
    (f"{CREATE}properties>brand_id", {"type": "string"}, "added: request.brand_id", False),
    (f"{CREATE}required", ["key"], "loosened: request.customer_id may be left out", False),
    (f"{CREATE}required", [*ASKED, "expires_at"], "expires_at is required", True),
    (f"{SIZE}maximum", 50, "tightened: parameter page_size maximum", True),
    (f"{SIZE}maximum", 200, "loosened: parameter page_size maximum", False),
    (f"{SIZE}default", 20, "changed: parameter page_size default", True),
    (STATUS, ["active", "disabled"], "tightened: parameter status is never expired", True),
    (STATUS, ["active", "expired", "disabled", "new"], "reply 200.items[].status may be new", False),
    ("paths>/licenses/validate", GONE, "removed: the operation", True),
    (f"{LIST}operationId", "list_keys", "operationId list_license_keys is now list_keys", True),
    (f"{LIST}deprecated", GONE, "changed: is no longer deprecated", False),
    (f"{LIST}parameters", [REQUIRED], "added: parameter brand_id, required", True),
    (f"{LIST}responses>200", GONE, "removed: status 200", True),
    (f"{LIST}responses>402", {"description": "Pay."}, "added: status 402", False),
    (f"{VALIDATE}security", [{"api_key": []}], "tightened: an API key is needed", True),
    ("paths>/new", {"get": at(["paths", "/license_keys", "get"])}, "added: the operation", False),
    # What the vendor sends is what callers read.
    ("webhooks>license_key.created", GONE, "removed: the operation", True),
    (f"{EVENT}required", ["type", "data"], "loosened: request.timestamp may be left out", True),
    (f"{EVENT}properties>timestamp>type", "integer", "request.timestamp string is now integer", True),
    (f"{EVENT}properties>type>const", "grant.revoked", "entitlement_grant.revoked is now", True),
    ("components>schemas>OtherEvent>required", ["type"], "loosened: request.data may be left out", True),
]


def nodes(node, path):
    """The path to all that is said in a part of the spec, words apart."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if path[-1] == "properties" or (key not in WORDS and not str(key).startswith("x-")):
            yield (*path, key)
            if isinstance(value, dict | list):
                yield from nodes(value, (*path, key))


PARTS = [
    ("paths",),
    ("webhooks",),
    *(("components", part) for part in ("schemas", "parameters", "responses")),
]
NODES = [
    path
    for part in PARTS
    for path in nodes(at(part), part)
    # What isn't valid OpenAPI any more, and what says nothing: a response without a body, no security twice.
    if "$ref" not in path and len(path) > len(part) + 1 and path[-1] not in ("security", "2XX", "4XX")
]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NODES), st.booleans())
def test_no_edit_is_overlooked(path, gone):
    other = {bool: lambda v: not v, int: lambda v: v + 1, str: lambda v: v + "_"}
    value = at(path)
    new = GONE if gone or type(value) not in other else other[type(value)](value)
    assert spec_diff.changes(SPEC, edited(path, new))


@pytest.mark.parametrize(("where", "value", "sentence", "breaks"), EDITS)
def test_an_edit_is_told_and_judged(where, value, sentence, breaks):
    found = spec_diff.changes(SPEC, edited(where, value))
    assert any(sentence in f"{change.kind}: {change.what}" for change in found), found
    assert any(change.breaks for change in found) is breaks


def test_words_and_links_are_no_changes_for_callers():
    new = edited(f"{KEY}description", "Other words.")
    new["paths"]["/license_keys"]["get"]["summary"] = "Other words."
    for reply in new["components"]["responses"].values():
        reply.pop("links", None)
    assert spec_diff.changes(SPEC, new) == []


def test_make_changes_compares_with_a_revision_and_ends_with_1_where_callers_break(tmp_path):
    files = {name: (ROOT / name).read_text() for name in ("generated/changes.py", "generated/spec_diff.py")}
    files |= {"openapi.yaml": yaml.dump(SPEC, Dumper=yaml.CSafeDumper)}
    package = "generated/dodo_licenses_api/__init__.py"
    files |= {package: "def list_keys(page, size): ...\n", "wrappers/dodo_licenses/__init__.py": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *identity, *command], check=True)  # noqa: S607 - git

    def changes(base):
        command = [sys.executable, str(tmp_path / "generated" / "changes.py"), base]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    assert changes("HEAD")[0] == 0
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(edited(f"{KEY}properties>key", GONE)))
    (tmp_path / package).write_text("def list_keys(page): ...\n")
    status, told, _ = changes("HEAD")
    assert status == 1
    assert "! removed: reply 200.key" in told
    assert "dodo_licenses_api.list_keys: Parameter was removed" in told, "a signature, whatever the spec says"
    status, _, error = changes("no-such-revision")
    assert (status, error.count("\n")) == (2, 1)
