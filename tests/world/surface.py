"""What a program can write with the vendor's SDK and not here: both packages, compared by name."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
from collections import defaultdict

import attrs
import dodopayments as theirs
import dodopayments.pagination
import dodopayments.types.customers
import dodopayments.types.entitlements
import httpx
from dodopayments._response import AsyncAPIResponse

import dodo_licenses as ours
from dodo_licenses import _settings

TYPES = (theirs.types, theirs.types.entitlements, theirs.types.customers)


def client(sdk, name, kind):
    """A client whose every request ends with an empty page."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"items": []}))
    return getattr(sdk, name)(bearer_token="sk", http_client=kind(transport=transport))


PAIRS = [
    [client(sdk, *kind) for sdk in (theirs, ours)]
    for kind in (("DodoPayments", httpx.Client), ("AsyncDodoPayments", httpx.AsyncClient))
]


def names(thing):
    """The public attributes of an object, or of a class with those that it only annotates."""
    found = {*dir(thing), *getattr(thing, "__annotations__", ())} - {
        "with_streaming_response"
    }  # a row by itself
    return {name for name in found if name[0] != "_"}


def is_method(value):
    return inspect.isfunction(value) or inspect.ismethod(value)


def missing(there, here, path=""):
    """What one thing has that is not here: attributes, and methods with the arguments that they lack here."""
    for name in names(there):
        if not hasattr(here, name):
            yield path + name
        elif is_method(method := getattr(there, name, None)) and (
            lacks := refused(method, getattr(here, name))
        ):
            yield f"{path}{name}({', '.join(sorted(lacks))})"


def refused(there, here):
    """The arguments that a call can have there and not here, and those that it needs only here."""
    found = []
    there, here = (
        [p for p in inspect.signature(it).parameters.values() if p.name != "self"] for it in (there, here)
    )
    by_name = {p.name: p for p in here}
    by_place = [p.name for p in here if p.kind is p.POSITIONAL_OR_KEYWORD]
    for place, p in enumerate(there):
        has = by_name.pop(p.name, None)
        elsewhere = p.kind is p.POSITIONAL_OR_KEYWORD and by_place[place : place + 1] != [p.name]
        needed = has is not None and has.default is p.empty and p.default is not p.empty
        if (has is None or elsewhere or needed) and p.name[0] != "_":
            found.append(p.name)
    return found + [p.name for p in by_name.values() if p.default is p.empty]


def is_resource(thing):
    return type(thing).__module__.startswith("dodopayments.resources")


def resources(there, here, path=""):
    """Each resource that both clients have, also with raw replies, and its path."""
    for name in names(there) & names(here):
        pair = getattr(there, name), getattr(here, name)
        if name == "with_raw_response":
            yield from resources(*pair, path)
        elif is_resource(pair[0]):
            yield (*pair, f"{path}{name}.")
            yield from resources(*pair, f"{path}{name}.")


def concerned():
    """The vendor's types that methods which are here, too, take and return, and those that these hold."""
    known = {name: kind for module in TYPES for name, kind in vars(module).items() if name[0].isupper()}
    to_do = [name for name in known if hasattr(ours.types, name)]
    for there, here, _ in resources(*PAIRS[0]):
        methods = filter(is_method, (getattr(there, name) for name in names(there) & names(here)))
        to_do += [name for method in methods for name in inspect.unwrap(method).__code__.co_names]
    found = {}
    while to_do:
        name = to_do.pop()
        if name in known and name not in found:
            found[name] = kind = known[name]
            beside = vars(sys.modules[kind.__module__]) if inspect.isclass(kind) else {}
            to_do += [name for name, kind in beside.items() if kind is known.get(name)]
    return found


def of_types():
    for name, there in concerned().items():
        here = getattr(ours.types, name, None)
        if here is None:
            yield "types", name
        elif not inspect.isclass(there):
            yield "types that are Literals or a dict", name
        else:
            held = getattr(there, "model_fields", there.__annotations__)
            fields = {f.name for f in attrs.fields(here)} if attrs.has(here) else here.__annotations__
            if held.keys() - fields:
                yield "types that name more", name


def of_errors():
    """What the classes of errors have, are made of and are caught by."""
    request = httpx.Request("GET", "http://127.0.0.1")
    response = httpx.Response(404, request=request)
    given = {"message": "no", "body": None, "request": request, "response": response}
    for name in theirs.__all__:
        there, here = getattr(theirs, name), getattr(ours, name, None)
        if inspect.isclass(there) and issubclass(there, theirs.APIError):
            made = here(**{argument: given[argument] for argument in inspect.signature(there).parameters})
            yield from (*refused(there, here), *missing(there, made))
            yield from (its for its in names(there) if hasattr(there, its) and not hasattr(here, its))
            bases = {kind.__name__ for kind in here.__mro__} | {name}
            yield from (kind.__name__ for kind in there.__mro__ if kind.__name__ not in bases)


def walked():
    """Each of them, after the row of the page that it belongs to."""
    yield from (("names of the package", name) for name in theirs.__all__ if not hasattr(ours, name))
    for name in theirs.pagination.__all__:
        if not hasattr(ours.pagination, name):
            yield "names of the package", f"pagination.{name}"
        else:
            pages = getattr(theirs.pagination, name), getattr(ours.pagination, name)
            yield from (("attributes of a page", name) for name in missing(*pages))
    modules = [module.name for module in pkgutil.iter_modules(theirs.__path__) if module.name[0] != "_"]
    yield from (("modules", name) for name in modules if not hasattr(ours, name))
    yield from (("modules", module.__name__.removeprefix("dodopayments.")) for module in TYPES[1:])
    for name in re.findall(r"DODO_PAYMENTS_\w+", inspect.getsource(theirs._client)):
        if name not in vars(_settings).values():
            yield "environment variables", name
    for there, here in PAIRS:
        yield from (("attributes of a client", name) for name in refused(type(there), type(here)))
        for name in missing(there, here):
            yield "resources" if is_resource(getattr(there, name, None)) else "attributes of a client", name
        for pair in resources(there, here):
            yield from (("methods", name) for name in missing(*pair))
    there, here = (pair.products.with_raw_response.list() for pair in PAIRS[0])
    for name in (*missing(there, here), *missing(AsyncAPIResponse, here)):
        yield "attributes of a raw reply", name
    for name in missing(theirs.types.LicenseKey, ours.types.LicenseKey):
        yield "methods of a model", name
    yield from of_types()
    yield from (("errors", name) for name in of_errors())


# By row, what has to be named there, and nothing else.
MISSING = defaultdict(set)
for row, found in walked():
    MISSING[row].add(found)
MISSING["attributes of a page"] -= MISSING["methods of a model"]
