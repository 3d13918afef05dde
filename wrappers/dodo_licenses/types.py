"""All models and the arguments of all methods, where the vendor's SDK has them."""

from dodo_licenses_api import params as _params
from dodo_licenses_api import public as _public
from dodo_licenses_api.params import *  # noqa: F403 - exactly what its __all__ names
from dodo_licenses_api.public import *  # noqa: F403 - the same

__all__ = [*_params.__all__, *_public.__all__]  # noqa: PLE0604 - strings
