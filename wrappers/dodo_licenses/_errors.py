"""The errors of this package: one tree, which docs/errors.md draws.

Those of the API are made as the vendor's SDK makes its own, so that tests which raise them move over.
"""

from __future__ import annotations

import copyreg
import json
from typing import TYPE_CHECKING, Any

from dodo_licenses._text import visible

if TYPE_CHECKING:
    import httpx

_NO_ANSWER = (407, 408, 429)


class DodoPaymentsError(Exception):
    """Whatever this package raises on purpose.

    Attributes:
        activation_name: The name given to an activation that this failure may have left behind, to find it
            again among the license key's instances; None where there is none.
        is_unavailable: Whether the service gave no answer, so that an application may trust its last one for
            a while: where the connection failed or timed out, at 408, 429 and 5xx, and where a proxy or a
            captive portal answered in its place (407, a redirect, a web page). Other errors are an answer.
    """

    activation_name: str | None = None
    is_unavailable: bool = False

    def __str__(self) -> str:
        """The sentence, in which what others wrote steers no terminal."""
        return visible(super().__str__())

    def leaves_activation(self, name: str) -> None:
        """Say that an activation with this name may have been made."""
        self.activation_name = name
        advice = f"an activation named {name!r} may have been made: look for it before activating again"
        self.args = (f"{self}; {advice}",)

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own way calls __init__ with args alone, which loses keyword arguments.
        return copyreg.__newobj__, (type(self), *self.args), vars(self).copy()  # type: ignore[attr-defined]


def parsed(content: bytes) -> Any:  # noqa: ANN401 - any JSON
    """What a body holds: JSON, else its text; None where it is empty."""
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text or None


def said(body: object, name: str) -> str | None:
    """What a refusal's body says under a name; without a `code` it was not the API that answered."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None


def _is_web_page(body: bytes) -> bool:
    """Whether a proxy or a portal answered: the API never sends markup."""
    return body.lstrip().startswith(b"<")


class InvalidArgumentError(DodoPaymentsError, ValueError):
    """An argument or a setting cannot be right. No request was sent."""


class APIError(DodoPaymentsError):
    """The API was asked, and nothing good came of it.

    Attributes:
        message: The API's sentence for people, or ours where it has none.
        request: What was asked, as httpx has it, without headers and body, which hold secrets; None where
            nothing was.
        body: What the reply holds: JSON, else its text; None where it is empty, or none came.
        may_have_been_done: Whether the server may have carried the request out all the same, now or at an
            earlier attempt whose answer was lost.
    """

    may_have_been_done: bool = False

    def __init__(self, message: str, request: httpx.Request | None = None, *, body: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.request = request
        self.body = body

    @property
    def method(self) -> str:
        """The HTTP method of the request; empty where none was sent."""
        return "" if self.request is None else self.request.method

    @property
    def path(self) -> str:
        """The path of the request, without its query."""
        return "" if self.request is None else self.request.url.path


class APIConnectionError(APIError):
    """No answer came: the server could not be reached, or the connection broke."""

    is_unavailable = True

    def __init__(
        self,
        request: httpx.Request | None = None,
        *,
        message: str = "no answer came",
        may_have_been_done: bool = False,
    ) -> None:
        super().__init__(message, request)
        self.may_have_been_done = may_have_been_done


class APITimeoutError(APIConnectionError):
    """No answer came within the time allowed."""


class APIStatusError(APIError):
    """The server answered with a status other than success.

    Attributes:
        response: The reply, as httpx has it.
        status_code: The HTTP status.
        content: The reply's body as it came.
    """

    def __init__(
        self, message: str, *, response: httpx.Response, body: object = None, may_have_been_done: bool = False
    ) -> None:
        super().__init__(message, response.request, body=parsed(response.content) if body is None else body)
        self.response = response
        self.status_code = response.status_code
        self.content = response.content
        self.may_have_been_done = may_have_been_done
        is_elsewhere = self.status_code in _NO_ANSWER or self.status_code in range(300, 400)
        is_failure = self.status_code >= 500  # noqa: PLR2004 - the server's own errors begin there
        self.is_unavailable = is_elsewhere or is_failure or _is_web_page(self.content)

    @property
    def code(self) -> str | None:
        """The API's own code, such as `LICENSE_KEY_NOT_FOUND`; None where there is none. Some may be new."""
        return said(self.body, "code")

    @property
    def request_id(self) -> str | None:
        """What the server calls this request, for the vendor's support; None where the reply does not say."""
        request_id: str | None = self.response.headers.get("x-request-id")
        return request_id


class BadRequestError(APIStatusError):
    """400: the request cannot be read, or asks for what this key cannot have."""


class AuthenticationError(APIStatusError):
    """401: no API key, or not a valid one for this environment."""


class PermissionDeniedError(APIStatusError):
    """403: this API key may only read, or this license key may not do that now."""


class NotFoundError(APIStatusError):
    """404: nothing has this id, or no license key has this string, in this environment."""


class ConflictError(APIStatusError):
    """409: it is already there."""


class UnprocessableEntityError(APIStatusError):
    """422: a value is missing, of the wrong kind or out of bounds, or a limit is reached."""


class RateLimitError(APIStatusError):
    """429: the rate limit is used up for now."""


class InternalServerError(APIStatusError):
    """5xx: something failed on the server or before it."""


class ResponseValidationError(APIError):
    """A successful reply breaks the contract, and nothing of it is returned.

    Attributes:
        response: The reply, as httpx has it; None for a webhook.
        operation: The operation's id in `openapi.yaml`, such as `list_license_keys`.
        field: Where in the reply, such as `$.items[0].id`; `$` is the reply as a whole.
        problem: What was found there.
        status_code: The HTTP status.
        content: The reply's body as it came.
    """

    may_have_been_done = True

    def __init__(
        self,
        response: httpx.Response | None = None,
        body: object = None,
        *,
        message: str | None = None,
        operation: str = "unknown",
        field: str = "$",
        problem: str = "not as documented",
        status_code: int = 200,
        content: bytes = b"",
    ) -> None:
        self.status_code = status_code if response is None else response.status_code
        self.content = content if response is None else response.content
        self.is_unavailable = _is_web_page(self.content)
        self.response, self.operation, self.field, self.problem = response, operation, field, problem
        if message is None:
            message = f"{operation}: the reply breaks the contract at {field}: {problem}"
        request = None if response is None else response.request
        super().__init__(message, request, body=parsed(self.content) if body is None else body)


class ProductMismatchError(DodoPaymentsError):
    """A license key was activated that turned out to be another product's.

    Attributes:
        product_id: The product that the key unlocks.
        license_key_instance_id: The activation that was made.
        freed: Whether it was released. If not, `activation_name` names it, and `__cause__` says why.
    """

    def __init__(self, message: str, *, product_id: str, license_key_instance_id: str, freed: bool) -> None:
        super().__init__(message)
        self.product_id = product_id
        self.license_key_instance_id = license_key_instance_id
        self.freed = freed


class WebhookVerificationError(APIError):
    """A webhook is unsigned, signed with another key, altered, or too old or too new. Don't act on it."""


class PaginationError(DodoPaymentsError):
    """A listing cannot go on without losing keys or walking in circles.

    Attributes:
        page_number: The page that showed it.
        pages: How many pages were read until then.
        items: How many items were yielded until then.
    """

    def __init__(self, message: str, *, page_number: int, pages: int, items: int) -> None:
        super().__init__(message)
        self.page_number = page_number
        self.pages = pages
        self.items = items
