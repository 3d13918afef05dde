"""What openapi.yaml has against a request or a reply: sentences that are the same wherever the cause is."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import schemathesis
import yaml
from schemathesis.specs.openapi.schemas import OpenApiSchema


class Spec:
    """A spec that is asked by method and path."""

    def __init__(self, path: Path) -> None:
        self._raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        schema = schemathesis.openapi.from_dict(self._raw)
        assert isinstance(schema, OpenApiSchema)  # noqa: S101 - for the type checker: from_dict says less
        self._schema = schema

    def label_of(self, method: str, path: str) -> str | None:
        """The operation that a request belongs to, such as "GET /license_keys/{id}"; None where there is none."""
        found = self._schema.find_operation_by_path(method, path)
        return found.label if found is not None else None

    def needs_key(self, label: str) -> bool:
        """Whether the operation is asked with an API key."""
        return bool(self._operation(label).get("security", self._raw.get("security")))

    def reply_problems(self, label: str, status: int, content_type: str, content: bytes) -> Iterator[str]:
        """What the spec has against a reply: its status, its content type, or its body."""
        described = self._operation(label)
        if not described:
            yield f"{label} is not in the spec"
            return
        replies = described["responses"]
        reply = self._resolved(
            replies.get(str(status)) or replies.get(f"{status // 100}XX") or replies.get("default")
        )
        if not reply:
            yield f"status {status} is not in the spec of {label}"
            return
        if status == 401:  # noqa: PLR2004 - what its body holds is not documented
            return
        media = reply.get("content", {})
        found = content_type.partition(";")[0].strip().lower()
        if not media:
            if content:
                yield f"a body where the spec has none, in {status} of {label}"
        elif found not in media:
            yield f"content type {found or 'unnamed'}, not {' or '.join(media)}, in {label}"
        elif found == "application/json":
            try:
                body = json.loads(content)
            except ValueError:
                yield f"a body that is no JSON, in {label}"
                return
            yield from self._violations(body, media[found].get("schema", {}), f"{status} of {label}")

    def request_problems(
        self, label: str, path: Mapping[str, str], query: Mapping[str, Any], body: Any
    ) -> Iterator[str]:
        """What the spec has against a request: a parameter or field that it doesn't name, or a value it refuses."""
        described = self._operation(label)
        given = {"path": path, "query": query}
        named = {"path": set[str](), "query": set[str]()}
        for entry in self._parameters(label):
            name, place = entry["name"], entry["in"]
            if place not in given:
                continue
            named[place].add(name)
            if name in given[place]:
                yield from self._violations(given[place][name], entry["schema"], name)
            elif entry.get("required"):
                yield f"{name} is required in {label}"
        for name in sorted(set(query) - named["query"]):
            yield f"the spec of {label} has no parameter {name}"
        content = self._resolved(described.get("requestBody", {})).get("content", {})
        if body is not None and content:
            schema = content["application/json"]["schema"]
            fields = self._resolved(schema).get("properties", {})
            for name in sorted(set(body) - set(fields)) if isinstance(body, dict) else ():
                yield f"the spec of {label} has no field {name}"
            yield from self._violations(body, schema, f"the body of {label}")

    def _operation(self, label: str) -> dict[str, Any]:
        method, path = label.split(" ")
        found: dict[str, Any] = self._raw["paths"].get(path, {}).get(method.lower(), {})
        return found

    def _parameters(self, label: str) -> list[dict[str, Any]]:
        shared = self._raw["paths"].get(label.split(" ")[1], {}).get("parameters", [])
        return [self._resolved(entry) for entry in (*shared, *self._operation(label).get("parameters", []))]

    def _resolved(self, part: dict[str, Any] | None) -> dict[str, Any]:
        while part and "$ref" in part:
            target: Any = self._raw
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            part = target
        return part or {}

    def _violations(self, value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
        told = set()
        for error in self._validator(json.dumps(schema)).iter_errors(value):
            sentence = _sentence(error, where)
            if sentence not in told:
                told.add(sentence)
                yield sentence

    @functools.cached_property
    def _validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        return {}

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        if schema not in self._validators:
            whole = {**json.loads(schema), "components": self._raw.get("components", {})}
            self._validators[schema] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[schema]


def _sentence(error: jsonschema_rs.ValidationError, where: str) -> str:
    """What is wrong, without the value: the same cause gives the same sentence in every reply."""
    steps = [str(step) for step in error.schema_path]
    if steps[:2] == ["components", "schemas"]:
        where = steps[2]
    field = next((str(step) for step in reversed(list(error.instance_path)) if isinstance(step, str)), "")
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        return f"`{kind.property}` is missing in {where}"
    about = f"`{field}` in {where}" if field else where
    return f"{about} is not as the spec says: {steps[-1]}"
