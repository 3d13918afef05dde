"""What the templates of operations.py and resources.py have to know.

Types, names and models are as openapi-python-client parsed them; what it drops (bounds, `x-…`, a parameter's
description) is read from the same document beside it.
"""

from __future__ import annotations

import functools
import keyword
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_python_client import Project
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.strings import ClassName, PythonIdentifier

from spec_diff import entries, resolved

_WIDTH = 104
_INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
_KINDS = {"datetime.datetime": "datetime", "int": "integer", "bool": "boolean"}
_ACCEPTED = {
    "datetime": "With its time zone.",
    "trimmed": "Blanks around it are dropped.",
    "text": "Not blank.",
}
# The classes that the wrapper has for them; a test holds the two together.
_ERRORS = {
    "400": "BadRequestError",
    "401": "AuthenticationError",
    "403": "PermissionDeniedError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "422": "UnprocessableEntityError",
    "429": "RateLimitError",
    "500": "InternalServerError",
}
_PAGING = {"page_size", "page_number"}


class Parameter:
    """One thing an operation is given. `name` is the API's, `argument` Python's."""

    def __init__(self, of: Operation, prop: Property, place: str, schema: Mapping[str, Any]) -> None:
        self.name = prop.name.get_untrusted_value()
        self.argument = str(prop.python_name)
        self.place = place
        self.required = prop.required
        self.secret = schema.get("x-secret", False)
        self.field: str | None = None
        types = prop.get_type_string(no_optional=True).as_unembedded_code().split(" | ")
        self.nullable = "None" in types
        (plain,) = (name for name in types if name != "None")
        self.enum = plain if "enum" in schema else None
        is_id = place == "path" or self.name == "id" or self.name.endswith("_id")
        texts = "identifier" if is_id else "trimmed" if schema.get("x-trimmed") else "text"
        self.kind = "choice" if self.enum else texts if plain == "str" else _KINDS.get(plain)
        if self.kind is None:
            sys.exit(f"{of.id}: nobody has said yet how to check {self.name}, of the type {plain}")
        hint = "datetime | str" if self.kind == "datetime" else plain
        if self.enum:
            hint += f" | Literal[{', '.join(map(repr, schema['enum']))}]"
        # Only where something is changed do "leave it" and "remove it" differ.
        keeps = of.method == "PATCH"
        self.default = None if self.required else "UNSET" if keeps else "None"
        hint += " | None" if self.nullable or self.default == "None" else ""
        self.hint = hint if self.required else f"{hint} | Unset"
        self.bounds = {k: schema.get(k, v) for k, v in _INT32.items()} if self.kind == "integer" else {}
        self._description = schema.get("description", "").strip()

    @property
    def text(self) -> str:
        """What it is, and what of it is accepted."""
        accepted = _ACCEPTED.get(self.kind, "")
        if self.bounds:
            low, high = self.bounds.values()
            accepted = f"{low} or more." if high == _INT32["maximum"] else f"{low} to {high}."
        also = "" if accepted in self._description else accepted
        return re.sub(r"\bnull\b", "None", f"{self._description} {also}".strip())


class Operation:
    """One operation. `resource` is the path of attributes that leads to it, `name` its method there."""

    def __init__(self, surface: Surface, endpoint: Endpoint, path: str, raw: Mapping[str, Any]) -> None:
        self.id: str = raw["operationId"]
        self.constant = self.id.upper()
        self.resource: str = raw["tags"][0]
        self.name: str = raw.get("x-method", self.id.partition("_")[0])
        self.method = endpoint.method.upper()
        self.path = path
        self.summary: str = raw["summary"]
        self.description: str = raw.get("description", "").strip()
        self.public = not raw.get("security", surface.spec.get("security"))
        self.repeatable: bool = raw.get("x-repeatable", self.method == "GET" or None)
        if self.repeatable is None:
            sys.exit(
                f"{self.id} changes something: say in openapi.yaml whether it may be sent again "
                "where the answer was lost (x-repeatable: true or false)"
            )
        self.done: int | None = raw.get("x-done")
        self.deprecated: bool = raw.get("deprecated", False)
        self.successor: str | None = raw.get("x-successor")
        self.parameters = list(self._parameters(surface, endpoint, raw))
        self._replies(surface, endpoint, raw)
        self.item = None
        if {p.name for p in self.parameters} >= _PAGING:
            self._listing(surface.models_by_name, raw.get("x-items", {}))

    def _parameters(
        self, surface: Surface, endpoint: Endpoint, raw: Mapping[str, Any]
    ) -> Iterator[Parameter]:
        nodes = {(node["name"], node["in"]): node for node in map(surface.resolved, raw["parameters"])}
        for place, parsed in (("path", endpoint.path_parameters), ("query", endpoint.query_parameters)):
            for prop in parsed:
                node = nodes[prop.name.get_untrusted_value(), place]
                yield Parameter(self, prop, place, {**surface.resolved(node["schema"]), **node})
        for body in endpoint.bodies:
            schemas = surface.resolved(_schema(surface.resolved(raw["requestBody"])))["properties"]
            for prop in _properties(surface.models_by_name[str(body.prop.class_info.name)]):
                schema = surface.resolved(schemas[prop.name.get_untrusted_value()])
                yield Parameter(self, prop, "body", schema)

    def _replies(self, surface: Surface, endpoint: Endpoint, raw: Mapping[str, Any]) -> None:
        texts = {
            str(status): surface.resolved(node)["description"].strip()
            for status, node in raw["responses"].items()
        }
        parsed = {str(r.status_code.range[0]): r.prop.get_type_string() for r in endpoint.responses}
        models = {s: parsed[s].as_unembedded_code() for s in texts if s.startswith("2")}
        self.success = {int(s): None if model == "Any" else model for s, model in models.items()}
        self.returns = next((model for model in self.success.values() if model), "None")
        self.returned = next(text for status, text in texts.items() if status in models)
        self.errors = [(_ERRORS[status], text) for status, text in texts.items() if status in _ERRORS]
        if others := [status for status in texts if status not in models | _ERRORS]:
            text = f"It was refused for another reason ({', '.join(others)})."
            self.errors.append(("APIStatusError", text))

    def _listing(self, models: Mapping[str, ModelProperty], marks: Mapping[str, str]) -> None:
        """Find the model of which a page holds many, and what tells one from another."""
        lists = [p for p in _properties(models.get(self.returns)) if p.name == "items" and p.required]
        if not lists:
            sys.exit(f"{self.id} takes page_number and page_size, so its reply must have a list of items")
        self.item = str(lists[0].inner_property.class_info.name)
        fields = {p.name.get_untrusted_value() for p in _properties(models[self.item]) if p.required}
        self.id_field = marks.get("id", "id")
        self.moment_field = marks.get("moment", "created_at" if "created_at" in fields else None)
        for name in (self.id_field, self.moment_field):
            if name is not None and name not in fields:
                sys.exit(f"{self.id}: {self.item} has no required {name}; name another field by x-items")
        fields = {p.name.get_untrusted_value() for p in _properties(models[self.item])}
        for parameter in (p for p in self.parameters if p.place == "query"):
            about = re.sub("_[gl]te$", "", parameter.name)
            parameter.field = about if about in fields else None

    @property
    def params(self) -> str:
        """What the vendor's SDK calls its arguments as a mapping: `LicenseKeyListParams`."""
        one = self.resource.rpartition(".")[2].removesuffix("s")
        return "".join(ClassName(part, "") for part in (one, self.name, "params"))

    @property
    def filters(self) -> list[Parameter]:
        """What a listing leaves alone from page to page; elsewhere all parameters."""
        return [p for p in self.parameters if not self.item or p.name not in _PAGING]

    @property
    def positional(self) -> list[Parameter]:
        """The last parameter of the path, as in the vendor's SDK."""
        return [p for p in self.parameters if p.place == "path"][-1:]

    @property
    def keywords(self) -> list[Parameter]:
        """All others but those of paging, the required ones first."""
        return sorted((p for p in self.filters if p not in self.positional), key=lambda p: not p.required)


class Resource:
    """One class of methods; `path` is the attributes that lead to it from a client."""

    def __init__(self, path: str, description: str, operations: list[Operation]) -> None:
        self.path = path
        self.description = description
        self.operations = operations
        self.name = "".join(ClassName(part, "Resource") for part in path.split("."))
        self.parent, _, self.attribute = path.rpartition(".")


def _properties(model: ModelProperty | None) -> list[Property]:
    return [] if model is None else model.required_properties + model.optional_properties


def _call_as_the_api_does(model: str, prop: Property) -> None:
    """Undo what the generator does to names such as `type`: replies are decoded by name, into attributes."""
    name = prop.name.get_untrusted_value()
    if not name.isidentifier() or name.startswith("_") or keyword.iskeyword(name):
        sys.exit(f"{model}.{name} cannot be an attribute, so no reply could be decoded into it")
    prop.python_name = str.__new__(PythonIdentifier, name)


def _schema(body: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a body, which has one media type."""
    (media,) = body["content"].values()
    schema: dict[str, Any] = media["schema"]
    return schema


def wrapped(text: str, indent: int = 4) -> str:
    """Text in lines as long as a docstring at that depth has room for, paragraph by paragraph."""
    width = _WIDTH - indent
    return "\n\n".join(textwrap.fill(" ".join(p.split()), width) for p in text.split("\n\n"))


class Surface:
    """All operations and resources of a spec.

    Args:
        project: The spec as the generator has parsed it.
        spec: The spec as it was read.
    """

    def __init__(self, project: Project, spec: Mapping[str, Any]) -> None:
        self.spec = spec
        self.resolved = functools.partial(resolved, spec)
        self.models_by_name = {str(model.class_info.name): model for model in project.openapi.models}
        for name, model in self.models_by_name.items():
            for prop in _properties(model):
                _call_as_the_api_does(name, prop)
        self.models = sorted([*self.models_by_name, *(str(e.class_info.name) for e in project.openapi.enums)])
        self.public = [name for name in self.models if not name.endswith("Request") and name != "Error"]
        tags = project.openapi.endpoint_collections_by_tag.values()
        endpoints = {endpoint.name: endpoint for tag in tags for endpoint in tag.endpoints}
        self.operations = [
            Operation(self, endpoints[PythonIdentifier(raw["operationId"], "")], path, raw)
            for _, path, _, raw in entries(spec, "paths")
        ]
        self.servers = {server["x-name"]: server["url"] for server in spec["servers"]}
        self.webhooks = {
            name: _schema(raw["requestBody"])["$ref"].rpartition("/")[2]
            for _, name, _, raw in entries(spec, "webhooks")
        }
        of: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            of[operation.resource].append(operation)
        # Webhooks have a tag as well.
        described = {tag["name"]: tag["description"] for tag in spec["tags"] if tag["name"] in of}
        if lost := of.keys() - described:
            sys.exit(f"describe the tag {', '.join(sorted(lost))} in openapi.yaml: it becomes a resource")
        self.resources = [Resource(path, text, of[path]) for path, text in described.items()]

    def is_secret(self, model: str, name: str) -> bool:
        """Whether a model's field must be shown nowhere."""
        schema = self.spec["components"]["schemas"].get(model, {})
        return bool(schema.get("properties", {}).get(name, {}).get("x-secret"))
