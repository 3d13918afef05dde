"""What the templates of operations.py and resources.py have to know.

Types, names and models are as openapi-python-client parsed them; what it drops (bounds, `x-…`, a parameter's
description) is read from the same document beside it.
"""

from __future__ import annotations

import keyword
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openapi_python_client import Project
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import Property
from openapi_python_client.strings import ClassName, PythonIdentifier

_WIDTH = 104
_INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
_KINDS = {"datetime.datetime": "datetime", "int": "integer", "bool": "boolean"}
_BOUNDS = {
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


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing an operation is given. `name` is the API's, `argument` Python's."""

    name: str
    argument: str
    place: str
    kind: str
    hint: str
    default: str | None
    description: str
    required: bool
    nullable: bool
    secret: bool
    enum: str | None
    bounds: Mapping[str, int]

    @property
    def text(self) -> str:
        """What it is, and what of it is accepted."""
        also = "" if self._bound in self.description else self._bound
        return re.sub(r"\bnull\b", "None", f"{self.description} {also}".strip())

    @property
    def _bound(self) -> str:
        if self.kind == "integer":
            low, high = self.bounds["minimum"], self.bounds["maximum"]
            return f"{low} or more." if high == _INT32["maximum"] else f"{low} to {high}."
        return _BOUNDS.get(self.kind, "")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An error that an operation may end with."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation. `resource` is the path of attributes that leads to it, `name` its method there."""

    id: str
    resource: str
    name: str
    method: str
    path: str
    summary: str
    description: str
    public: bool
    repeatable: bool
    done: int | None
    deprecated: bool
    successor: str | None
    parameters: tuple[Parameter, ...]
    success: Mapping[int, str | None]
    returned: str
    errors: tuple[Refusal, ...]
    item: str | None
    id_field: str | None
    moment_field: str | None

    @property
    def constant(self) -> str:
        """What operations.py calls it."""
        return self.id.upper()

    @property
    def params(self) -> str:
        """What the vendor's SDK calls its arguments as a mapping: `LicenseKeyListParams`."""
        one = self.resource.rpartition(".")[2].removesuffix("s")
        return "".join(ClassName(part, "") for part in (one, self.name, "params"))

    @property
    def returns(self) -> str:
        """The model of its reply."""
        return next((model for model in self.success.values() if model), "None")

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


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One class of methods; `path` is the attributes that lead to it from a client."""

    path: str
    description: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its class: `EntitlementsGrants` of `entitlements.grants`."""
        return "".join(ClassName(part, "Resource") for part in self.path.split("."))

    @property
    def attribute(self) -> str:
        """What it is called where it hangs."""
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """The path of the resource it hangs on; empty for one of the client itself."""
        return self.path.rpartition(".")[0]


def _call_as_the_api_does(model: str, prop: Property) -> None:
    """Undo what the generator does to names such as `type`: replies are decoded by name, into attributes."""
    name = prop.name.get_untrusted_value()
    if not name.isidentifier() or name.startswith("_") or keyword.iskeyword(name):
        sys.exit(f"{model}.{name} cannot be an attribute, so no reply could be decoded into it")
    prop.python_name = str.__new__(PythonIdentifier, name)


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a body, which has one media type."""
    (content,) = body["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def wrapped(text: str, indent: int = 4) -> str:
    """Text in lines as long as a docstring at that depth has room for, paragraph by paragraph."""
    width = _WIDTH - indent
    return "\n\n".join(textwrap.fill(" ".join(p.split()), width) for p in text.split("\n\n"))


def _errors(refusals: Mapping[str, str]) -> Iterator[Refusal]:
    """What the documented refusals are as errors, those without a class of their own together."""
    for status, text in refusals.items():
        if status in _ERRORS:
            yield Refusal(name=_ERRORS[status], text=text)
    if others := [status for status in refusals if status not in _ERRORS]:
        yield Refusal(name="APIStatusError", text=f"It was refused for another reason ({', '.join(others)}).")


class Surface:
    """All operations and resources of a spec.

    Args:
        project: The spec as the generator has parsed it.
        spec: The spec as it was read.
    """

    def __init__(self, project: Project, spec: Mapping[str, Any]) -> None:
        self._spec = spec
        self._models = {str(model.class_info.name): model for model in project.openapi.models}
        enums = [str(enum.class_info.name) for enum in project.openapi.enums]
        for name, model in self._models.items():
            for prop in model.required_properties + model.optional_properties:
                _call_as_the_api_does(name, prop)
        self.models = sorted([*self._models, *enums])
        endpoints = {
            e.name: e for c in project.openapi.endpoint_collections_by_tag.values() for e in c.endpoints
        }
        self.operations = [
            self._operation(endpoints[PythonIdentifier(raw["operationId"], "")], path, method, raw)
            for path, method, raw in self._raw_operations()
        ]
        self.servers = {server["x-name"]: server["url"] for server in spec["servers"]}
        self.webhooks = {
            name: item["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition(
                "/"
            )[2]
            for name, item in spec.get("webhooks", {}).items()
        }
        self.public = [name for name in self.models if not name.endswith("Request") and name != "Error"]
        self.resources = [
            Resource(
                path=tag["name"],
                description=tag["description"],
                operations=[o for o in self.operations if o.resource == tag["name"]],
            )
            for tag in spec["tags"]
            if any(o.resource == tag["name"] for o in self.operations)  # webhooks have a tag as well
        ]
        if lost := {o.resource for o in self.operations} - {r.path for r in self.resources}:
            sys.exit(f"describe the tag {', '.join(sorted(lost))} in openapi.yaml: it becomes a resource")

    def is_secret(self, model: str, name: str) -> bool:
        """Whether a model's field must be shown nowhere."""
        schema = self._spec["components"]["schemas"].get(model, {})
        return bool(schema.get("properties", {}).get(name, {}).get("x-secret"))

    def _raw_operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, item in self._spec["paths"].items():
            for method, raw in item.items():
                if method in ("get", "put", "post", "delete", "patch"):
                    shared = item.get("parameters", [])
                    yield path, method, {**raw, "parameters": [*raw.get("parameters", []), *shared]}

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """A node, or what it refers to; what stands beside a reference counts for more."""
        if "$ref" not in node:
            return node
        target: Any = self._spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return {**self._resolved(target), **{name: node[name] for name in node if name != "$ref"}}

    def _operation(self, endpoint: Endpoint, path: str, method: str, raw: dict[str, Any]) -> Operation:
        operation_id = raw["operationId"]
        if method != "get" and not isinstance(raw.get("x-repeatable"), bool):
            sys.exit(
                f"{operation_id} changes something: say in openapi.yaml whether it may be sent again "
                "where the answer was lost (x-repeatable: true or false)"
            )
        success: dict[int, str | None] = {}
        returned = ""
        refusals: dict[str, str] = {}
        for status, node in raw["responses"].items():
            answer = self._resolved(node)
            if not str(status).startswith("2"):
                refusals[str(status)] = answer["description"].strip()
                continue
            parsed = next(r for r in endpoint.responses if r.status_code.range[0] == int(status))
            model = parsed.prop.get_type_string().as_unembedded_code()
            success[int(status)] = None if model == "Any" else model
            returned = returned or answer["description"].strip()
        parameters = tuple(self._parameters(operation_id, endpoint, method, raw))
        pages = {p.name for p in parameters} >= _PAGING
        item = self._item(operation_id, next(iter(success.values()))) if pages else None
        marks = raw.get("x-items", {})
        return Operation(
            id=operation_id,
            resource=raw["tags"][0],
            name=raw.get("x-method", operation_id.partition("_")[0]),
            method=method.upper(),
            path=path,
            summary=raw["summary"],
            description=raw.get("description", "").strip(),
            public=not raw.get("security", self._spec.get("security")),
            repeatable=raw.get("x-repeatable", True),
            done=raw.get("x-done"),
            deprecated=raw.get("deprecated", False),
            successor=raw.get("x-successor"),
            parameters=parameters,
            success=success,
            returned=returned,
            errors=tuple(_errors(refusals)),
            item=item,
            id_field=self._field(operation_id, item, marks.get("id", "id"), must=True),
            moment_field=self._field(
                operation_id, item, marks.get("moment", "created_at"), must="moment" in marks
            ),
        )

    def _item(self, operation_id: str, page: str | None) -> str:
        """The model of which a page holds many."""
        for prop in self._models[page].required_properties if page is not None else ():
            if prop.name == "items":
                return str(prop.inner_property.class_info.name)
        sys.exit(f"{operation_id} takes page_number and page_size, so its reply must have a list of items")

    def _field(self, operation_id: str, item: str | None, name: str, *, must: bool) -> str | None:
        if item is None:
            return None
        if any(prop.name == name for prop in self._models[item].required_properties):
            return name
        if must:
            sys.exit(f"{operation_id}: {item} has no required {name}; name another field by x-items")
        return None

    def _parameters(
        self, operation_id: str, endpoint: Endpoint, method: str, raw: dict[str, Any]
    ) -> Iterator[Parameter]:
        nodes = {(node["name"], node["in"]): node for node in map(self._resolved, raw["parameters"])}
        for place, parsed in (("path", endpoint.path_parameters), ("query", endpoint.query_parameters)):
            for prop in parsed:
                node = nodes[prop.name.get_untrusted_value(), place]
                schema = {**self._resolved(node["schema"]), **node}
                yield self._parameter(operation_id, prop, place, schema, method)
        for body in endpoint.bodies:
            model = self._models[str(body.prop.class_info.name)]
            schemas = self._resolved(_content(self._resolved(raw["requestBody"])))["properties"]
            for prop in model.required_properties + model.optional_properties:
                schema = self._resolved(schemas[prop.name.get_untrusted_value()])
                yield self._parameter(operation_id, prop, "body", schema, method)

    def _parameter(
        self, operation_id: str, prop: Property, place: str, schema: dict[str, Any], method: str
    ) -> Parameter:
        name = prop.name.get_untrusted_value()
        parts = prop.get_type_string(no_optional=True).as_unembedded_code().split(" | ")
        nullable = "None" in parts
        (plain,) = [part for part in parts if part != "None"]
        enum = plain if plain in self.models and plain not in self._models else None
        if enum is not None:
            kind = "choice"
        elif plain == "str":
            is_id = place == "path" or name == "id" or name.endswith("_id")
            kind = "identifier" if is_id else "trimmed" if schema.get("x-trimmed") else "text"
        elif plain in _KINDS:
            kind = _KINDS[plain]
        else:
            sys.exit(f"{operation_id}: nobody has said yet how to check {name}, of the type {plain}")
        hint = "datetime | str" if kind == "datetime" else plain
        if enum is not None:
            hint += f" | Literal[{', '.join(repr(value) for value in schema['enum'])}]"
        default = None
        if not prop.required:
            # Only where something is changed do "leave it" and "remove it" differ.
            keeps = method == "patch"
            hint += (" | None" if nullable or not keeps else "") + " | Unset"
            default = "UNSET" if keeps else "None"
        elif nullable:
            hint += " | None"
        bounds = {**_INT32, **{k: schema[k] for k in _INT32 if k in schema}} if kind == "integer" else {}
        return Parameter(
            name=name,
            argument=str(prop.python_name),
            place=place,
            kind=kind,
            hint=hint,
            default=default,
            description=schema.get("description", "").strip(),
            required=prop.required,
            nullable=nullable,
            secret=schema.get("x-secret", False),
            enum=enum,
            bounds=bounds,
        )
