"""Print what the vendor's SDK knows of some resources, as JSON: upstream.py runs it where the newest one is.

Each method and webhook is flattened to places ("status", "reply.license_key.id") with what may stand there.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from datetime import datetime
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import dodopayments
from dodopayments import BaseModel, types

PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", datetime: "string"}
PLAIN[type(None)] = "null"
NOT_THE_APIS = {"extra_headers", "extra_query", "extra_body", "timeout", "return"}
Places = dict[str, dict[str, Any]]


def members(hint: object) -> list[object]:
    """What a type is one of."""
    if get_origin(hint) is Annotated:
        return members(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return [member for part in get_args(hint) for member in members(part)]
    return [] if getattr(hint, "__name__", "") in ("Omit", "NotGiven") else [hint]


def flatten(place: str, hint: object, places: Places, *, required: bool) -> Places:
    """Note what may stand at a place, and at those inside it."""
    said: dict[str, Any] = {"required": required, "type": set(), "enum": [], "format": None}
    places[place] = said
    for member in members(hint):
        origin, arguments = get_origin(member), get_args(member)
        if origin is Literal:
            said["type"].add("string")
            said["enum"] = sorted(arguments)
        elif origin is list:
            said["type"].add("array")
            flatten(f"{place}[]", arguments[0], places, required=True)
        elif inspect.isclass(member) and issubclass(member, BaseModel):
            said["type"].add("object")
            for name, field in member.model_fields.items():
                inner = f"{place}.{field.alias or name}"
                flatten(inner, field.annotation, places, required=field.is_required())
        else:
            said["type"].add(PLAIN.get(member, "object") if inspect.isclass(member) else "object")
            said["format"] = "date-time" if member is datetime else said["format"]
    said["type"] = sorted(said["type"])
    return places


def method(function: Any) -> Places:  # noqa: ANN401 - any of the SDK's
    """What a method takes and gives."""
    hints, parameters = get_type_hints(function, include_extras=True), inspect.signature(function).parameters
    answer = hints["return"]
    if pages := getattr(answer, "__pydantic_generic_metadata__", {}).get("args"):
        answer = pages[0]
    places = flatten("reply", answer, {}, required=True)
    for name in hints.keys() - NOT_THE_APIS:
        required = parameters[name].default is inspect.Parameter.empty
        flatten(name, hints[name], places, required=required)
    places[""] = {"deprecated": hasattr(function, "__deprecated__")}
    return places


def main() -> None:
    """Print what is known of the resources that are named, and of all webhooks."""
    os.environ["DODO_PAYMENTS_API_KEY"] = "none"  # nothing is asked
    client = dodopayments.DodoPayments()
    known = {
        f"{resource}.{name}": method(function)
        for resource in sys.argv[1:]
        for name, function in inspect.getmembers(attrgetter(resource)(client), inspect.ismethod)
        if not name.startswith("_")
    }
    for event in vars(types).values():
        if (
            inspect.isclass(event)
            and event.__name__.endswith("WebhookEvent")
            and issubclass(event, BaseModel)
        ):
            (name,) = get_args(event.model_fields["type"].annotation)
            known[f"webhook {name}"] = flatten("request", event, {}, required=True)
    print(json.dumps({"version": dodopayments.__version__, "known": known}))


if __name__ == "__main__":
    main()
