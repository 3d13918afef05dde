"""What a change of the spec does to callers, operation by operation. Pure: two documents in, changes out.

What callers send may be widened, what they read may be narrowed; the other way round breaks them. New fields
and new enum values of replies don't: the client keeps what it doesn't know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACT = ("format", "pattern", "const", "multipleOf", "uniqueItems", "additionalProperties")


@dataclass(frozen=True, order=True)
class Change:
    """One difference: where, of which kind, what, and whether it breaks callers."""

    where: str
    kind: str
    what: str
    breaks: bool


@dataclass(frozen=True)
class _Side:
    """What callers send or what they read, and so which way of changing breaks them."""

    sent: bool

    def tightened(self, where: str, what: str) -> Change:
        return Change(where, "tightened", what, self.sent)

    def loosened(self, where: str, what: str, *, harmless: bool = False) -> Change:
        return Change(where, "loosened", what, not self.sent and not harmless)


_SENT, _READ = _Side(sent=True), _Side(sent=False)


def changes(old: Spec, new: Spec) -> list[Change]:
    """All that differs for callers between two OpenAPI documents."""
    before, after = dict(_operations(old)), dict(_operations(new))
    found = [Change(name, "removed", "the operation", breaks=True) for name in before.keys() - after.keys()]
    found += [Change(name, "added", "the operation", breaks=False) for name in after.keys() - before.keys()]
    for name in before.keys() & after.keys():
        found += _Compared(name, old, new).operation(before[name], after[name])
    return sorted(set(found))


def _operations(spec: Spec) -> Iterator[tuple[str, Spec]]:
    for path, item in spec.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                operation = item[method]
                yield (
                    f"{method.upper()} {path}",
                    {**operation, "parameters": [*shared, *operation.get("parameters", [])]},
                )


@dataclass(frozen=True)
class _Compared:
    """One operation in two documents."""

    name: str
    old: Spec
    new: Spec

    def operation(self, old: Spec, new: Spec) -> Iterator[Change]:
        if old.get("operationId") != new.get("operationId"):
            told = f"operationId {old.get('operationId')} is now {new.get('operationId')}"
            yield Change(self.name, "changed", told, breaks=True)
        if old.get("tags") != new.get("tags"):
            yield Change(
                self.name, "changed", f"tags {old.get('tags')} are now {new.get('tags')}", breaks=True
            )
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            told = "is deprecated" if new.get("deprecated") else "is no longer deprecated"
            yield Change(self.name, "changed", told, breaks=False)
        yield from self._security(old, new)
        yield from self._parameters(old, new)
        yield from self._request(old, new)
        yield from self._responses(old, new)

    def _security(self, old: Spec, new: Spec) -> Iterator[Change]:
        before, after = (
            old.get("security", self.old.get("security")),
            new.get("security", self.new.get("security")),
        )
        if bool(before) != bool(after):
            kind = "tightened" if after else "loosened"
            told = "an API key is needed" if after else "no API key is needed"
            yield Change(self.name, kind, told, bool(after))

    def _parameters(self, old: Spec, new: Spec) -> Iterator[Change]:
        before, after = self._by_name(self.old, old), self._by_name(self.new, new)
        for key in before.keys() - after.keys():
            yield Change(self.name, "removed", f"parameter {key[1]}", breaks=True)
        for key in after.keys() - before.keys():
            required = bool(after[key].get("required"))
            needed = ", required" if required else ""
            yield Change(self.name, "added", f"parameter {key[1]}{needed}", required)
        for key in before.keys() & after.keys():
            where = f"parameter {key[1]}"
            yield from self._required(
                where, _SENT, was=before[key].get("required"), now=after[key].get("required")
            )
            yield from self._schema(where, before[key].get("schema", {}), after[key].get("schema", {}), _SENT)

    @staticmethod
    def _by_name(spec: Spec, operation: Spec) -> dict[tuple[str, str], Spec]:
        found = [resolved(spec, entry) for entry in operation["parameters"]]
        return {(entry["in"], entry["name"]): entry for entry in found}

    def _request(self, old: Spec, new: Spec) -> Iterator[Change]:
        before = _json_schema(self.old, old.get("requestBody"))
        after = _json_schema(self.new, new.get("requestBody"))
        if before is not None and after is None:
            yield Change(self.name, "removed", "the request body", breaks=True)
        elif before is None and after is not None:
            yield Change(self.name, "added", "a request body", breaks=True)
        elif before is not None and after is not None:
            yield from self._schema("request", before, after, _SENT)

    def _responses(self, old: Spec, new: Spec) -> Iterator[Change]:
        before, after = old.get("responses", {}), new.get("responses", {})
        for status in before.keys() - after.keys():
            yield Change(self.name, "removed", f"status {status}", str(status).startswith("2"))
        for status in after.keys() - before.keys():
            yield Change(self.name, "added", f"status {status}", breaks=False)
        for status in before.keys() & after.keys():
            was, now = _json_schema(self.old, before[status]), _json_schema(self.new, after[status])
            if was is not None and now is None:
                yield Change(self.name, "removed", f"the body of {status}", breaks=True)
            elif was is None and now is not None:
                yield Change(self.name, "added", f"a body of {status}", breaks=False)
            elif was is not None and now is not None:
                yield from self._schema(f"reply {status}", was, now, _READ)

    def _required(self, where: str, side: _Side, *, was: object, now: object) -> Iterator[Change]:
        if bool(now) and not was:
            yield side.tightened(self.name, f"{where} is required")
        elif was and not now:
            yield side.loosened(self.name, f"{where} may be left out")

    def _schema(
        self, where: str, old: Spec, new: Spec, side: _Side, seen: frozenset[object] = frozenset()
    ) -> Iterator[Change]:
        pair = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and pair in seen:
            return
        seen |= {pair}
        before, after = _plain(self.old, old), _plain(self.new, new)
        yield from self._types(where, before, after, side)
        yield from self._values(where, before, after, side)
        yield from self._bounds(where, before, after, side)
        if before.get("default") != after.get("default"):
            told = f"{where}: the default {before.get('default')} is now {after.get('default')}"
            yield Change(self.name, "changed", told, breaks=True)
        if "items" in before and "items" in after:
            yield from self._schema(f"{where}[]", before["items"], after["items"], side, seen)
        yield from self._properties(where, before, after, side, seen)

    def _types(self, where: str, old: Spec, new: Spec, side: _Side) -> Iterator[Change]:
        before, after = _types(old), _types(new)
        if before and after and not before & after:
            told = f"{where}: {_listed(before)} is now {_listed(after)}"
            yield Change(self.name, "changed", told, breaks=True)
            return
        if gone := before - after if after else set():
            yield side.tightened(self.name, f"{where} is never {_listed(gone)}")
        if come := after - before if before else set():
            yield side.loosened(self.name, f"{where} may be {_listed(come)}")

    def _values(self, where: str, old: Spec, new: Spec, side: _Side) -> Iterator[Change]:
        before, after = set(old.get("enum", ())), set(new.get("enum", ()))
        if before and not after:
            yield side.loosened(self.name, f"{where} may have any value", harmless=True)
        elif after and not before:
            yield side.tightened(self.name, f"{where} is one of {_listed(after)}")
        else:
            for value in before - after:
                yield side.tightened(self.name, f"{where} is never {value!r}")
            for value in after - before:
                yield side.loosened(self.name, f"{where} may be {value!r}", harmless=True)

    def _bounds(self, where: str, old: Spec, new: Spec, side: _Side) -> Iterator[Change]:
        for name in (*_LOWER, *_UPPER):
            was, now = old.get(name), new.get(name)
            if was == now:
                continue
            tighter = was is None or (now is not None and (now > was) is (name in _LOWER))
            told = f"{where}: {name} {_shown(was)} is now {_shown(now)}"
            # No bound is part of a type, so what is read breaks by none.
            yield (
                side.tightened(self.name, told) if tighter else side.loosened(self.name, told, harmless=True)
            )
        for name in _EXACT:
            was, now = old.get(name), new.get(name)
            if was != now:
                told = f"{where}: {name} {_shown(was)} is now {_shown(now)}"
                yield Change(self.name, "changed", told, side.sent or name == "format")

    def _properties(
        self, where: str, old: Spec, new: Spec, side: _Side, seen: frozenset[object]
    ) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in before.keys() - after.keys():
            yield Change(self.name, "removed", f"{where}.{name}", breaks=True)
        for name in after.keys() - before.keys():
            required = side.sent and name in needed_after
            needed = ", required" if required else ""
            yield Change(self.name, "added", f"{where}.{name}{needed}", required)
        for name in before.keys() & after.keys():
            inner = f"{where}.{name}"
            yield from self._required(inner, side, was=name in needed_before, now=name in needed_after)
            yield from self._schema(inner, before[name], after[name], side, seen)


def resolved(spec: Spec, part: Spec) -> Spec:
    """What a part refers to, or the part itself."""
    while "$ref" in part:
        target: Any = spec
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def _json_schema(spec: Spec, part: Spec | None) -> Spec | None:
    if part is None:
        return None
    content = resolved(spec, part).get("content", {})
    found: Spec | None = content.get("application/json", {}).get("schema")
    return found


def _plain(spec: Spec, schema: Spec) -> Spec:
    """A schema without references at its top, and `oneOf: [X, null]` as X that may be null."""
    schema = resolved(spec, schema)
    choices = schema.get("oneOf") or schema.get("anyOf") or []
    real = [choice for choice in choices if choice.get("type") != "null"]
    if len(choices) == len(real) + 1 and len(real) == 1:
        inner = _plain(spec, real[0])
        return {**inner, "type": [*_types(inner), "null"]}
    return schema


def _types(schema: Spec) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def _listed(values: set[str]) -> str:
    return " or ".join(sorted(map(str, values)))


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
