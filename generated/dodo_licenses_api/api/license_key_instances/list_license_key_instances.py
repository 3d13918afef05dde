from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.license_key_instance_list import LicenseKeyInstanceList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    license_key_id: str | Unset = UNSET,
    grant_id: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_size"] = page_size

    params["page_number"] = page_number

    params["license_key_id"] = license_key_id

    params["grant_id"] = grant_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/license_key_instances",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | LicenseKeyInstanceList | None:
    if response.status_code == 200:
        response_200 = LicenseKeyInstanceList.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 405:
        response_405 = Error.from_dict(response.json())

        return response_405

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
) -> Response[Error | LicenseKeyInstanceList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    license_key_id: str | Unset = UNSET,
    grant_id: str | Unset = UNSET,
) -> Response[Error | LicenseKeyInstanceList]:
    """List license key instances

     One page of the activations that satisfy every filter given.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        license_key_id (str | Unset): Only the activations of this license key, such as `lic_123`.
        grant_id (str | Unset): Only the activations that belong to this entitlement grant, such
            as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKeyInstanceList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        license_key_id=license_key_id,
        grant_id=grant_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    license_key_id: str | Unset = UNSET,
    grant_id: str | Unset = UNSET,
) -> Error | LicenseKeyInstanceList | None:
    """List license key instances

     One page of the activations that satisfy every filter given.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        license_key_id (str | Unset): Only the activations of this license key, such as `lic_123`.
        grant_id (str | Unset): Only the activations that belong to this entitlement grant, such
            as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKeyInstanceList
    """

    return sync_detailed(
        client=client,
        page_size=page_size,
        page_number=page_number,
        license_key_id=license_key_id,
        grant_id=grant_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    license_key_id: str | Unset = UNSET,
    grant_id: str | Unset = UNSET,
) -> Response[Error | LicenseKeyInstanceList]:
    """List license key instances

     One page of the activations that satisfy every filter given.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        license_key_id (str | Unset): Only the activations of this license key, such as `lic_123`.
        grant_id (str | Unset): Only the activations that belong to this entitlement grant, such
            as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKeyInstanceList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        license_key_id=license_key_id,
        grant_id=grant_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    license_key_id: str | Unset = UNSET,
    grant_id: str | Unset = UNSET,
) -> Error | LicenseKeyInstanceList | None:
    """List license key instances

     One page of the activations that satisfy every filter given.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        license_key_id (str | Unset): Only the activations of this license key, such as `lic_123`.
        grant_id (str | Unset): Only the activations that belong to this entitlement grant, such
            as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKeyInstanceList
    """

    return (
        await asyncio_detailed(
            client=client,
            page_size=page_size,
            page_number=page_number,
            license_key_id=license_key_id,
            grant_id=grant_id,
        )
    ).parsed
