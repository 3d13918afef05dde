"""Every public name that is written by hand, in one place; the models are in `dodo_licenses_api.public`."""

from dodo_licenses._client import AsyncDodoPayments, DodoPayments
from dodo_licenses._errors import (
    APIConnectionError,
    APIError,
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
from dodo_licenses._granted import AsyncGrantedListing, GrantedLicenseKey, GrantedListing, GrantedPage
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._listing import AsyncListing, Listing
from dodo_licenses._pagination import Page
from dodo_licenses._resource import RawResponse
from dodo_licenses._webhooks import OtherEvent
from dodo_licenses_api.types import UNSET

# What the vendor's SDK calls them.
APIResponseValidationError = ResponseValidationError
APIWebhookValidationError = WebhookVerificationError

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "APIWebhookValidationError",
    "AsyncDodoPayments",
    "AsyncGrantedListing",
    "AsyncListing",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "DodoPayments",
    "DodoPaymentsError",
    "GrantedLicenseKey",
    "GrantedListing",
    "GrantedPage",
    "InternalServerError",
    "InvalidArgumentError",
    "Listing",
    "NotFoundError",
    "OtherEvent",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "ProductMismatchError",
    "RateLimit",
    "RateLimitError",
    "RawResponse",
    "ResponseValidationError",
    "UnprocessableEntityError",
    "WebhookVerificationError",
]
