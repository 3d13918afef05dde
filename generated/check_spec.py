"""Tell what in openapi.yaml fails the other tools that read it, or contradicts itself: part of `make check`.

Each rule is here because a tool that nobody here wrote stumbled without it; `make portable` runs those tools.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from spec_diff import METHODS, Spec, resolved

SPEC = Path(__file__).resolve().parents[1] / "openapi.yaml"
# Examples are of one moment: by then an active key has not expired, and an expired one has.
EXAMPLES_AS_OF = "2026-06-01T00:00:00Z"


def problems(text: str) -> list[str]:
    """All that is wrong with a document, a sentence each."""
    spec = yaml.load(text, yaml.CSafeLoader)
    found = [
        f"line {token.start_mark.line + 1}: write it out, some tools cannot read YAML's anchors"
        for token in yaml.scan(text, yaml.CSafeLoader)
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken)
    ]
    if not spec["info"].get("contact"):
        found.append("info: name a contact")
    return [*found, *_operations(spec), *_schemas(spec), *_examples(spec)]


def _entries(spec: Spec) -> Iterator[tuple[str, bool, Spec]]:
    """Each operation and webhook: where, whether it is a webhook, and what is said."""
    for part in ("paths", "webhooks"):
        for path, item in spec.get(part, {}).items():
            for method in METHODS:
                if method in item:
                    parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
                    yield (
                        f"{method.upper()} {path}",
                        part == "webhooks",
                        {**item[method], "parameters": parameters},
                    )


def _operations(spec: Spec) -> Iterator[str]:
    entries = list(_entries(spec))
    ids = [operation.get("operationId") for _, _, operation in entries]
    tags: dict[bool, set[str]] = defaultdict(set)
    for where, is_webhook, operation in entries:
        tags[is_webhook].update(operation.get("tags", ()))
        for key in ("operationId", "tags", "summary", "description", "security"):
            if key not in operation:
                yield f"{where}: say its {key}"
        if ids.count(operation.get("operationId")) > 1:
            yield f"{where}: another operation has this operationId"
        if operation.get("deprecated") and not operation.get("x-successor"):
            yield f"{where}: say by x-successor what to use instead"
        for parameter in (resolved(spec, entry) for entry in operation["parameters"]):
            yield from _parameter(spec, f"{where}, {parameter['name']}", parameter)
        for status, entry in operation.get("responses", {}).items():
            if not is_webhook:
                yield from _response(f"{where}, {status}", str(status), resolved(spec, entry), ids)
    for tag in sorted(tags[True] & tags[False]):
        yield f"tag {tag}: give webhooks one of their own, or generators write one class over the other"


def _parameter(spec: Spec, where: str, parameter: Spec) -> Iterator[str]:
    """Browsers of an API read the parameter's own description, openapi-python-client its schema's."""
    told, schema = parameter.get("description"), parameter["schema"]
    if not told:
        yield f"{where}: describe it on the parameter, where other tools read it"
    elif "$ref" not in schema and schema.get("description") != told:
        yield f"{where}: its schema must have the same description, which is where the generator reads it"
    for value in schema.get("examples", ()):
        yield from _invalid(spec, where, schema, value)


def _response(where: str, status: str, response: Spec, ids: list[Any]) -> Iterator[str]:
    needed = {"X-Request-Id", "X-RateLimit-Remaining"} | ({"Retry-After"} if status == "429" else set())
    if missing := needed - response.get("headers", {}).keys():
        yield f"{where}: has no {', '.join(sorted(missing))}"
    media = response.get("content", {}).get("application/json")
    if status >= "4" and (media or {}).get("schema") != {"$ref": "#/components/schemas/Error"}:
        yield f"{where}: a failure has the body Error"
    for name, link in response.get("links", {}).items():
        if link.get("operationId") not in ids:
            yield f"{where}, link {name}: there is no operation {link.get('operationId')}"
        if "requestBody" in link:
            yield f"{where}, link {name}: openapi-generator refuses a document with a link that has a body"


def _schemas(spec: Spec) -> Iterator[str]:
    for name, schema in spec["components"]["schemas"].items():
        if not schema.get("description"):
            yield f"{name}: describe it"
        for field, part in schema.get("properties", {}).items():
            if not resolved(spec, part).get("description"):
                yield f"{name}.{field}: describe it"
        try:
            sample = _sample(spec, schema, name)
        except LookupError as error:
            yield str(error)
        else:
            yield from _invalid(spec, f"{name}, its examples together", schema, sample)


def _sample(spec: Spec, schema: Spec, where: str) -> object:
    """What a page that shows the API makes of a schema's examples."""
    schema = {**resolved(spec, schema), **{k: v for k, v in schema.items() if k != "$ref"}}
    if "examples" in schema or "const" in schema:
        return schema.get("examples", [schema.get("const")])[0]
    if "properties" in schema:
        return {k: _sample(spec, part, f"{where}.{k}") for k, part in schema["properties"].items()}
    if "items" in schema:
        return [_sample(spec, schema["items"], f"{where}[]")]
    if "oneOf" in schema:
        return _sample(spec, schema["oneOf"][0], where)
    raise LookupError(f"{where}: give an example")


def _invalid(spec: Spec, where: str, schema: Spec, value: object) -> Iterator[str]:
    whole = {**schema, "components": spec["components"]}
    for error in Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value):
        yield f"{where}: {error.json_path} {error.message}"


def _bodies(spec: Spec) -> Iterator[tuple[str, bool, Spec]]:
    """Each body that is sent or answered: where, whether by a webhook, schema and examples."""
    for where, is_webhook, operation in _entries(spec):
        for at, holder in {"request": operation.get("requestBody", {}), **operation["responses"]}.items():
            for body in resolved(spec, holder).get("content", {}).values():
                yield f"{where}, {at}", is_webhook, body


def _examples(spec: Spec) -> Iterator[str]:
    """Each example against its schema, the rules of the documentation, and all that have the same id."""
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    for where, is_webhook, body in _bodies(spec):
        if not body.get("examples"):
            yield f"{where}: give an example"
        for name, example in body.get("examples", {}).items():
            value, place = resolved(spec, example)["value"], f"{where}, example {name}"
            yield from _invalid(spec, place, body["schema"], value)
            for thing in _things(value):
                yield from (f"{place}: {what}" for what in _contradictions(thing))
                if not is_webhook and "id" in thing:  # a webhook is of another moment
                    yield from _disagreements(place, known[thing["id"]], thing)
    shown = Counter(thing.get("license_key_id") for thing in known.values())
    for key, thing in known.items():
        if shown[key] and thing["instances_count"] != shown[key]:
            yield f"examples: {key} has {thing['instances_count']} activations, shown are {shown[key]}"


def _things(value: object) -> Iterator[dict[str, Any]]:
    """A value and all that is inside it, as far as they have fields."""
    if isinstance(value, list):
        for part in value:
            yield from _things(part)
    if isinstance(value, dict):
        for part in value.values():
            yield from _things(part)
        # What a grant says of a key, under the names that the key has.
        yield {("instances_count" if k == "activations_used" else k): v for k, v in value.items()}


def _disagreements(place: str, known: dict[str, Any], thing: dict[str, Any]) -> Iterator[str]:
    for field, value in thing.items():
        if known.setdefault(field, value) != value:
            yield f"{place}: {field} of {thing['id']} is {value!r} here and {known[field]!r} elsewhere"


def _contradictions(thing: dict[str, Any]) -> Iterator[str]:
    status, expiry, limit = thing.get("status"), thing.get("expires_at"), thing.get("activations_limit")
    if status == "active" and expiry and expiry <= EXAMPLES_AS_OF:
        yield f"active with an expiry in the past, {expiry}"
    if status == "expired" and (expiry > EXAMPLES_AS_OF if expiry else not thing.get("subscription_id")):
        yield "expired, with neither an expiry in the past nor a subscription"
    if thing.get("subscription_id") and expiry:
        yield "the key of a subscription has no expiry of its own"
    if limit is not None and thing.get("instances_count", 0) > limit:
        yield f"{thing['instances_count']} activations of {limit}"
    if thing.get("source") == "import" and thing.get("payment_id"):
        yield "an imported key has no payment"
    moments = {"Delivered": "delivered_at", "Revoked": "revoked_at"}
    if status in moments and not thing.get(moments[status]):
        yield f"{status} without {moments[status]}"
    key = thing.get("license_key")
    if status in ("Pending", "Failed") and key:
        yield f"{status}, and yet with a license key"
    if status == "Revoked" and isinstance(key, dict) and key.get("status") != "disabled":
        yield "revoked, and yet its license key is not disabled"


def main() -> int:
    """Print what is wrong; the exit status says whether anything is."""
    found = problems(SPEC.read_text())
    for sentence in dict.fromkeys(found):
        print(f"openapi.yaml: {sentence}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
