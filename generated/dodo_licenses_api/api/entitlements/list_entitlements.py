from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.entitlement_integration_type import EntitlementIntegrationType
from ...models.entitlement_list import EntitlementList
from ...models.error import Error
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    integration_type: EntitlementIntegrationType | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_size"] = page_size

    params["page_number"] = page_number

    json_integration_type: str | Unset = UNSET
    if not isinstance(integration_type, Unset):
        json_integration_type = integration_type.value

    params["integration_type"] = json_integration_type

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/entitlements",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EntitlementList | Error | None:
    if response.status_code == 200:
        response_200 = EntitlementList.from_dict(response.json())

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
) -> Response[EntitlementList | Error]:
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
    integration_type: EntitlementIntegrationType | Unset = UNSET,
) -> Response[EntitlementList | Error]:
    """List entitlements

     One page of the account's entitlements. Deleted ones are not among them, though their license keys
    stay valid and their grants keep their status.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        integration_type (EntitlementIntegrationType | Unset): What an entitlement gives. The
            vendor adds types at any time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementList | Error]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        integration_type=integration_type,
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
    integration_type: EntitlementIntegrationType | Unset = UNSET,
) -> EntitlementList | Error | None:
    """List entitlements

     One page of the account's entitlements. Deleted ones are not among them, though their license keys
    stay valid and their grants keep their status.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        integration_type (EntitlementIntegrationType | Unset): What an entitlement gives. The
            vendor adds types at any time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementList | Error
    """

    return sync_detailed(
        client=client,
        page_size=page_size,
        page_number=page_number,
        integration_type=integration_type,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    integration_type: EntitlementIntegrationType | Unset = UNSET,
) -> Response[EntitlementList | Error]:
    """List entitlements

     One page of the account's entitlements. Deleted ones are not among them, though their license keys
    stay valid and their grants keep their status.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        integration_type (EntitlementIntegrationType | Unset): What an entitlement gives. The
            vendor adds types at any time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementList | Error]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        integration_type=integration_type,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    integration_type: EntitlementIntegrationType | Unset = UNSET,
) -> EntitlementList | Error | None:
    """List entitlements

     One page of the account's entitlements. Deleted ones are not among them, though their license keys
    stay valid and their grants keep their status.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        integration_type (EntitlementIntegrationType | Unset): What an entitlement gives. The
            vendor adds types at any time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementList | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            page_size=page_size,
            page_number=page_number,
            integration_type=integration_type,
        )
    ).parsed
