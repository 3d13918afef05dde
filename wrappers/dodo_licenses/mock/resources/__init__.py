"""The resources, one module each: its fields, filters, order, load check and made-up data."""

from dodo_licenses.mock.resources.customers import CUSTOMERS as CUSTOMERS
from dodo_licenses.mock.resources.entitlements import ENTITLEMENTS as ENTITLEMENTS
from dodo_licenses.mock.resources.grants import GRANTS as GRANTS
from dodo_licenses.mock.resources.license_key_instances import LICENSE_KEY_INSTANCES as LICENSE_KEY_INSTANCES
from dodo_licenses.mock.resources.license_keys import LICENSE_KEYS as LICENSE_KEYS
from dodo_licenses.mock.resources.products import PRODUCTS as PRODUCTS

# Those that others name come first.
RESOURCES = (CUSTOMERS, ENTITLEMENTS, PRODUCTS, LICENSE_KEYS, LICENSE_KEY_INSTANCES, GRANTS)
