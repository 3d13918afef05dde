"""Tell what in openapi.yaml fails the other tools that read it, or contradicts itself: part of `make check`.

Each rule is here because a tool that nobody here wrote stumbled without it; `make portable` runs those tools.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from spec_diff import Spec, entries, resolved

SPEC = Path(__file__).resolve().parents[1] / "openapi.yaml"
# Examples are of one moment: by then an active key has not expired, and an expired one has.
EXAMPLES_AS_OF = "2026-06-01T00:00:00Z"
MOMENTS = {"Delivered": "delivered_at", "Revoked": "revoked_at"}


def problems(text: str) -> list[str]:
    """All that is wrong with a document, a sentence each."""
    spec = yaml.load(text, yaml.CSafeLoader)
    anchors = [
        f"line {token.start_mark.line + 1}: write it out, some tools cannot read YAML's anchors"
        for token in yaml.scan(text, yaml.CSafeLoader)
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken)
    ]
    return [*anchors, *_operations(spec), *_schemas(spec), *_examples(spec)]


def _operations(spec: Spec) -> Iterator[str]:
    ids = {raw.get("operationId") for *_, raw in entries(spec)}
    tags: dict[str, set[str]] = {"paths": set(), "webhooks": set()}
    for part, path, method, raw in entries(spec):
        where = f"{method.upper()} {path}"
        tags[part].update(raw.get("tags", ()))
        needed = {"operationId", "tags", "summary", "description", "security"}
        needed |= {"x-successor"} if raw.get("deprecated") else set()  # what to use instead
        if missing := needed - raw.keys():
            yield f"{where}: say its {', '.join(sorted(missing))}"
        for parameter in (resolved(spec, entry) for entry in raw["parameters"]):
            yield from _parameter(spec, f"{where}, {parameter['name']}", parameter)
        for status, entry in raw["responses"].items() if part == "paths" else ():
            yield from _response(f"{where}, {status}", str(status), resolved(spec, entry), ids)
    for tag in sorted(tags["paths"] & tags["webhooks"]):
        yield f"tag {tag}: give webhooks one of their own, or generators write one class over the other"


def _parameter(spec: Spec, where: str, parameter: Spec) -> Iterator[str]:
    if not parameter.get("description"):
        yield f"{where}: describe it on the parameter, where other tools read it"
    yield from _invalid(spec, where, parameter["schema"], parameter["schema"].get("examples", ()))


def _response(where: str, status: str, response: Spec, ids: set[str]) -> Iterator[str]:
    needed = {"X-Request-Id", "X-RateLimit-Remaining"} | ({"Retry-After"} if status == "429" else set())
    if missing := needed - response.get("headers", {}).keys():
        yield f"{where}: has no {', '.join(sorted(missing))}"
    media = response.get("content", {}).get("application/json", {})
    if status >= "4" and media.get("schema") != {"$ref": "#/components/schemas/Error"}:
        yield f"{where}: a failure has the body Error"
    for name, link in response.get("links", {}).items():
        if link.get("operationId") not in ids:
            yield f"{where}, link {name}: there is no operation {link.get('operationId')}"
        if "requestBody" in link:
            yield f"{where}, link {name}: openapi-generator refuses a document with a link that has a body"


def _schemas(spec: Spec) -> Iterator[str]:
    for name, schema in spec["components"]["schemas"].items():
        parts = {f"{name}.{field}": part for field, part in schema.get("properties", {}).items()}
        for where, part in {name: schema, **parts}.items():
            said = resolved(spec, part)
            if "description" not in said:
                yield f"{where}: describe it"
            if not said.keys() & {"examples", "const", "properties", "items", "oneOf"}:
                yield f"{where}: give an example"
            yield from _invalid(spec, where, said, said.get("examples", ()))


def _invalid(spec: Spec, where: str, schema: Spec, values: Iterable[object]) -> Iterator[str]:
    validator = Draft202012Validator(
        {**schema, "components": spec["components"]}, format_checker=FormatChecker()
    )
    for value in values:
        yield from (f"{where}: {error.json_path} {error.message}" for error in validator.iter_errors(value))


def _examples(spec: Spec) -> Iterator[str]:
    """Each example against its schema, the rules of the documentation, and all that have the same id."""
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    for part, path, method, raw in entries(spec):
        for at, holder in {"request": raw.get("requestBody", {}), **raw["responses"]}.items():
            for media in resolved(spec, holder).get("content", {}).values():
                where = f"{method.upper()} {path}, {at}"
                if not media.get("examples"):
                    yield f"{where}: give an example"
                for name, example in media.get("examples", {}).items():
                    value, place = resolved(spec, example)["value"], f"{where}, example {name}"
                    yield from _invalid(spec, place, media["schema"], [value])
                    for thing in _things(value):
                        yield from (f"{place}: {what}" for what in _contradictions(thing))
                        if part == "paths" and "id" in thing:  # a webhook is of another moment
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
    said = defaultdict(lambda: None, thing)
    status, expiry, key, limit = map(said.get, ("status", "expires_at", "license_key", "activations_limit"))
    past, used = expiry is not None and expiry <= EXAMPLES_AS_OF, thing.get("instances_count", 0)
    if status == "active" and past:
        yield f"active with an expiry in the past, {expiry}"
    if status == "expired" and not past and (expiry or not said["subscription_id"]):
        yield "expired, with neither an expiry in the past nor a subscription"
    if said["subscription_id"] and expiry:
        yield "the key of a subscription has no expiry of its own"
    if limit is not None and used > limit:
        yield f"{used} activations of {limit}"
    if said["source"] == "import" and said["payment_id"]:
        yield "an imported key has no payment"
    if status in MOMENTS and not said[MOMENTS[status]]:
        yield f"{status} without {MOMENTS[status]}"
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
