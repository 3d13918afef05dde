"""Our own client, against a server that another tool made of openapi.yaml: `make portable`."""

import sys
import warnings
from operator import attrgetter

from dodo_licenses import DodoPayments
from dodo_licenses_api.operations import OPERATIONS

warnings.simplefilter("ignore", DeprecationWarning)  # some operations are, by the vendor
ARGUMENTS = {"integer": 1, "boolean": True}

with DodoPayments(base_url=sys.argv[1], bearer_token="sk_portable") as client:
    for operation in OPERATIONS.values():
        method = attrgetter(f"{operation.tag}.{operation.name}")(client)
        # Of an update nothing is required, and one that changes nothing is warned of.
        needed = [p for p in operation.parameters if p.required or p.name == "disabled"]
        values = {p.name: ARGUMENTS.get(p.kind, p.name) for p in needed}
        first = [values.pop(name) for name in [p.name for p in needed if p.place == "path"][-1:]]
        # These servers know no pages: the first is all there is to see.
        found = list(method(*first, **values, limit=1)) if operation.items else [method(*first, **values)]
        expected = operation.items or next(iter(operation.success.values())) or type(None)
        assert all(isinstance(item, expected) for item in found), f"{operation.id}: {found}"
        print(operation.id)
