"""openapi.yaml says what the documentation says; what in it fails other tools is told, by `make check`."""

from __future__ import annotations

import misbehaving as m
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from spec_edits import SPEC, TEXT

from check_spec import problems
from dodo_licenses_api import models
from spec_diff import METHODS, resolved

OPERATIONS = [item[method] for item in SPEC["paths"].values() for method in METHODS if method in item]
# A reply with the fields of the page that the project was created from.
SEED = m.KEY | {
    "instances_count": 123,
    "payment_id": "<string>",
    "activations_limit": 5,
    "expires_at": "2024-12-31T23:59:59Z",
    "subscription_id": "<string>",
}
# The first grants had neither brand nor type, their keys neither id nor status, webhooks no metadata.
GRANT = {
    "id": "grant_1",
    "business_id": "bus_1",
    "created_at": "2026-05-01T00:00:00Z",
    "customer_id": "cus_1",
    "entitlement_id": "ent_1",
    "status": "Delivered",
    "updated_at": "2026-05-01T00:00:00Z",
    "metadata": None,
    "license_key": {"key": "DEMO", "activations_used": 0},
}


@pytest.mark.parametrize(
    ("name", "item", "more", "valid"),
    [
        ("LicenseKeyList", SEED, {}, True),
        ("LicenseKeyList", SEED, {"brand_id": "b", "source": "import", "payment_id": None, "new": 1}, True),
        ("LicenseKeyList", SEED, {"status": "revoked"}, False),
        ("EntitlementGrantList", GRANT, {}, True),
        ("EntitlementGrantList", GRANT, {"license_key": None, "revocation_reason": "a new one"}, True),
        ("EntitlementGrantList", GRANT, {"status": "delivered"}, False),
        ("EntitlementGrantList", GRANT, {"status": "REVOKED", "integration_type": "postcard"}, False),
    ],
)
def test_replies_of_every_generation_are_accepted_and_the_client_reads_more(name, item, more, valid):
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    page = {"items": [item | more]}
    assert validator.is_valid(page) is valid
    (read,) = getattr(models, name).from_dict(page).items
    said = {"brand_id": None, "integration_type": None, **item, **more}
    assert (read.status.lower(), read.brand_id) == (said["status"].lower(), said["brand_id"])
    assert getattr(read, "integration_type", None) == said["integration_type"]


def test_every_operation_may_fail_as_any_may():
    for operation in OPERATIONS:
        needs_key = {"401", "403"} if operation["security"] else set()
        assert operation["responses"].keys() >= {"400", "429", "500"} | needs_key, operation["operationId"]


def test_request_schemas_are_told_by_their_name():
    """The model template relies on it: there, and only there, absent and null differ."""
    bodies = [operation["requestBody"]["content"] for operation in OPERATIONS if "requestBody" in operation]
    sent = {body["application/json"]["schema"]["$ref"].rpartition("/")[2] for body in bodies}
    assert sent == {name for name in SPEC["components"]["schemas"] if name.endswith("Request")}


def test_each_webhook_has_a_model_whose_type_is_its_name():
    for name, item in SPEC["webhooks"].items():
        media = item["post"]["requestBody"]["content"]["application/json"]
        assert resolved(SPEC, media["schema"])["properties"]["type"]["const"] == name


# What other tools, or readers, stumbled over: the text to replace, with what, and what is told.
FAULTS = [
    ("newest: {$ref", "newest: &a {$ref", "anchors"),
    ("tags: [webhooks]", "tags: [license_keys]", "one class over the other"),
    ("operationId: license_key_created", "x: 1", "say its operationId"),
    ("security: [{webhook_signature: []}]", "x: 1", "say its security"),
    ("x-successor", "x-other", "say its x-successor"),
    ("  description: The id of a customer", "  x: The id of a customer", "describe it on the parameter"),
    (
        "description: True where the key",
        "x: True where the key",
        "LicenseValidateResponse.valid: describe it",
    ),
    ("parameters: {id: $response.body#/id}", "requestBody: {id: 1}", "openapi-generator refuses"),
    ("operationId: retrieve_license_key\n          d", "operationId: nil\n          d", "no operation nil"),
    ("examples: [lki_123]\n        b", "x: 1\n        b", "LicenseKeyInstance.id: give an example"),
    ("examples:\n              rename:", "x:\n              rename:", "request: give an example"),
    ("valid: true}", "valid: 1}", "is not of type 'boolean'"),
    ("Retry-After: {$ref", "Other: {$ref", "429: has no Retry-After"),
    ("instances_count: 1\n", "instances_count: 6\n", "6 activations of 5"),
    ("instances_count: 1\n", "instances_count: 2\n", "is 2 here and 1 elsewhere"),
    ("subscription_id: sub_125", "subscription_id: null", "neither an expiry in the past nor"),
    ("expires_at: '2027-12-31T23:59:59Z'\n        s", "expires_at: '2026'\n        s", "active with"),
    (
        "expires_at: null\n        subscription_id: sub",
        "expires_at: '2026'\n        subscription_id: sub",
        "no expiry of its own",
    ),
    ("status: disabled\n", "status: active\n", "its license key is not disabled"),
    ("delivered_at: '2026", "x: '2026", "Delivered without delivered_at"),
    ("source: import\n", "source: import\n        payment_id: pay_1\n", "an imported key has no payment"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), FAULTS, ids=[sentence for _, _, sentence in FAULTS])
def test_what_others_stumble_over_is_told(old, new, sentence):
    assert old in TEXT
    assert any(sentence in told for told in problems(TEXT.replace(old, new, 1)))
