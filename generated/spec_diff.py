"""What a change of the spec does to callers, operation by operation. Pure: two documents in, changes out.

Both are flattened to what is said of each place (a parameter, a field of a reply), and all that isn't mere
words is compared, so that nothing can be overlooked. What callers send may be widened, what they read may be
narrowed; the other way round breaks them. New fields and new enum values of replies don't: the client keeps
what it doesn't know.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Spec = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_WORDS = {"description", "summary", "title", "example", "examples", "externalDocs", "$comment"}
_CHOICES = ("oneOf", "anyOf", "allOf")
_APART = _WORDS | {"$ref", "properties", "items", "required", "type", "enum", "const", *_CHOICES}
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


@dataclass(frozen=True, order=True)
class Change:
    """One difference: where, of which kind, what, and whether it breaks callers."""

    where: str
    kind: str
    what: str
    breaks: bool


@dataclass(frozen=True)
class Place:
    """What is said of one place of an operation.

    Attributes:
        sent: Whether callers send it, and don't read it.
        inside: The place that this one is a part of; empty for the operation itself.
        said: All that isn't mere words.
    """

    sent: bool
    inside: str
    said: dict[str, Any] = field(default_factory=dict)


Places = dict[str, Place]


def changes(old: Spec, new: Spec) -> list[Change]:
    """All that differs for callers between two OpenAPI documents."""
    before, after = ({**dict(operations(spec)), **_other_webhooks(spec)} for spec in (old, new))
    found = [Change(name, "removed", "the operation", breaks=True) for name in before.keys() - after.keys()]
    found += [Change(name, "added", "the operation", breaks=False) for name in after.keys() - before.keys()]
    for name in before.keys() & after.keys():
        found += _compared(name, before[name], after[name])
    return sorted(set(found))


def entries(spec: Spec, *parts: str) -> Iterator[tuple[str, str, str, Spec]]:
    """Each operation of "paths" and "webhooks": of which part, path, method, and all that is said of it."""
    for part in parts or ("paths", "webhooks"):
        for path, item in spec.get(part, {}).items():
            for method in filter(item.__contains__, METHODS):
                parameters = [*item[method].get("parameters", ()), *item.get("parameters", ())]
                yield part, path, method, {**item[method], "parameters": parameters}


def operations(spec: Spec) -> Iterator[tuple[str, Places]]:
    """Each operation and webhook, and its places, such as "parameter status" and "reply 200.items[].id"."""
    for part, path, method, raw in entries(spec):
        name = f"webhook {path}" if part == "webhooks" else f"{method.upper()} {path}"
        yield name, _Flattened(spec, part == "webhooks").operation(raw)


def _other_webhooks(spec: Spec) -> dict[str, Places]:
    """What a webhook looks like that the spec does not name."""
    if "x-other-webhooks" not in spec:
        return {}
    body = {"content": {"application/json": {"schema": spec["x-other-webhooks"]}}}
    return {"webhook of another type": _Flattened(spec, is_webhook=True).operation({"requestBody": body})}


@dataclass
class _Flattened:
    """One operation, its places being collected. In a webhook what is sent and what is read are exchanged."""

    spec: Spec
    is_webhook: bool
    places: Places = field(default_factory=dict)
    within: list[Spec] = field(default_factory=list)

    def operation(self, raw: Spec) -> Places:
        said = {key: raw.get(key) for key in ("operationId", "tags", "deprecated")}
        said["security"] = sorted(raw.get("security", self.spec.get("security", ())), key=str)
        self.places[""] = Place(sent=True, inside="", said=said)
        asked = Place(sent=not self.is_webhook, inside="")
        for entry in raw.get("parameters", ()):
            self._holder("parameter", resolved(self.spec, entry), asked)
        if "requestBody" in raw:
            self._holder("request", resolved(self.spec, raw["requestBody"]), asked)
        for status, entry in raw.get("responses", {}).items():
            answer = resolved(self.spec, entry)
            self.places[f"status {status}"] = Place(sent=self.is_webhook, inside="")
            inside = Place(sent=self.is_webhook, inside=f"status {status}")
            self._holder(f"reply {status}", {"required": True, **answer}, inside)
            for name, header in answer.get("headers", {}).items():
                self._holder(f"reply {status}, header", {"name": name, **resolved(self.spec, header)}, inside)
        return self.places

    def _holder(self, name: str, holder: Spec, place: Place) -> None:
        """What holds a schema, itself or by its content."""
        said = {key: holder[key] for key in ("in", "style", "explode") if key in holder}
        said["required"] = holder.get("required", False)
        held = {None: holder, **holder.get("content", {})}
        for kind, media in held.items():
            if "schema" in media:
                of = f" as {kind}" if kind not in (None, "application/json") else ""
                named = f"{name} {holder['name']}" if "name" in holder else name
                self._schema(named + of, media["schema"], Place(place.sent, place.inside, said))

    def _schema(self, name: str, schema: Spec, place: Place) -> None:
        schema = plain(self.spec, schema)
        if schema in self.within:
            return
        said = {key: value for key, value in schema.items() if key not in _APART and not key.startswith("x-")}
        if isinstance(said.get("additionalProperties"), dict):
            said["additionalProperties"] = True
        values = [schema["const"]] if "const" in schema else schema.get("enum", ())
        said |= {"type": types_of(schema), "enum": {*map(_shown, values)}}
        self.places[name] = Place(place.sent, place.inside, {**place.said, **said})
        self.within.append(schema)
        for below, part, required in _parts(schema):
            inner = Place(place.sent, name, {"required": required})
            self._schema(name + below, part, inner)
        self.within.pop()


def _parts(schema: Spec) -> Iterator[tuple[str, Spec, bool]]:
    """The schemas inside a schema: how each is called, and whether it has to be there."""
    for name, part in schema.get("properties", {}).items():
        yield f".{name}", part, name in schema.get("required", ())
    if "items" in schema:
        yield "[]", schema["items"], True
    for key in _CHOICES:
        for number, part in enumerate(schema.get(key, ())):
            yield f" {key} {number}", part, True
    if isinstance(schema.get("additionalProperties"), dict):
        yield ".*", schema["additionalProperties"], False


def _compared(name: str, before: Places, after: Places) -> Iterator[Change]:
    for where in before.keys() - after.keys():
        if before[where].inside in after:
            unread = where.startswith("status ") and not where.startswith("status 2")
            yield Change(name, "removed", where, breaks=not unread)
    for where in after.keys() - before.keys():
        if after[where].inside in before:
            needed = after[where].sent and after[where].said.get("required", False)
            yield Change(name, "added", where + (", required" if needed else ""), breaks=needed)
    for where in before.keys() & after.keys():
        old, new, sent = before[where].said, after[where].said, after[where].sent
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                for kind, what, breaks in _judged(key, old.get(key), new.get(key), sent=sent):
                    yield Change(name, kind, f"{where} {what}" if where else what, breaks)


def _judged(key: str, old: Any, new: Any, *, sent: bool) -> Iterator[tuple[str, str, bool]]:  # noqa: ANN401 - JSON
    """One thing said otherwise: of which kind that is, what, and whether it breaks callers."""
    apart = f"{key} {_shown(old)} is now {_shown(new)}"
    if key == "required":
        yield _narrowed(key, new, "is required" if new else "may be left out", sent=sent)
    elif key == "security":
        yield _narrowed(key, new, "an API key is needed" if new else "no API key is needed", sent=sent)
    elif key in (*_LOWER, *_UPPER):
        tighter = old is None or (new is not None and (new > old) is (key in _LOWER))
        yield _narrowed(key, tighter, apart, sent=sent)
    elif key in ("type", "enum") and not (old and new):  # none is any
        yield _narrowed(key, new, f"is only {_listed(new)}" if new else f"may have any {key}", sent=sent)
    elif key in ("type", "enum") and old & new:
        if gone := old - new:
            yield _narrowed(key, gone, f"is never {_listed(gone)}", sent=sent)
        if come := new - old:
            yield _narrowed(key, None, f"may be {_listed(come)}", sent=sent)
    elif key in ("type", "enum"):
        yield "changed", f"{_listed(old)} is now {_listed(new)}", True
    elif key == "deprecated":
        yield "changed", "is deprecated" if new else "is no longer deprecated", False
    else:
        yield "changed", apart, sent or key in ("operationId", "tags", "format", "default")


def _narrowed(key: str, tighter: object, what: str, *, sent: bool) -> tuple[str, str, bool]:
    # No bound and no enum is part of a type, so what is read breaks by none that is gone.
    return (
        ("tightened", what, sent) if tighter else ("loosened", what, not sent and key in ("required", "type"))
    )


def resolved(spec: Spec, part: Spec) -> Spec:
    """What a part refers to, or the part itself; what stands beside a reference counts for more."""
    if "$ref" not in part:
        return part
    steps = part["$ref"].removeprefix("#/").split("/")
    target = resolved(spec, functools.reduce(operator.getitem, steps, spec))
    return {**target, **{key: said for key, said in part.items() if key != "$ref"}}


def plain(spec: Spec, schema: Spec) -> Spec:
    """A schema without references at its top, and `oneOf: [X, null]` as X that may be null."""
    schema = resolved(spec, schema)
    choices = schema.get("oneOf") or schema.get("anyOf") or []
    real = [choice for choice in choices if choice.get("type") != "null"]
    if len(choices) == len(real) + 1 and len(real) == 1:
        inner = plain(spec, real[0])
        return {**inner, "type": [*types_of(inner), "null"]}
    return schema


def types_of(schema: Spec) -> set[str]:
    """The types that a schema names."""
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def _listed(values: set[str]) -> str:
    return " or ".join(sorted(values))


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
