"""Contains all the data models used in inputs/outputs"""

from .activate_license_request import ActivateLicenseRequest
from .create_license_key_request import CreateLicenseKeyRequest
from .deactivate_license_request import DeactivateLicenseRequest
from .digital_product_delivery import DigitalProductDelivery
from .entitlement import Entitlement
from .entitlement_grant import EntitlementGrant
from .entitlement_grant_created_event import EntitlementGrantCreatedEvent
from .entitlement_grant_delivered_event import EntitlementGrantDeliveredEvent
from .entitlement_grant_failed_event import EntitlementGrantFailedEvent
from .entitlement_grant_list import EntitlementGrantList
from .entitlement_grant_revoked_event import EntitlementGrantRevokedEvent
from .entitlement_grant_status import EntitlementGrantStatus
from .entitlement_integration_config import EntitlementIntegrationConfig
from .entitlement_integration_type import EntitlementIntegrationType
from .entitlement_list import EntitlementList
from .error import Error
from .fulfill_license_key_grant_request import FulfillLicenseKeyGrantRequest
from .fulfillment_mode import FulfillmentMode
from .grant_feature import GrantFeature
from .license_activate_response import LicenseActivateResponse
from .license_customer import LicenseCustomer
from .license_key import LicenseKey
from .license_key_created_event import LicenseKeyCreatedEvent
from .license_key_grant import LicenseKeyGrant
from .license_key_instance import LicenseKeyInstance
from .license_key_instance_list import LicenseKeyInstanceList
from .license_key_list import LicenseKeyList
from .license_key_source import LicenseKeySource
from .license_key_status import LicenseKeyStatus
from .license_product import LicenseProduct
from .license_validate_response import LicenseValidateResponse
from .metadata import Metadata
from .other_event import OtherEvent
from .other_event_data import OtherEventData
from .product import Product
from .product_entitlement import ProductEntitlement
from .product_list import ProductList
from .time_interval import TimeInterval
from .update_license_key_instance_request import UpdateLicenseKeyInstanceRequest
from .update_license_key_request import UpdateLicenseKeyRequest
from .validate_license_request import ValidateLicenseRequest

__all__ = (
    "ActivateLicenseRequest",
    "CreateLicenseKeyRequest",
    "DeactivateLicenseRequest",
    "DigitalProductDelivery",
    "Entitlement",
    "EntitlementGrant",
    "EntitlementGrantCreatedEvent",
    "EntitlementGrantDeliveredEvent",
    "EntitlementGrantFailedEvent",
    "EntitlementGrantList",
    "EntitlementGrantRevokedEvent",
    "EntitlementGrantStatus",
    "EntitlementIntegrationConfig",
    "EntitlementIntegrationType",
    "EntitlementList",
    "Error",
    "FulfillLicenseKeyGrantRequest",
    "FulfillmentMode",
    "GrantFeature",
    "LicenseActivateResponse",
    "LicenseCustomer",
    "LicenseKey",
    "LicenseKeyCreatedEvent",
    "LicenseKeyGrant",
    "LicenseKeyInstance",
    "LicenseKeyInstanceList",
    "LicenseKeyList",
    "LicenseKeySource",
    "LicenseKeyStatus",
    "LicenseProduct",
    "LicenseValidateResponse",
    "Metadata",
    "OtherEvent",
    "OtherEventData",
    "Product",
    "ProductEntitlement",
    "ProductList",
    "TimeInterval",
    "UpdateLicenseKeyInstanceRequest",
    "UpdateLicenseKeyRequest",
    "ValidateLicenseRequest",
)
