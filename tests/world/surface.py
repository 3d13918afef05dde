"""What a program can write with the vendor's SDK and not here: both packages, compared by name."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys

import dodopayments as theirs
import dodopayments.pagination
import dodopayments.types.customers
import dodopayments.types.entitlements
import httpx
from dodopayments._response import AsyncAPIResponse

import dodo_licenses as ours
from dodo_licenses import _settings


def lacks(there, here, path=""):
    """What one thing has that is not here: attributes, and methods with the arguments that they lack here."""
    found = set()
    for name in names(there):
        if not hasattr(here, name):
            found.add(path + name)
        elif is_method(method := getattr(there, name, None)) and (
            lost := refused(method, getattr(here, name))
        ):
            found.add(f"{path}{name}({', '.join(sorted(lost))})")
    return found


def names(thing):
    """The public attributes of an object, or of a class with those that it only annotates."""
    found = {*dir(thing), *getattr(thing, "__annotations__", ())}
    return {name for name in found - {"with_streaming_response"} if name[0] != "_"}


def is_method(value):
    return inspect.isfunction(value) or inspect.ismethod(value)


def refused(there, here):
    """The arguments that a call can have there and not here, and those that it needs only here."""
    found, here = set(), {p.name: p for p in parameters(here)}
    by_place = [name for name, p in here.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    for place, p in enumerate(parameters(there)):
        its = here.pop(p.name, None)
        is_elsewhere = p.kind is p.POSITIONAL_OR_KEYWORD and by_place[place : place + 1] != [p.name]
        if its is None or is_elsewhere or (its.default is p.empty and p.default is not p.empty):
            found.add(p.name)
    return found | {name for name, p in here.items() if p.default is p.empty}


def parameters(call):
    return [p for p in inspect.signature(call).parameters.values() if p.name != "self" and p.name[0] != "_"]


def client(sdk, name, kind):
    """A client whose every request ends with an empty page."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"items": []}))
    return getattr(sdk, name)(bearer_token="sk", http_client=kind(transport=transport))


def is_resource(there, name):
    return type(getattr(there, name, None)).__module__.startswith("dodopayments.resources")


def resources(there, here, path=""):
    """Each resource that both clients have, also with raw replies, and its path."""
    for name in names(there) & names(here):
        pair, place = (getattr(there, name), getattr(here, name)), f"{path}{name}."
        if name == "with_raw_response":
            yield from resources(*pair, path)
        elif is_resource(there, name):
            yield (*pair, place)
            yield from resources(*pair, place)


CLIENTS = [
    [client(sdk, *kind) for sdk in (theirs, ours)]
    for kind in (("DodoPayments", httpx.Client), ("AsyncDodoPayments", httpx.AsyncClient))
]
RESOURCES = [resource for pair in CLIENTS for resource in resources(*pair)]
RAW = [client.products.with_raw_response.list() for client in CLIENTS[0]]
OF_CLIENTS = [(there, name) for there, here in CLIENTS for name in lacks(there, here)]
MODULES = (theirs.types, theirs.types.entitlements, theirs.types.customers)
TYPES = {name: kind for module in MODULES for name, kind in vars(module).items() if name[0].isupper()}


def concerned():
    """The vendor's types that methods which are here, too, take and return, and those that these hold."""
    to_do = [name for name in TYPES if hasattr(ours.types, name)]
    for there, here, _ in RESOURCES:
        methods = filter(is_method, (getattr(there, name) for name in names(there) & names(here)))
        to_do += [name for method in methods for name in inspect.unwrap(method).__code__.co_names]
    found = set()
    while to_do:
        name = to_do.pop()
        if name in TYPES and name not in found:
            found.add(name)
            kind = TYPES[name]
            beside = vars(sys.modules[kind.__module__]) if inspect.isclass(kind) else {}
            to_do += [name for name, kind in beside.items() if kind is TYPES.get(name)]
    return found


def of_errors():
    """What the classes of errors have, are made of and are caught by."""
    request = httpx.Request("GET", "http://127.0.0.1")
    response = httpx.Response(404, request=request)
    given = {"message": "no", "body": None, "request": request, "response": response}
    found = set()
    for name in theirs.__all__:
        there, here = getattr(theirs, name), getattr(ours, name, None)
        if inspect.isclass(there) and issubclass(there, theirs.APIError):
            made = here(**{argument: given[argument] for argument in inspect.signature(there).parameters})
            of_class = {its for its in names(there) if hasattr(there, its) and not hasattr(here, its)}
            bases = {kind.__name__ for kind in there.__mro__[1:]} - {kind.__name__ for kind in here.__mro__}
            found |= refused(there, here) | lacks(there, made) | of_class | bases
    return found


HERE = {name for name in concerned() if hasattr(ours.types, name)}
CLASSES = {name for name in HERE if inspect.isclass(TYPES[name])}
PAGES = theirs.pagination.__all__
OF_MODELS = lacks(theirs.types.LicenseKey, ours.types.LicenseKey)
# What the page has to name, and nothing else, by what it is.
MISSING = {
    "names of the package": {name for name in theirs.__all__ if not hasattr(ours, name)}
    | {f"pagination.{name}" for name in PAGES if not hasattr(ours.pagination, name)},
    "modules": {
        m.name
        for m in pkgutil.iter_modules(theirs.__path__)
        if m.name[0] != "_" and not hasattr(ours, m.name)
    }
    | {module.__name__.removeprefix("dodopayments.") for module in MODULES[1:]},
    "environment variables": set(re.findall(r"DODO_PAYMENTS_\w+", inspect.getsource(theirs._client)))
    - set(re.findall(r"DODO_PAYMENTS_\w+", inspect.getsource(_settings))),
    "types": concerned() - HERE,
    "Literals, and a dict": HERE - CLASSES,
    "all fields of": {
        name
        for name in CLASSES
        if TYPES[name].__annotations__.keys() - getattr(ours.types, name).__annotations__.keys()
    },
    "resources": {name for there, name in OF_CLIENTS if is_resource(there, name)},
    "attributes and arguments of a client": set().union(
        (name for there, name in OF_CLIENTS if not is_resource(there, name)),
        *(refused(type(there), type(here)) for there, here in CLIENTS),
    ),
    "methods and arguments of the resources": set().union(*(lacks(*resource) for resource in RESOURCES)),
    "attributes of a raw reply": lacks(*RAW) | lacks(AsyncAPIResponse, RAW[1]),
    "methods of a page": set().union(
        *(
            lacks(getattr(theirs.pagination, name), getattr(ours.pagination, name))
            for name in ours.pagination.__all__
        )
    )
    - OF_MODELS,
    "methods and arguments of a model": OF_MODELS,
    "an attribute of the classes of errors": of_errors(),
}
