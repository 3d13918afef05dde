"""License keys of Dodo Payments: a listing that is complete, sync and async, with errors to branch on.

with DodoPayments() as client:  # the API key is taken from DODO_PAYMENTS_API_KEY
    for key in client.license_keys.list(status="active"):
        print(key.id, key.expires_at)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dodo_licenses._version import __version__ as __version__

if TYPE_CHECKING:
    from dodo_licenses._public import *  # noqa: F403 - exactly what it is for
    from dodo_licenses_api.public import *  # noqa: F403 - the models of openapi.yaml
else:

    def __getattr__(name):  # noqa: ANN001, ANN202 - of any kind
        """Import the public names when the first of them is asked for.

        The command line's help, the mock and the pytest plugin need none of them, and httpx and the models
        take most of the time that an import could.
        """
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = _public_names()
        globals().update(found, __all__=sorted(found))
        try:
            return globals()[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None

    def __dir__():  # noqa: ANN202 - of names
        return [*globals(), *_public_names()]

    def _public_names():  # noqa: ANN202 - of any kind
        try:
            modules = [import_module(f"dodo_licenses{name}") for name in ("_api.public", "._public")]
        except AttributeError as error:  # `from dodo_licenses import` would say that there is no such name
            raise ImportError(f"dodo_licenses cannot be imported: {error}") from error
        return {k: v for module in modules for k, v in vars(module).items() if not k.startswith("_")}
