"""Ways in which openapi.yaml can be wrong, one each, before a faithful server."""

from __future__ import annotations

WRONG = {}


def wrong(sentence):
    def register(change):
        WRONG[sentence] = change
        return change

    return register


def operation(spec, name):
    method, path = name.split(" ")
    return spec["paths"][path][method.lower()]


def parameter(spec, name, of):
    shared = spec["paths"][of.split(" ")[1]].get("parameters", [])
    for entry in (*shared, *operation(spec, of).get("parameters", [])):
        found = entry
        if "$ref" in entry:
            found = spec["components"]["parameters"][entry["$ref"].rpartition("/")[2]]
        if found["name"] == name:
            return found
    raise LookupError(name)


def schema(spec, name):
    return spec["components"]["schemas"][name]


def renamed(values, old, new):
    return [new if value == old else value for value in values]


@wrong("spec: LicenseKey.customer_id is called customer")
def field_renamed(spec):
    key = schema(spec, "LicenseKey")
    key["properties"]["customer"] = key["properties"].pop("customer_id")
    key["required"] = renamed(key["required"], "customer_id", "customer")


@wrong("spec: the activation's name is called label")
def request_field_renamed(spec):
    body = schema(spec, "ActivateLicenseRequest")
    body["properties"]["label"] = body["properties"].pop("name")
    body["required"] = renamed(body["required"], "name", "label")


@wrong("spec: a new field is required")
def field_added(spec):
    key = schema(spec, "LicenseKey")
    key["properties"]["email"] = {"type": "string"}
    key["required"].append("email")


@wrong("spec: instances_count is a string")
def type_changed(spec):
    schema(spec, "LicenseKey")["properties"]["instances_count"] = {"type": "string"}


@wrong("spec: instances_count is 0 or 1")
def bound_tightened(spec):
    schema(spec, "LicenseKey")["properties"]["instances_count"]["maximum"] = 1


@wrong("spec: payment_id is never null")
def null_forbidden(spec):
    schema(spec, "LicenseKey")["properties"]["payment_id"] = {"type": "string"}


@wrong("spec: page_size goes up to 500")
def bound_loosened(spec):
    parameter(spec, "page_size", "GET /license_keys")["schema"]["maximum"] = 500


@wrong("spec: page_number begins at 1")
def first_page_is_one(spec):
    parameter(spec, "page_number", "GET /license_keys")["schema"]["minimum"] = 1


@wrong("spec: the status disabled is missing")
def enum_value_missing(spec):
    schema(spec, "LicenseKeyStatus")["enum"].remove("disabled")


@wrong("spec: there is a status revoked")
def enum_value_added(spec):
    schema(spec, "LicenseKeyStatus")["enum"].append("revoked")


@wrong("spec: retrieving has no 404")
def status_missing(spec):
    del operation(spec, "GET /license_keys/{id}")["responses"]["404"]


@wrong("spec: activating answers 200")
def success_changed(spec):
    replies = operation(spec, "POST /licenses/activate")["responses"]
    replies["200"] = replies.pop("201")


@wrong("spec: listing needs no API key")
def security_dropped(spec):
    operation(spec, "GET /license_keys")["security"] = []


@wrong("spec: validating needs an API key")
def security_added(spec):
    operation(spec, "POST /licenses/validate")["security"] = operation(spec, "GET /license_keys")["security"]


@wrong("spec: an update is a PUT")
def method_changed(spec):
    item = spec["paths"]["/license_keys/{id}"]
    item["put"] = item.pop("patch")


@wrong("spec: an import needs an expiry")
def required_in_request(spec):
    body = schema(spec, "CreateLicenseKeyRequest")
    body["required"] = [*body["required"], "expires_at"]


@wrong("spec: an activation's name may be left out")
def not_required_in_request(spec):
    schema(spec, "ActivateLicenseRequest")["required"].remove("name")


@wrong("spec: deactivating answers with a license key instance")
def body_added(spec):
    reference = {"$ref": "#/components/schemas/LicenseKeyInstance"}
    reply = operation(spec, "POST /licenses/deactivate")["responses"]["200"]
    reply["content"] = {"application/json": {"schema": reference}}


@wrong("spec: errors have a field error")
def error_renamed(spec):
    error = schema(spec, "Error")
    error["properties"]["error"] = error["properties"].pop("message")
    error["required"] = renamed(error["required"], "message", "error")


@wrong("spec: listing has no 429")
def rate_limit_missing(spec):
    del operation(spec, "GET /license_keys")["responses"]["429"]


@wrong("spec: customer_id is no longer promised")
def promise_dropped(spec):
    schema(spec, "LicenseKey")["required"].remove("customer_id")


@wrong("spec: the default page size is 20")
def default_changed(spec):
    parameter(spec, "page_size", "GET /license_keys")["schema"]["default"] = 20


@wrong("spec: the ids of license keys have no capitals")
def pattern_tightened(spec):
    parameter(spec, "id", "GET /license_keys/{id}")["schema"]["pattern"] = "^lic_[a-z0-9]+$"


@wrong("spec: no field may be added to a license key")
def closed(spec):
    schema(spec, "LicenseKey")["additionalProperties"] = False


@wrong("spec: a name has at most 100 letters")
def bound_added(spec):
    schema(spec, "ActivateLicenseRequest")["properties"]["name"]["maxLength"] = 100


@wrong("spec: there is no test mode")
def server_missing(spec):
    del spec["servers"][1]


@wrong("spec: there is no filter by source")
def filter_missing(spec):
    listing = operation(spec, "GET /license_keys")
    listing["parameters"] = [entry for entry in listing["parameters"] if entry.get("name") != "source"]
