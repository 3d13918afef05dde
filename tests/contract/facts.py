"""What the vendor's documentation says in tables, written down a second time, apart from openapi.yaml.

A server can't show that the spec lost a status it never sends here, or that a field is no longer promised; this does.
What the spec has beyond these tables is no disagreement: the documentation moves on.

Types are such as "int32", "date-time", "string|null" and "a|b" for the values of an enum; "!" is a required field.
"""

from __future__ import annotations

from rules import (
    ACTIVATE,
    CREATE,
    DEACTIVATE,
    INSTANCE,
    INSTANCES,
    KEY,
    KEYS,
    RENAME,
    UPDATE,
    VALIDATE,
    rule,
)
from talk import Disagreement

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
    "customer.metadata": "object",
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


def compare(where, documented, described):
    for name, kind in documented.items():
        if described.get(name) != kind:
            says = f"{name} is {kind}, as documented"
            raise Disagreement(says, f"openapi.yaml, {where}", f"{described.get(name, 'not there')}")


def leaves_open(where, narrowed):
    if narrowed:
        says = "new fields may appear at any time, and no such bound is documented"
        raise Disagreement(says, f"openapi.yaml, {where}", narrowed[0])


@rule("the tables of the documentation: parameters, fields, types, bounds, statuses")
def spec_says_what_is_documented(server):
    spec = server.spec
    if not set(SERVERS) <= set(spec.servers()):
        raise Disagreement(f"the servers are {SERVERS}", "openapi.yaml, servers", str(spec.servers()))
    for operation, query in QUERIES.items():
        compare(operation, query, spec.query(operation))
    for operation, body in REQUESTS.items():
        compare(operation, body, spec.fields(operation))
        leaves_open(operation, spec.narrowed(operation))
    for (operation, status), reply in SUCCESSES.items():
        described = spec.fields(operation, status)
        compare(f"{operation}, {status}", reply, described)
        leaves_open(f"{operation}, {status}", spec.narrowed(operation, status))
        if not reply and described:
            raise Disagreement("the body is empty", f"openapi.yaml, {operation}, {status}", str(described))
    for operation, failures in FAILURES.items():
        for status in (*failures, 429, 500):
            compare(f"{operation}, {status}", ERROR, spec.fields(operation, status))
