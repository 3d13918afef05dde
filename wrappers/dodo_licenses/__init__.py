"""License keys of Dodo Payments: a listing that is complete, sync and async, with errors to branch on.

with DodoPayments() as client:  # the API key is taken from DODO_PAYMENTS_API_KEY
    for key in client.license_keys.list(status="active"):
        print(key.id, key.expires_at)
"""

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
)
from dodo_licenses._listing import AsyncListing, Listing
from dodo_licenses._pacing import RateLimit
from dodo_licenses._walk import Page
from dodo_licenses_api.models import (
    LicenseActivateResponse,
    LicenseCustomer,
    LicenseKey,
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
    "LicenseKeyInstance",
    "LicenseKeySource",
    "LicenseKeyStatus",
    "LicenseProduct",
    "LicenseValidateResponse",
    "Listing",
    "NotFoundError",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "ProductMismatchError",
    "RateLimit",
    "RateLimitError",
    "ResponseValidationError",
    "UnprocessableEntityError",
]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

        return version("dodo-licenses")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
