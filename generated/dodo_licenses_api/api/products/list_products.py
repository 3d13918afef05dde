from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.product_list import ProductList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_size"] = page_size

    params["page_number"] = page_number

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/products",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | ProductList | None:
    if response.status_code == 200:
        response_200 = ProductList.from_dict(response.json())

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
) -> Response[Error | ProductList]:
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
) -> Response[Error | ProductList]:
    """List products

     One page of the products that are on sale, with the entitlements that each carries: the one place
    that
    ties a grant's entitlement to a product. Archived products are not among them.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ProductList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
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
) -> Error | ProductList | None:
    """List products

     One page of the products that are on sale, with the entitlements that each carries: the one place
    that
    ties a grant's entitlement to a product. Archived products are not among them.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ProductList
    """

    return sync_detailed(
        client=client,
        page_size=page_size,
        page_number=page_number,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
) -> Response[Error | ProductList]:
    """List products

     One page of the products that are on sale, with the entitlements that each carries: the one place
    that
    ties a grant's entitlement to a product. Archived products are not among them.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ProductList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
) -> Error | ProductList | None:
    """List products

     One page of the products that are on sale, with the entitlements that each carries: the one place
    that
    ties a grant's entitlement to a product. Archived products are not among them.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ProductList
    """

    return (
        await asyncio_detailed(
            client=client,
            page_size=page_size,
            page_number=page_number,
        )
    ).parsed
