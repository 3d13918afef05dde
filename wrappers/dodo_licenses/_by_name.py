"""Say what to write where a method is called with arguments that it does not have."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from dodo_licenses._settings import CallOptions
from dodo_licenses_api.types import UNSET

__all__ = ["by_name", "teach"]

_OPTIONS = [
    inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=UNSET if name == "timeout" else None, annotation=hint
    )
    for name, hint in CallOptions.__annotations__.items()
]

F = TypeVar("F", bound=Callable[..., Any])

_MEANT = {
    "api_key": "bearer_token",
    "token": "bearer_token",
    "key": "license_key",
    "instance_id": "license_key_instance_id",
}


def by_name(method: F) -> F:
    """Let a method say what to write instead, where Python would only count arguments."""
    code, needed = method.__code__, method.__kwdefaults__ or {}
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    known = {*code.co_varnames[1 : code.co_argcount], *named}
    takes_options = bool(code.co_flags & inspect.CO_VARKEYWORDS)
    if not (named or takes_options) or code.co_flags & inspect.CO_VARARGS:
        return method
    known |= CallOptions.__annotations__.keys() if takes_options else set()

    def check(owner: object, args: tuple[object, ...], given: dict[str, Any]) -> None:
        if given.keys() <= known and (len(args) < code.co_argcount or not named):
            return
        what = (
            type(owner).__name__
            if method.__name__ == "__init__"
            else f"{type(owner).__name__}.{method.__name__}"
        )
        if given.keys() <= known:
            wanted = [name for name in named if name not in needed] or [*named[: len(args)], ""]
            shown = ", ".join(f"{name}=…" if name else "…" for name in wanted)
            raise TypeError(f"{what} takes these arguments by name: {what.rpartition('.')[2]}({shown})")
        unknown = next(name for name in given if name not in known)
        raise TypeError(f"{what} has no argument {unknown!r}: {_instead(unknown, sorted(known))}")

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(self: object, *args: object, **given: Any) -> Any:  # noqa: ANN401 - the method's own
            check(self, args, given)
            return await method(self, *args, **given)

        return _shown(awaited, method) if takes_options else awaited  # type: ignore[return-value]

    @functools.wraps(method)
    def called(self: object, *args: object, **given: Any) -> Any:  # noqa: ANN401 - the method's own
        check(self, args, given)
        return method(self, *args, **given)

    return _shown(called, method) if takes_options else called  # type: ignore[return-value]


def _shown(wrapper: Any, method: Callable[..., Any]) -> Any:  # noqa: ANN401 - functions
    """Let help and autospec see the options of a call as the arguments that they are."""
    signature = inspect.signature(method)
    own = list(signature.parameters.values())[:-1]
    wrapper.__signature__ = signature.replace(parameters=[*own, *_OPTIONS])
    return wrapper


def _instead(unknown: str, known: list[str]) -> str:
    import difflib  # noqa: PLC0415 - where something went wrong only

    meant = _MEANT.get(unknown)
    close = [meant] if meant in known else difflib.get_close_matches(unknown, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"it takes {', '.join(known)}"


def teach(kind: type) -> None:
    """Let all public methods of a class do so."""
    for name, method in list(vars(kind).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(kind, name, by_name(method))
