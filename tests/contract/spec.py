"""What openapi.yaml says of a request, of a reply, and of how one leads to the next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import jsonschema
import schemathesis
import yaml
from schemathesis.core.failures import Failure, FailureGroup

OURS = Path(__file__).parents[2] / "openapi.yaml"
INT32_MAX = 2**31 - 1
# Keywords that rule values out, and what they may say where the documentation says nothing.
_NARROWING = {
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
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value):
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Spec:
    """A spec, asked by operations such as "GET /license_keys/{id}"; each answer is a list of sentences of what is wrong."""

    def __init__(self, path=OURS):
        self._raw = yaml.safe_load(Path(path).read_text())
        schema = schemathesis.openapi.from_path(str(path))
        self._operations = {
            f"{op.method.upper()} {op.path}": op
            for op in (result.ok() for result in schema.get_all_operations())
        }

    def _of(self, operation):
        return self._operations[operation].definition.raw

    def _parameters(self, operation):
        """Those of the operation, and those that its path has for all."""
        shared = self._raw["paths"][operation.split(" ")[1]].get("parameters", [])
        return [self._resolved(entry) for entry in (*shared, *self._of(operation).get("parameters", []))]

    def _resolved(self, part):
        while "$ref" in part:
            target = self._raw
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            part = target
        return part

    def _violations(self, value, schema, where):
        whole = {**schema, "components": self._raw["components"]}
        validator = jsonschema.Draft202012Validator(whole, format_checker=_FORMATS)
        return [f"{where}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def needs_key(self, operation):
        """Whether the operation is asked with an API key."""
        return bool(self._of(operation).get("security", self._raw.get("security")))

    def query(self, operation):
        """The parameters of the query, with their types, bounds and defaults in short."""
        declared = self._parameters(operation)
        return {
            entry["name"]: self._in_short(entry["schema"]) for entry in declared if entry["in"] == "query"
        }

    def servers(self):
        """Where the API is."""
        return [server["url"] for server in self._raw["servers"]]

    def fields(self, operation, status=None):
        """The fields of the request, or of a reply, with their types in short; none where there is no such thing."""
        schema = self._json(operation, status)
        return {} if schema is None else dict(self._fields(schema))

    def narrowed(self, operation, status=None):
        """What the schema of the request, or of a reply, rules out beyond types and names."""
        schema = self._json(operation, status)
        return [] if schema is None else list(self._narrowed(schema, "body"))

    def _json(self, operation, status):
        described = self._of(operation)
        part = (
            described.get("requestBody", {})
            if status is None
            else described["responses"].get(str(status), {})
        )
        content = self._resolved(part).get("content", {})
        return content["application/json"]["schema"] if content else None

    def _narrowed(self, schema, name):
        schema = self._resolved(schema)
        for keyword, free in _NARROWING.items():
            if schema.get(keyword, free) != free and not isinstance(schema[keyword], dict):
                yield f"{name}: {keyword} is {schema[keyword]}"
        for below, found in schema.get("properties", {}).items():
            yield from self._narrowed(found, f"{name}.{below}")
        if "items" in schema:
            yield from self._narrowed(schema["items"], f"{name}[]")

    def _fields(self, schema, before=""):
        schema = self._resolved(schema)
        for name, found in schema.get("properties", {}).items():
            resolved = self._resolved(found)
            if "items" in resolved:
                yield from self._fields(resolved["items"], f"{before}{name}[].")
            elif "properties" in resolved:
                yield from self._fields(resolved, f"{before}{name}.")
            else:
                required = "!" if name in schema.get("required", ()) else ""
                yield before + name, self._in_short(resolved) + required

    def _in_short(self, schema):
        schema = self._resolved(schema)
        types = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
        real = [kind for kind in types if kind != "null"]
        named = sorted(schema["enum"]) if "enum" in schema else [schema.get("format", kind) for kind in real]
        text = "|".join([*named, *(["null"] if "null" in types else [])])
        if "default" in schema:
            most = schema.get("maximum", INT32_MAX)
            most = "" if most == INT32_MAX else most
            text += f" {schema.get('minimum', '')}..{most} ={schema['default']}"
        return text

    def request_problems(self, operation, id, params, body):
        """What the spec has against a request: a parameter or field that it doesn't name, or a value it refuses."""
        found = []
        declared = self._parameters(operation)
        queried = {entry["name"]: entry for entry in declared if entry["in"] == "query"}
        for entry in declared:
            if entry["in"] == "path":
                found += self._violations(id, entry["schema"], entry["name"])
        for name, value in (params or {}).items():
            if name not in queried:
                found.append(f"the spec has no parameter {name}")
            else:
                found += self._violations(value, queried[name]["schema"], name)
        required = {name for name, entry in queried.items() if entry.get("required")}
        found += [f"{name} is required" for name in sorted(required - set(params or {}))]
        described = self._of(operation).get("requestBody")
        if body is not None and described is None:
            found.append("the spec has no body here")
        elif body is not None:
            schema = self._resolved(described)["content"]["application/json"]["schema"]
            named = self._resolved(schema).get("properties", {})
            found += [f"the spec has no field {name}" for name in body if name not in named]
            found += self._violations(body, schema, "body")
        return found

    def reply_problems(self, operation, response):
        """What the spec has against a reply: its status, its content type or its body."""
        if str(response.status_code) not in self._of(operation)["responses"]:
            return [f"the spec has no status {response.status_code} here"]
        try:
            self._operations[operation].validate_response(response)
        except (Failure, FailureGroup) as failure:
            problems = getattr(failure, "exceptions", [failure])
            return [" ".join(f"{p.title}: {p.message}".split())[:400] for p in problems]
        return []

    def links(self):
        """For an operation and a status: name → (link, target operation)."""
        by_id = {op.definition.raw["operationId"]: name for name, op in self._operations.items()}
        drawn = {}
        for name in self._operations:
            for status, reply in self._of(name)["responses"].items():
                links = reply.get("links", {})
                found = {title: (link, by_id[link["operationId"]]) for title, link in links.items()}
                drawn[name, int(status)] = found
        return drawn
