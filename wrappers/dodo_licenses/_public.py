"""Every public name that is written by hand, in one place; the models are in `dodo_licenses_api.public`."""

from dodo_licenses import pagination, types
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
from dodo_licenses._granted import GrantedLicenseKey, GrantedPage
from dodo_licenses._http.aio import AsyncHTTPClient
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._http.sync import HTTPClient, HTTPTimeout
from dodo_licenses._listing import AsyncListing, Listing
from dodo_licenses._methods import GrantedListing
from dodo_licenses._methods_async import AsyncGrantedListing
from dodo_licenses._pagination import Page
from dodo_licenses._resource import RawResponse
from dodo_licenses._settings import CallOptions
from dodo_licenses._webhooks import OtherEvent
from dodo_licenses_api.types import UNSET, Unset

# What the vendor's SDK calls them.
APIResponseValidationError = ResponseValidationError
APIWebhookValidationError = WebhookVerificationError
Client, AsyncClient = DodoPayments, AsyncDodoPayments
DefaultHttpxClient, DefaultAsyncHttpxClient, Timeout = HTTPClient, AsyncHTTPClient, HTTPTimeout
Omit = NotGiven = Unset
omit = not_given = NOT_GIVEN = UNSET

__all__ = [
    "NOT_GIVEN",
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "APIWebhookValidationError",
    "AsyncClient",
    "AsyncDodoPayments",
    "AsyncGrantedListing",
    "AsyncListing",
    "AuthenticationError",
    "BadRequestError",
    "CallOptions",
    "Client",
    "ConflictError",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "DodoPayments",
    "DodoPaymentsError",
    "GrantedLicenseKey",
    "GrantedListing",
    "GrantedPage",
    "InternalServerError",
    "InvalidArgumentError",
    "Listing",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "OtherEvent",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "ProductMismatchError",
    "RateLimit",
    "RateLimitError",
    "RawResponse",
    "ResponseValidationError",
    "Timeout",
    "UnprocessableEntityError",
    "WebhookVerificationError",
    "not_given",
    "omit",
    "pagination",
    "types",
]
