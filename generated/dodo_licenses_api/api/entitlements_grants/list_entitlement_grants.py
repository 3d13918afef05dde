from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.entitlement_grant_list import EntitlementGrantList
from ...models.entitlement_grant_status import EntitlementGrantStatus
from ...models.error import Error
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    status: EntitlementGrantStatus | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_size"] = page_size

    params["page_number"] = page_number

    params["customer_id"] = customer_id

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/entitlements/{id}/grants".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EntitlementGrantList | Error | None:
    if response.status_code == 200:
        response_200 = EntitlementGrantList.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

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
) -> Response[EntitlementGrantList | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    status: EntitlementGrantStatus | Unset = UNSET,
) -> Response[EntitlementGrantList | Error]:
    """List the grants of an entitlement

     One page of the grants of one entitlement that satisfy every filter given. There is no filter by
    product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
    empty page is not documented, nor whether imported license keys have a grant.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the grants to this customer, such as `cus_123`.
        status (EntitlementGrantStatus | Unset): Where a grant stands, and what its license key's
            state follows from: `Pending` until it is fulfilled, `Delivered`, `Failed`, or `Revoked`.
            Some guides of the vendor write it in lower case: send it as it is written here, and
            compare it without regard to case. A grant whose key has expired stays `Delivered`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrantList | Error]
    """

    kwargs = _get_kwargs(
        id=id,
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    status: EntitlementGrantStatus | Unset = UNSET,
) -> EntitlementGrantList | Error | None:
    """List the grants of an entitlement

     One page of the grants of one entitlement that satisfy every filter given. There is no filter by
    product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
    empty page is not documented, nor whether imported license keys have a grant.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the grants to this customer, such as `cus_123`.
        status (EntitlementGrantStatus | Unset): Where a grant stands, and what its license key's
            state follows from: `Pending` until it is fulfilled, `Delivered`, `Failed`, or `Revoked`.
            Some guides of the vendor write it in lower case: send it as it is written here, and
            compare it without regard to case. A grant whose key has expired stays `Delivered`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrantList | Error
    """

    return sync_detailed(
        id=id,
        client=client,
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        status=status,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    status: EntitlementGrantStatus | Unset = UNSET,
) -> Response[EntitlementGrantList | Error]:
    """List the grants of an entitlement

     One page of the grants of one entitlement that satisfy every filter given. There is no filter by
    product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
    empty page is not documented, nor whether imported license keys have a grant.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the grants to this customer, such as `cus_123`.
        status (EntitlementGrantStatus | Unset): Where a grant stands, and what its license key's
            state follows from: `Pending` until it is fulfilled, `Delivered`, `Failed`, or `Revoked`.
            Some guides of the vendor write it in lower case: send it as it is written here, and
            compare it without regard to case. A grant whose key has expired stays `Delivered`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrantList | Error]
    """

    kwargs = _get_kwargs(
        id=id,
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    status: EntitlementGrantStatus | Unset = UNSET,
) -> EntitlementGrantList | Error | None:
    """List the grants of an entitlement

     One page of the grants of one entitlement that satisfy every filter given. There is no filter by
    product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
    empty page is not documented, nor whether imported license keys have a grant.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the grants to this customer, such as `cus_123`.
        status (EntitlementGrantStatus | Unset): Where a grant stands, and what its license key's
            state follows from: `Pending` until it is fulfilled, `Delivered`, `Failed`, or `Revoked`.
            Some guides of the vendor write it in lower case: send it as it is written here, and
            compare it without regard to case. A grant whose key has expired stays `Delivered`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrantList | Error
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            page_size=page_size,
            page_number=page_number,
            customer_id=customer_id,
            status=status,
        )
    ).parsed
