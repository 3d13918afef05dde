"""`make changes`: what an edit of the spec does to callers. From G2 to G3 of the API, a step at a time."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generated"))

import spec_diff  # noqa: E402 - a script, not part of a package

SPEC = yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)
WORDS = {"description", "summary", "examples", "links"}


def at(node, path):
    for step in path:
        node = node[step]
    return node


def schema(spec, name):
    return spec["components"]["schemas"][name]


def listing(spec):
    return spec["paths"]["/license_keys"]["get"]


def drop_brand(spec):
    del schema(spec, "LicenseKey")["properties"]["brand_id"]


def drop_source(spec):
    del schema(spec, "LicenseKey")["properties"]["source"]


def drop_source_filter(spec):
    listing(spec)["parameters"] = [p for p in listing(spec)["parameters"] if p.get("name") != "source"]


def drop_import(spec):
    del spec["paths"]["/license_keys"]["post"]


def require_payment(spec):
    key = schema(spec, "LicenseKey")
    key["properties"]["payment_id"] = {"type": "string"}
    key["required"].append("payment_id")


def undeprecate(spec):
    listing(spec).pop("deprecated", None)


# From the documentation of September 2025 to that of October 2026: what was there before, what the step says.
STEPS = {
    "LicenseKey.brand_id is new": (drop_brand, "added: reply 200.items[].brand_id", False),
    "LicenseKey.source is new": (drop_source, "added: reply 200.items[].source", False),
    "the filter source is new": (drop_source_filter, "added: parameter source", False),
    "importing is new": (drop_import, "added: the operation", False),
    "payment_id may be null": (require_payment, "loosened: reply 200.items[].payment_id may be null", True),
    "payment_id may be left out": (
        require_payment,
        "loosened: reply 200.items[].payment_id may be left out",
        True,
    ),
}


def told(old, new):
    return {f"{change.kind}: {change.what}": change.breaks for change in spec_diff.changes(old, new)}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_from_g2_to_g3_is_told(step):
    before, sentence, breaks = STEPS[step]
    old = copy.deepcopy(SPEC)
    before(old)
    found = told(old, SPEC)
    assert found[sentence] is breaks
    assert any(found.values()) is breaks


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
    for path in nodes(at(SPEC, part), part)
    # What isn't valid OpenAPI any more, and what says nothing: a response without a body, no security twice.
    if "$ref" not in path and len(path) > len(part) + 1 and path[-1] not in ("security", "2XX", "4XX")
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NODES), st.booleans())
def test_no_edit_is_overlooked(path, gone):
    new = copy.deepcopy(SPEC)
    node, value = at(new, path[:-1]), at(SPEC, path)
    other = {bool: lambda v: not v, int: lambda v: v + 1, str: lambda v: v + "_"}.get(type(value))
    if gone or other is None:
        del node[path[-1]]
    else:
        node[path[-1]] = other(value)
    assert spec_diff.changes(SPEC, new)


def test_the_same_spec_has_no_changes():
    assert spec_diff.changes(SPEC, copy.deepcopy(SPEC)) == []


def test_words_examples_and_links_are_no_changes_for_callers():
    new = copy.deepcopy(SPEC)
    listing(new)["description"] = listing(new)["summary"] = "Other words."
    for reply in listing(new)["responses"].values():
        reply.pop("links", None)
    schema(new, "LicenseKey")["properties"]["id"]["description"] = "Other words."
    assert spec_diff.changes(SPEC, new) == []


def edited(change):
    new = copy.deepcopy(SPEC)
    change(new)
    return new


def key_field(name, **values):
    return lambda spec: schema(spec, "LicenseKey")["properties"][name].update(values)


def sent_field(name, **values):
    return lambda spec: schema(spec, "CreateLicenseKeyRequest")["properties"][name].update(values)


def no_field(name):
    def change(spec):
        key = schema(spec, "LicenseKey")
        del key["properties"][name]
        key["required"].remove(name)

    return change


def parameter(name, **values):
    def change(spec):
        found = spec["components"]["parameters"][name]
        found["schema"].update(values)

    return change


EDITS = {
    "a field of a reply is gone": (no_field("key"), "removed: reply 200.key", True),
    "a type of a reply": (
        key_field("instances_count", type="string"),
        "changed: reply 200.instances_count",
        True,
    ),
    "a reply's field may be null": (key_field("product_id", type=["string", "null"]), "may be null", True),
    "a reply's field is never null": (key_field("payment_id", type="string"), "is never null", False),
    "a reply's bound is wider": (key_field("instances_count", minimum=-1), "loosened", False),
    "a request's bound is narrower": (sent_field("activations_limit", minimum=1), "tightened", True),
    "a request's bound is wider": (sent_field("activations_limit", minimum=-1), "loosened", False),
    "a request's field is never null": (sent_field("expires_at", type="string"), "is never null", True),
    "a request's field is required": (
        lambda spec: schema(spec, "CreateLicenseKeyRequest")["required"].append("expires_at"),
        "tightened: request.expires_at is required",
        True,
    ),
    "a request's field may be left out": (
        lambda spec: schema(spec, "CreateLicenseKeyRequest")["required"].remove("customer_id"),
        "loosened: request.customer_id may be left out",
        False,
    ),
    "pages are smaller": (
        parameter("page_size", maximum=50),
        "tightened: parameter page_size maximum",
        True,
    ),
    "pages are larger": (
        parameter("page_size", maximum=200),
        "loosened: parameter page_size maximum",
        False,
    ),
    "another default": (
        parameter("page_size", default=20),
        "changed: parameter page_size default",
        True,
    ),
    "a status to filter by is gone": (
        lambda spec: schema(spec, "LicenseKeyStatus")["enum"].remove("expired"),
        "tightened: parameter status is never expired",
        True,
    ),
    "a new status": (
        lambda spec: schema(spec, "LicenseKeyStatus")["enum"].append("revoked"),
        "loosened: reply 200.items[].status may be revoked",
        False,
    ),
    "an operation is gone": (
        lambda spec: spec["paths"].pop("/licenses/validate"),
        "removed: the operation",
        True,
    ),
    "an operation has another name": (
        lambda spec: listing(spec).update(operationId="list_keys"),
        "changed: operationId list_license_keys is now list_keys",
        True,
    ),
    "an API key is needed": (
        lambda spec: spec["paths"]["/licenses/validate"]["post"].update(security=[{"api_key": []}]),
        "tightened: an API key is needed",
        True,
    ),
    "a new failure": (
        lambda spec: listing(spec)["responses"].update({"402": {"description": "Pay."}}),
        "added: status 402",
        False,
    ),
    "a success is gone": (lambda spec: listing(spec)["responses"].pop("200"), "removed: status 200", True),
    "a parameter is required": (
        lambda spec: listing(spec)["parameters"].append(
            {"name": "brand_id", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "added: parameter brand_id, required",
        True,
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_told_and_judged(edit):
    change, sentence, breaks = EDITS[edit]
    found = told(SPEC, edited(change))
    assert any(sentence in line for line in found), found
    assert any(found.values()) is breaks


def changes(repository, base):
    """`make changes`, in a repository of its own."""
    command = [sys.executable, str(repository / "generated" / "changes.py"), base]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def repository(tmp_path):
    """A small repository with the spec, the scripts and one package, committed once."""
    (tmp_path / "generated" / "dodo_licenses_api").mkdir(parents=True)
    (tmp_path / "wrappers" / "dodo_licenses").mkdir(parents=True)
    for name in ("openapi.yaml", "generated/changes.py", "generated/spec_diff.py"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "generated/dodo_licenses_api/__init__.py").write_text("def list_keys(page, size): ...\n")
    (tmp_path / "wrappers/dodo_licenses/__init__.py").write_text("")
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *identity, *command], check=True)  # noqa: S607 - git
    return tmp_path


def test_the_exit_status_tells_breaking_from_compatible(repository):
    assert changes(repository, "HEAD").returncode == 0
    (repository / "openapi.yaml").write_text(yaml.safe_dump(edited(drop_brand)))
    run = changes(repository, "HEAD")
    assert run.returncode == 1
    assert "! removed: reply 200.brand_id" in run.stdout
    run = changes(repository, "no-such-revision")
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1


def test_a_broken_signature_is_told_even_if_the_spec_stays(repository):
    (repository / "generated/dodo_licenses_api/__init__.py").write_text("def list_keys(page): ...\n")
    run = changes(repository, "HEAD")
    assert run.returncode == 1
    assert "dodo_licenses_api.list_keys: Parameter was removed" in run.stdout
