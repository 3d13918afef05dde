"""What openapi.yaml has against a request or a reply, by Schemathesis: sentences that are the same wherever the cause is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import JsonSchemaError, UndefinedContentType, UndefinedStatusCode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from dodo_licenses._text import visible

load_all_checks()
_STATUS: list[Any] = CHECKS.get_by_names(["status_code_conformance"])
# Of enums, in replies that this process has seen: "new enum values may appear at any time" is documented.
NEW_VALUES: set[str] = set()
_CONTENT: list[Any] = CHECKS.get_by_names(["content_type_conformance", "response_schema_conformance"])


class Spec:
    """A spec that is asked by method and URL."""

    def __init__(self, path: Path) -> None:
        schema = schemathesis.openapi.from_path(path)
        assert isinstance(schema, OpenApiSchema)  # noqa: S101 - for the type checker: from_path says less
        self._schema = schema

    def label_of(self, method: str, url: str) -> str | None:
        """The operation that a request belongs to, such as "GET /license_keys/{id}"; None where there is none."""
        steps = urlsplit(url).path.split("/")  # those of the base URL come first
        paths = ("/".join(["", *steps[start:]]) for start in range(1, len(steps)))
        found = (self._schema.find_operation_by_path(method, path) for path in paths)
        return next((operation.label for operation in found if operation is not None), None)

    def problems(self, label: str, status: int, content_type: str, content: bytes) -> Iterator[str]:
        """What the spec has against a reply: its status, its content type, or its body."""
        operation = self._schema.find_operation_by_label(label)
        if operation is None:
            yield f"{label} is not in the spec"
            return
        headers = {"content-type": [content_type]} if content_type else {}
        request = requests.Request(operation.method, "http://localhost").prepare()
        reply = Response(status, headers, content, request, elapsed=0.0, verify=True)
        ids = dict.fromkeys(re.findall(r"{(\w+)}", operation.path), "any")
        # What the body of a 401 holds is not documented.
        checks = _STATUS if status == requests.codes.unauthorized else _STATUS + _CONTENT
        try:
            operation.Case(path_parameters=ids).validate_response(reply, checks=checks)
        except FailureGroup as found:
            told = [cause for failure in found.exceptions for cause in causes(failure, label, status)]
            yield from dict.fromkeys(told)


def causes(failure: Failure, label: str, status: int) -> list[str]:
    """What is wrong, without the values: the same cause gives the same sentence in every reply."""
    if isinstance(failure, UndefinedStatusCode):
        return [f"status {status} is not in the spec of {label}"]
    if isinstance(failure, UndefinedContentType):
        return [f"content type {failure.content_type} is not in the spec of {label}"]
    if not isinstance(failure, JsonSchemaError):
        return [failure.title]
    component = re.search(r"Schema at /components/schemas/(\w+)", failure.message)
    where = component[1] if component else f"{status} of {label}"
    *_, broken = failure.schema_path
    if broken == "enum" and isinstance(value := failure.instance, str):
        if not ("x-any-case" in failure.schema and value.capitalize() in failure.schema["enum"]):
            NEW_VALUES.add(f"{where} has a value that the spec does not have yet: {visible(value)}")
        return []
    if broken == "required" and isinstance(failure.instance, dict):
        missing = [name for name in failure.schema["required"] if name not in failure.instance]
        return [f"`{name}` is missing in {where}" for name in missing]
    names = [step for step in failure.instance_path if isinstance(step, str)]
    about = f"`{names[-1]}` in {where}" if names else where
    return [f"{about} is not as the spec says: {broken}"]
