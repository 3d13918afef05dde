"""Every public name that is written by hand, in one place; the models are in `dodo_licenses_api.public`."""

from dodo_licenses import pagination as pagination
from dodo_licenses import types as types
from dodo_licenses._client import DodoPayments as DodoPayments
from dodo_licenses._client_async import AsyncDodoPayments as AsyncDodoPayments
from dodo_licenses._errors import APIConnectionError as APIConnectionError
from dodo_licenses._errors import APIError as APIError
from dodo_licenses._errors import APIStatusError as APIStatusError
from dodo_licenses._errors import APITimeoutError as APITimeoutError
from dodo_licenses._errors import AuthenticationError as AuthenticationError
from dodo_licenses._errors import BadRequestError as BadRequestError
from dodo_licenses._errors import ConflictError as ConflictError
from dodo_licenses._errors import DodoPaymentsError as DodoPaymentsError
from dodo_licenses._errors import InternalServerError as InternalServerError
from dodo_licenses._errors import InvalidArgumentError as InvalidArgumentError
from dodo_licenses._errors import NotFoundError as NotFoundError
from dodo_licenses._errors import PaginationError as PaginationError
from dodo_licenses._errors import PermissionDeniedError as PermissionDeniedError
from dodo_licenses._errors import ProductMismatchError as ProductMismatchError
from dodo_licenses._errors import RateLimitError as RateLimitError
from dodo_licenses._errors import ResponseValidationError as ResponseValidationError
from dodo_licenses._errors import UnprocessableEntityError as UnprocessableEntityError
from dodo_licenses._errors import WebhookVerificationError as WebhookVerificationError
from dodo_licenses._granted import GrantedLicenseKey as GrantedLicenseKey
from dodo_licenses._granted import GrantedPage as GrantedPage
from dodo_licenses._http import aio as _aio
from dodo_licenses._http import sync as _sync
from dodo_licenses._http.pacing import RateLimit as RateLimit
from dodo_licenses._listing import AsyncListing as AsyncListing
from dodo_licenses._listing import Listing as Listing
from dodo_licenses._methods import GrantedListing as GrantedListing
from dodo_licenses._methods_async import AsyncGrantedListing as AsyncGrantedListing
from dodo_licenses._pagination import Page as Page
from dodo_licenses._resource import RawResponse as RawResponse
from dodo_licenses._settings import CallOptions as CallOptions
from dodo_licenses_api.types import UNSET as UNSET
from dodo_licenses_api.types import Unset as _Unset

# What the vendor's SDK calls them as well.
APIResponseValidationError = ResponseValidationError
APIWebhookValidationError = WebhookVerificationError
Client = DodoPayments
AsyncClient = AsyncDodoPayments
DefaultHttpxClient = _sync.HTTPClient
DefaultAsyncHttpxClient = _aio.AsyncHTTPClient
Timeout = _sync.HTTPTimeout
Omit = _Unset
NotGiven = _Unset
omit = not_given = NOT_GIVEN = UNSET
