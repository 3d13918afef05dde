from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.activate_license_request import ActivateLicenseRequest
from ...models.error import Error
from ...models.license_activate_response import LicenseActivateResponse
from ...types import Response


def _get_kwargs(
    *,
    body: ActivateLicenseRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/licenses/activate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | LicenseActivateResponse | None:
    if response.status_code == 201:
        response_201 = LicenseActivateResponse.from_dict(response.json())

        return response_201

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
) -> Response[Error | LicenseActivateResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ActivateLicenseRequest,
) -> Response[Error | LicenseActivateResponse]:
    """Activate a license key

     Takes one of the key's activations for this installation and returns its id, which
    validate and deactivate need. There is no idempotency key: activating twice uses two.
    Refused unless the key is active and unexpired (403) and has an activation left (422).

    Args:
        body (ActivateLicenseRequest): A license key and the installation that takes one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseActivateResponse]
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
    body: ActivateLicenseRequest,
) -> Error | LicenseActivateResponse | None:
    """Activate a license key

     Takes one of the key's activations for this installation and returns its id, which
    validate and deactivate need. There is no idempotency key: activating twice uses two.
    Refused unless the key is active and unexpired (403) and has an activation left (422).

    Args:
        body (ActivateLicenseRequest): A license key and the installation that takes one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseActivateResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ActivateLicenseRequest,
) -> Response[Error | LicenseActivateResponse]:
    """Activate a license key

     Takes one of the key's activations for this installation and returns its id, which
    validate and deactivate need. There is no idempotency key: activating twice uses two.
    Refused unless the key is active and unexpired (403) and has an activation left (422).

    Args:
        body (ActivateLicenseRequest): A license key and the installation that takes one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseActivateResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ActivateLicenseRequest,
) -> Error | LicenseActivateResponse | None:
    """Activate a license key

     Takes one of the key's activations for this installation and returns its id, which
    validate and deactivate need. There is no idempotency key: activating twice uses two.
    Refused unless the key is active and unexpired (403) and has an activation left (422).

    Args:
        body (ActivateLicenseRequest): A license key and the installation that takes one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseActivateResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
