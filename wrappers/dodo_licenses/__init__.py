"""License keys of Dodo Payments: a listing that is complete, sync and async, with errors to branch on.

with DodoPayments() as client:  # the API key is taken from DODO_PAYMENTS_API_KEY
    for key in client.license_keys.list(status="active"):
        print(key.id, key.expires_at)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dodo_licenses._version import __version__ as __version__

if TYPE_CHECKING:
    from dodo_licenses._public import *  # noqa: F403 - exactly what its __all__ names
    from dodo_licenses._public import __all__ as __all__
else:

    def __getattr__(name):  # noqa: ANN001, ANN202 - of any kind
        """Import the public names when the first of them is asked for.

        The command line's help, the mock and the pytest plugin need none of them, and httpx and the models
        take most of the time that an import could.
        """
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        public = import_module("dodo_licenses._public")
        globals().update({known: getattr(public, known) for known in public.__all__}, __all__=public.__all__)
        try:
            return globals()[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None

    def __dir__():  # noqa: ANN202 - of names
        return [*globals(), *import_module("dodo_licenses._public").__all__]
