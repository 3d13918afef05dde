"""What the vendor's documentation says in tables, written down a second time, apart from openapi.yaml.

A server can't show that the spec lost a status it never sends here, or that a field is no longer promised; this does.
What the spec has beyond these tables is no disagreement: the documentation moves on.

Types are such as "int32", "date-time", "string|null" and "a|b" for the values of an enum; "!" is a required field.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

FILE = os.environ.get("CONTRACT_SPEC") or Path(__file__).parents[2] / "openapi.yaml"
SPEC = yaml.safe_load(Path(FILE).read_text())
KEYS, KEY = "GET /license_keys", "GET /license_keys/{id}"
CREATE, UPDATE = "POST /license_keys", "PATCH /license_keys/{id}"
INSTANCES, INSTANCE = "GET /license_key_instances", "GET /license_key_instances/{id}"
RENAME = "PATCH /license_key_instances/{id}"
ACTIVATE, VALIDATE = "POST /licenses/activate", "POST /licenses/validate"
DEACTIVATE = "POST /licenses/deactivate"

STATUS = "active|disabled|expired"
SOURCE = "auto|import|manual"
PAGE = {"page_size": "int32 0..100 =10", "page_number": "int32 0.. =0"}

QUERIES = {
    KEYS: {
        **PAGE,
        "customer_id": "string",
        "product_id": "string",
        "status": STATUS,
        "source": SOURCE,
        "created_at_gte": "date-time",
        "created_at_lte": "date-time",
    },
    INSTANCES: {**PAGE, "license_key_id": "string", "grant_id": "string"},
}
REQUESTS = {
    CREATE: {
        "customer_id": "string!",
        "key": "string!",
        "product_id": "string!",
        "activations_limit": "int32|null",
        "expires_at": "date-time|null",
    },
    UPDATE: {"activations_limit": "int32|null", "disabled": "boolean|null", "expires_at": "date-time|null"},
    RENAME: {"name": "string!"},
    ACTIVATE: {"license_key": "string!", "name": "string!"},
    VALIDATE: {"license_key": "string!", "license_key_instance_id": "string|null"},
    DEACTIVATE: {"license_key": "string!", "license_key_instance_id": "string!"},
}
LICENSE_KEY = {
    "id": "string!",
    "business_id": "string!",
    "customer_id": "string!",
    "product_id": "string!",
    "key": "string!",
    "created_at": "date-time!",
    "instances_count": "int32!",
    "status": f"{STATUS}!",
    "payment_id": "string|null",
    "activations_limit": "int32|null",
    "expires_at": "date-time|null",
    "subscription_id": "string|null",
    "brand_id": "string",
    "source": SOURCE,
}
LICENSE_KEY_INSTANCE = {
    "id": "string!",
    "business_id": "string!",
    "created_at": "date-time!",
    "license_key_id": "string!",
    "name": "string!",
}
ACTIVATION = {
    **LICENSE_KEY_INSTANCE,
    "customer.customer_id": "string!",
    "customer.email": "string!",
    "customer.name": "string!",
    "customer.metadata": "object|null",
    "customer.phone_number": "string|null",
    "product.product_id": "string!",
    "product.name": "string|null",
}
ERROR = {"code": "string!", "message": "string"}
SERVERS = ["https://live.dodopayments.com", "https://test.dodopayments.com"]


def listed(fields):
    return {f"items[].{name}": kind for name, kind in fields.items()}


SUCCESSES = {
    (KEYS, 200): listed(LICENSE_KEY),
    (CREATE, 200): LICENSE_KEY,
    (CREATE, 201): LICENSE_KEY,
    (KEY, 200): LICENSE_KEY,
    (UPDATE, 200): LICENSE_KEY,
    (INSTANCES, 200): listed(LICENSE_KEY_INSTANCE),
    (INSTANCE, 200): LICENSE_KEY_INSTANCE,
    (RENAME, 200): LICENSE_KEY_INSTANCE,
    (ACTIVATE, 201): ACTIVATION,
    (VALIDATE, 200): {"valid": "boolean!"},
    (DEACTIVATE, 200): {},
}
# Besides 429 and 500, which any operation may answer.
FAILURES = {
    KEYS: (401, 422),
    CREATE: (400, 401, 403, 409, 422),
    KEY: (401, 404),
    UPDATE: (400, 401, 403, 404, 422),
    INSTANCES: (401, 422),
    INSTANCE: (401, 404),
    RENAME: (401, 403, 404, 422),
    ACTIVATE: (403, 404, 422),
    VALIDATE: (422,),
    DEACTIVATE: (403, 404),
}
INT32_MAX = 2**31 - 1
# Keywords that rule values out, and what they may say where the documentation says nothing.
NARROWING = {
    "maxLength": None,
    "minLength": 1,
    "maximum": INT32_MAX,
    "exclusiveMaximum": None,
    "minimum": 0,
    "exclusiveMinimum": None,
    "multipleOf": None,
    "const": None,
    "minItems": 0,
    "maxItems": None,
    "uniqueItems": False,
    "additionalProperties": True,
    "unevaluatedProperties": True,
}


def resolved(part):
    while "$ref" in part:
        target = SPEC
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def operation(name):
    method, path = name.split(" ")
    return SPEC["paths"][path][method.lower()]


def body(part):
    content = resolved(part).get("content", {})
    return content["application/json"]["schema"] if content else None


def in_short(schema):
    schema = resolved(schema)
    if "oneOf" in schema:
        return "|".join(map(in_short, schema["oneOf"]))
    types = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
    real = [kind for kind in types if kind != "null"]
    named = sorted(schema["enum"]) if "enum" in schema else [schema.get("format", kind) for kind in real]
    text = "|".join([*named, *(["null"] if "null" in types else [])])
    if "default" in schema:
        most = schema.get("maximum", INT32_MAX)
        text += f" {schema.get('minimum', '')}..{'' if most == INT32_MAX else most} ={schema['default']}"
    return text


def fields(schema, before=""):
    """Each field of a body with its type in short."""
    schema = resolved(schema)
    for name, found in schema.get("properties", {}).items():
        below = resolved(found)
        if "items" in below:
            yield from fields(below["items"], f"{before}{name}[].")
        elif "properties" in below:
            yield from fields(below, f"{before}{name}.")
        else:
            yield before + name, in_short(below) + ("!" if name in schema.get("required", ()) else "")


def narrowed(schema, name="body"):
    """What a body rules out beyond types and names."""
    schema = resolved(schema)
    for keyword, free in NARROWING.items():
        if schema.get(keyword, free) != free and not isinstance(schema[keyword], dict):
            yield f"{name}: {keyword} is {schema[keyword]}"
    for below, found in schema.get("properties", {}).items():
        yield from narrowed(found, f"{name}.{below}")
    if "items" in schema:
        yield from narrowed(schema["items"], f"{name}[]")


def documented_in(table, described):
    assert {name: described.get(name) for name in table} == table


def test_servers():
    assert set(SERVERS) <= {server["url"] for server in SPEC["servers"]}


@pytest.mark.parametrize("name", QUERIES)
def test_parameters(name):
    shared = SPEC["paths"][name.split(" ")[1]].get("parameters", [])
    declared = [resolved(entry) for entry in (*shared, *operation(name).get("parameters", []))]
    documented_in(QUERIES[name], {e["name"]: in_short(e["schema"]) for e in declared if e["in"] == "query"})


@pytest.mark.parametrize("name", REQUESTS)
def test_requests(name):
    schema = body(operation(name)["requestBody"])
    documented_in(REQUESTS[name], dict(fields(schema)))
    assert list(narrowed(schema)) == [], "no such bound is documented"


@pytest.mark.parametrize(("name", "status"), SUCCESSES)
def test_successes(name, status):
    schema, table = body(operation(name)["responses"][str(status)]), SUCCESSES[name, status]
    assert (schema is None) == (not table)
    if table:
        documented_in(table, dict(fields(schema)))
        assert list(narrowed(schema)) == [], (
            "new fields may appear at any time, and no such bound is documented"
        )


@pytest.mark.parametrize("name", FAILURES)
def test_failures(name):
    for status in (*FAILURES[name], 429, 500):
        documented_in(ERROR, dict(fields(body(operation(name)["responses"][str(status)]))))


def test_what_needs_no_api_key():
    public = {
        f"{m.upper()} {p}"
        for p, item in SPEC["paths"].items()
        for m in item
        if item[m] and "security" in item[m] and item[m]["security"] == []
    }
    assert public == {ACTIVATE, VALIDATE, DEACTIVATE}
