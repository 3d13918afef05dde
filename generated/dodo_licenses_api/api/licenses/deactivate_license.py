from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deactivate_license_request import DeactivateLicenseRequest
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    *,
    body: DeactivateLicenseRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/licenses/deactivate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Error | None:
    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = Error.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Error.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeactivateLicenseRequest,
) -> Response[Any | Error]:
    """Deactivate a license key

     Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an
    activation that is unknown or another key's, 404 for an unknown key; the code is
    `LICENSE_KEY_NOT_FOUND` in both.

    Args:
        body (DeactivateLicenseRequest): A license key and the activation of it to release.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Error]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: DeactivateLicenseRequest,
) -> Any | Error | None:
    """Deactivate a license key

     Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an
    activation that is unknown or another key's, 404 for an unknown key; the code is
    `LICENSE_KEY_NOT_FOUND` in both.

    Args:
        body (DeactivateLicenseRequest): A license key and the activation of it to release.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Error
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: DeactivateLicenseRequest,
) -> Response[Any | Error]:
    """Deactivate a license key

     Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an
    activation that is unknown or another key's, 404 for an unknown key; the code is
    `LICENSE_KEY_NOT_FOUND` in both.

    Args:
        body (DeactivateLicenseRequest): A license key and the activation of it to release.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Error]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: DeactivateLicenseRequest,
) -> Any | Error | None:
    """Deactivate a license key

     Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an
    activation that is unknown or another key's, 404 for an unknown key; the code is
    `LICENSE_KEY_NOT_FOUND` in both.

    Args:
        body (DeactivateLicenseRequest): A license key and the activation of it to release.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
