"""The resources, one module each: its fields, filters, order, load check and made-up data."""

from dodo_licenses.mock.resources.customers import CUSTOMERS
from dodo_licenses.mock.resources.entitlements import ENTITLEMENTS
from dodo_licenses.mock.resources.grants import GRANTS
from dodo_licenses.mock.resources.license_key_instances import LICENSE_KEY_INSTANCES
from dodo_licenses.mock.resources.license_keys import LICENSE_KEYS
from dodo_licenses.mock.resources.products import PRODUCTS

# Those that others name come first.
RESOURCES = (CUSTOMERS, ENTITLEMENTS, PRODUCTS, LICENSE_KEYS, LICENSE_KEY_INSTANCES, GRANTS)

__all__ = [
    "CUSTOMERS",
    "ENTITLEMENTS",
    "GRANTS",
    "LICENSE_KEYS",
    "LICENSE_KEY_INSTANCES",
    "PRODUCTS",
    "RESOURCES",
]
