"""What each operation of the API does. Importing this package registers them all."""

from dodo_licenses.mock.operation import OPERATIONS
from dodo_licenses.mock.operations import grants, license_key_instances, license_keys, licenses

__all__ = ["OPERATIONS", "grants", "license_key_instances", "license_keys", "licenses"]
