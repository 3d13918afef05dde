from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.create_license_key_request import CreateLicenseKeyRequest
from ...models.error import Error
from ...models.license_key import LicenseKey
from ...types import Response


def _get_kwargs(
    *,
    body: CreateLicenseKeyRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/license_keys",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | LicenseKey | None:
    if response.status_code == 200:
        response_200 = LicenseKey.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = LicenseKey.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

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
) -> Response[Error | LicenseKey]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateLicenseKeyRequest,
) -> Response[Error | LicenseKey]:
    """Import a license key

     Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
    where there is no such customer or product. There is no idempotency key: a key string that is
    already there is refused with 409.

    Args:
        body (CreateLicenseKeyRequest): A license key to import.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKey]
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
    client: AuthenticatedClient,
    body: CreateLicenseKeyRequest,
) -> Error | LicenseKey | None:
    """Import a license key

     Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
    where there is no such customer or product. There is no idempotency key: a key string that is
    already there is refused with 409.

    Args:
        body (CreateLicenseKeyRequest): A license key to import.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKey
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateLicenseKeyRequest,
) -> Response[Error | LicenseKey]:
    """Import a license key

     Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
    where there is no such customer or product. There is no idempotency key: a key string that is
    already there is refused with 409.

    Args:
        body (CreateLicenseKeyRequest): A license key to import.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKey]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateLicenseKeyRequest,
) -> Error | LicenseKey | None:
    """Import a license key

     Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
    where there is no such customer or product. There is no idempotency key: a key string that is
    already there is refused with 409.

    Args:
        body (CreateLicenseKeyRequest): A license key to import.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKey
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
