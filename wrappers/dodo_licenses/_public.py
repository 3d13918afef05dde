"""Every public name, in one place."""

from dodo_licenses._client import AsyncDodoPayments, DodoPayments
from dodo_licenses._errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DodoPaymentsError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    ProductMismatchError,
    RateLimitError,
    ResponseValidationError,
    UnprocessableEntityError,
    WebhookVerificationError,
)
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._listing import AsyncListing, Listing
from dodo_licenses._walk import Page
from dodo_licenses._webhooks import OtherEvent
from dodo_licenses_api.models import (
    LicenseActivateResponse,
    LicenseCustomer,
    LicenseKey,
    LicenseKeyCreatedEvent,
    LicenseKeyInstance,
    LicenseKeySource,
    LicenseKeyStatus,
    LicenseProduct,
    LicenseValidateResponse,
)
from dodo_licenses_api.types import UNSET

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncDodoPayments",
    "AsyncListing",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "DodoPayments",
    "DodoPaymentsError",
    "InternalServerError",
    "InvalidArgumentError",
    "LicenseActivateResponse",
    "LicenseCustomer",
    "LicenseKey",
    "LicenseKeyCreatedEvent",
    "LicenseKeyInstance",
    "LicenseKeySource",
    "LicenseKeyStatus",
    "LicenseProduct",
    "LicenseValidateResponse",
    "Listing",
    "NotFoundError",
    "OtherEvent",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "ProductMismatchError",
    "RateLimit",
    "RateLimitError",
    "ResponseValidationError",
    "UnprocessableEntityError",
    "WebhookVerificationError",
]
