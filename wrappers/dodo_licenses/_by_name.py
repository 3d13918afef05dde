"""Say what to write where a method is called with arguments that it does not have."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from inspect import Parameter
from typing import Any, TypeVar, cast

from dodo_licenses._settings import CallOptions
from dodo_licenses_api.types import UNSET

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = [
    Parameter(name, Parameter.KEYWORD_ONLY, default=UNSET, annotation=hint.__forward_arg__)
    for name, hint in CallOptions.__annotations__.items()
]
_MEANT = {
    "api_key": "bearer_token",
    "token": "bearer_token",
    "key": "license_key",
    "instance_id": "license_key_instance_id",
}


def by_name(method: F) -> F:
    """Let a method say what to write instead, where Python would only count arguments.

    Help and autospec see the options of a call as the arguments that they are.
    """
    signature = inspect.signature(method)
    _, *parameters = signature.parameters.values()
    if parameters and parameters[-1].kind is Parameter.VAR_KEYWORD:
        parameters[-1:] = _OPTIONS
    names = [p.name for p in parameters]
    by_place = sum(p.kind is Parameter.POSITIONAL_OR_KEYWORD for p in parameters)

    def check(owner: object, args: tuple[object, ...], given: dict[str, Any]) -> None:
        title = type(owner).__name__ + ("" if method.__name__ == "__init__" else f".{method.__name__}")
        if unknown := next((name for name in given if name not in names), None):
            raise TypeError(f"{title} has no argument {unknown!r}: {_instead(unknown, names)}")
        if len(args) > by_place:
            needed = [p.name for p in parameters[by_place:] if p.default is Parameter.empty]
            shown = "".join(f"{name}=…, " for name in needed) or f"{names[by_place]}=…, …"
            call = f"{title.rpartition('.')[2]}({shown.removesuffix(', ')})"
            raise TypeError(f"{title} takes these arguments by name: {call}")

    @functools.wraps(method)
    def called(self: object, *args: object, **given: Any) -> Any:  # noqa: ANN401 - the method's own
        check(self, args, given)
        return method(self, *args, **given)

    @functools.wraps(method)
    async def awaited(self: object, *args: object, **given: Any) -> Any:  # noqa: ANN401 - the method's own
        check(self, args, given)
        return await method(self, *args, **given)

    wrapper: Any = awaited if inspect.iscoroutinefunction(method) else called
    wrapper.__signature__ = signature.replace(parameters=[*signature.parameters.values()][:1] + parameters)
    return cast(F, wrapper)


def _instead(unknown: str, names: list[str]) -> str:
    import difflib  # noqa: PLC0415 - where something went wrong only

    meant = _MEANT.get(unknown)
    close = [meant] if meant in names else difflib.get_close_matches(unknown, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"it takes {', '.join(names)}"


def teach(kind: type) -> None:
    """Let all public methods of a class do so."""
    for name, method in list(vars(kind).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(kind, name, by_name(method))
