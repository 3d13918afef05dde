from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.license_validate_response import LicenseValidateResponse
from ...models.validate_license_request import ValidateLicenseRequest
from ...types import Response


def _get_kwargs(
    *,
    body: ValidateLicenseRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/licenses/validate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | LicenseValidateResponse | None:
    if response.status_code == 200:
        response_200 = LicenseValidateResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

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
) -> Response[Error | LicenseValidateResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ValidateLicenseRequest,
) -> Response[Error | LicenseValidateResponse]:
    """Validate a license key

     Whether a key is active and unexpired and, with an instance id, whether that activation still
    exists and belongs to the key. An unknown key is not an error but `valid: false`. The answer
    names no product and no merchant: a valid key may be anyone's.

    Args:
        body (ValidateLicenseRequest): A license key to look at and, if wanted, one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseValidateResponse]
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
    body: ValidateLicenseRequest,
) -> Error | LicenseValidateResponse | None:
    """Validate a license key

     Whether a key is active and unexpired and, with an instance id, whether that activation still
    exists and belongs to the key. An unknown key is not an error but `valid: false`. The answer
    names no product and no merchant: a valid key may be anyone's.

    Args:
        body (ValidateLicenseRequest): A license key to look at and, if wanted, one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseValidateResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ValidateLicenseRequest,
) -> Response[Error | LicenseValidateResponse]:
    """Validate a license key

     Whether a key is active and unexpired and, with an instance id, whether that activation still
    exists and belongs to the key. An unknown key is not an error but `valid: false`. The answer
    names no product and no merchant: a valid key may be anyone's.

    Args:
        body (ValidateLicenseRequest): A license key to look at and, if wanted, one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseValidateResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ValidateLicenseRequest,
) -> Error | LicenseValidateResponse | None:
    """Validate a license key

     Whether a key is active and unexpired and, with an instance id, whether that activation still
    exists and belongs to the key. An unknown key is not an error but `valid: false`. The answer
    names no product and no merchant: a valid key may be anyone's.

    Args:
        body (ValidateLicenseRequest): A license key to look at and, if wanted, one of its
            activations.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseValidateResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
