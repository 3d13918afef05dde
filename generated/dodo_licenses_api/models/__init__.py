"""Contains all the data models used in inputs/outputs"""

from .activate_license_request import ActivateLicenseRequest
from .create_license_key_request import CreateLicenseKeyRequest
from .deactivate_license_request import DeactivateLicenseRequest
from .error import Error
from .license_activate_response import LicenseActivateResponse
from .license_customer import LicenseCustomer
from .license_key import LicenseKey
from .license_key_created_event import LicenseKeyCreatedEvent
from .license_key_instance import LicenseKeyInstance
from .license_key_instance_list import LicenseKeyInstanceList
from .license_key_list import LicenseKeyList
from .license_key_source import LicenseKeySource
from .license_key_status import LicenseKeyStatus
from .license_product import LicenseProduct
from .license_validate_response import LicenseValidateResponse
from .metadata import Metadata
from .update_license_key_instance_request import UpdateLicenseKeyInstanceRequest
from .update_license_key_request import UpdateLicenseKeyRequest
from .validate_license_request import ValidateLicenseRequest

__all__ = (
    "ActivateLicenseRequest",
    "CreateLicenseKeyRequest",
    "DeactivateLicenseRequest",
    "Error",
    "LicenseActivateResponse",
    "LicenseCustomer",
    "LicenseKey",
    "LicenseKeyCreatedEvent",
    "LicenseKeyInstance",
    "LicenseKeyInstanceList",
    "LicenseKeyList",
    "LicenseKeySource",
    "LicenseKeyStatus",
    "LicenseProduct",
    "LicenseValidateResponse",
    "Metadata",
    "UpdateLicenseKeyInstanceRequest",
    "UpdateLicenseKeyRequest",
    "ValidateLicenseRequest",
)
