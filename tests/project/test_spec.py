"""openapi.yaml says what it should, beyond being valid OpenAPI (which `make check` sees to)."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).parents[2]
SPEC = yaml.safe_load((ROOT / "openapi.yaml").read_text())
METHODS = ("get", "post", "put", "patch", "delete")

# As documented: operation, success, failures beside 400, 429 and 500, public.
READ = {401, 403, 405}
DOCUMENTED = {
    "list_license_keys": ({200}, READ | {410, 422}, False),
    "create_license_key": ({200, 201}, {401, 403, 404, 409, 413, 422}, False),
    "retrieve_license_key": ({200}, READ | {404, 410}, False),
    "update_license_key": ({200}, READ | {404, 410, 413, 422}, False),
    "list_license_key_instances": ({200}, READ | {422}, False),
    "retrieve_license_key_instance": ({200}, READ | {404}, False),
    "update_license_key_instance": ({200}, READ | {404, 413, 422}, False),
    "activate_license": ({201}, {403, 404, 413, 422}, True),
    "validate_license": ({200}, {413, 422}, True),
    "deactivate_license": ({200}, {403, 404, 413, 422}, True),
    "list_entitlements": ({200}, READ | {422}, False),
    "retrieve_entitlement": ({200}, READ | {404}, False),
    "list_entitlement_grants": ({200}, READ | {404, 422}, False),
    "revoke_entitlement_grant": ({200}, {401, 403, 404, 422}, False),
    "fulfill_license_key_grant": ({200}, {401, 403, 404, 409, 413, 422}, False),
    "list_customer_entitlement_grants": ({200}, READ | {404, 422}, False),
}


def resolve(node):
    while isinstance(node, dict) and "$ref" in node:
        found = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def operations():
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


OPERATIONS = {operation["operationId"]: operation for _, _, operation in operations()}


def contents():
    """Every place where a schema stands beside examples: (where, schema, examples)."""
    for name, operation in OPERATIONS.items():
        holders = [("request", operation.get("requestBody", {}))]
        holders += [(status, resolve(reply)) for status, reply in operation["responses"].items()]
        for where, holder in holders:
            for media in holder.get("content", {}).values():
                yield f"{name} {where}", media["schema"], media.get("examples", {})


def examples():
    for where, schema, named in contents():
        for name, example in named.items():
            yield pytest.param(schema, resolve(example)["value"], id=f"{where} {name}")


def validate(schema, value):
    whole = {"$schema": Draft202012Validator.META_SCHEMA["$id"], "components": SPEC["components"], **schema}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def test_it_has_the_documented_operations_statuses_and_security():
    said = {}
    for name, operation in OPERATIONS.items():
        statuses = {int(status) for status in operation["responses"]}
        success = {status for status in statuses if status < 300}
        said[name] = (success, statuses - success - {400, 429, 500}, operation["security"] == [])
        assert statuses > {400, 429, 500}, name
    assert said == DOCUMENTED


def test_every_failure_has_the_error_schema():
    for operation in OPERATIONS.values():
        for status, reply in operation["responses"].items():
            if int(status) >= 400:
                schema = resolve(reply)["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Error"}


@pytest.mark.parametrize(("schema", "value"), list(examples()))
def test_an_example_is_valid(schema, value):
    validate(schema, value)


def test_every_body_has_an_example():
    for where, _, named in contents():
        assert named, where


def test_parameters_examples_are_valid():
    count = 0
    for item in SPEC["paths"].values():
        for holder in [item, *(item[m] for m in METHODS if m in item)]:
            for parameter in map(resolve, holder.get("parameters", [])):
                for value in parameter["schema"].get("examples", []):
                    validate(parameter["schema"], value)
                    count += 1
    assert count >= 6


def test_the_seed_page_is_accepted():
    """The reply of the page the project was created from, as it stands there."""
    key = {
        "business_id": "<string>",
        "created_at": "2024-01-01T00:00:00Z",
        "customer_id": "cus_123",
        "id": "lic_123",
        "instances_count": 123,
        "key": "<string>",
        "payment_id": "<string>",
        "product_id": "<string>",
        "status": "active",
        "activations_limit": 5,
        "expires_at": "2024-12-31T23:59:59Z",
        "subscription_id": "<string>",
    }
    schema = {"$ref": "#/components/schemas/LicenseKeyList"}
    validate(schema, {"items": [key]})
    newest = key | {"brand_id": "bnd_1", "source": "import", "payment_id": None, "a_new_field": 1}
    validate(schema, {"items": [newest]})
    with pytest.raises(jsonschema.ValidationError):
        validate(schema, {"items": [key | {"status": "revoked"}]})


def test_links_lead_to_operations_that_exist():
    links = [
        (name, link)
        for name, operation in OPERATIONS.items()
        for reply in operation["responses"].values()
        for link in resolve(reply).get("links", {}).values()
    ]
    assert {link["operationId"] for _, link in links} <= set(OPERATIONS)
    # openapi-generator refuses a document with such a one.
    assert not any("requestBody" in link for _, link in links)


def test_everything_is_described():
    for path, method, operation in operations():
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        for parameter in map(resolve, operation.get("parameters", [])):
            assert resolve(parameter["schema"])["description"], parameter["name"]
    for name, schema in SPEC["components"]["schemas"].items():
        assert schema["description"], name
        for field, part in schema.get("properties", {}).items():
            assert resolve(part)["description"], (name, field)


def test_request_schemas_are_told_by_their_name():
    """The model template relies on it: there, and only there, absent and null differ."""
    sent = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for operation in OPERATIONS.values()
        if "requestBody" in operation
    }
    assert sent == {name for name in SPEC["components"]["schemas"] if name.endswith("Request")}
