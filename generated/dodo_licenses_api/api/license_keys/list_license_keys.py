import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.license_key_list import LicenseKeyList
from ...models.license_key_source import LicenseKeySource
from ...models.license_key_status import LicenseKeyStatus
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    product_id: str | Unset = UNSET,
    status: LicenseKeyStatus | Unset = UNSET,
    source: LicenseKeySource | Unset = UNSET,
    created_at_gte: datetime.datetime | Unset = UNSET,
    created_at_lte: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page_size"] = page_size

    params["page_number"] = page_number

    params["customer_id"] = customer_id

    params["product_id"] = product_id

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    json_source: str | Unset = UNSET
    if not isinstance(source, Unset):
        json_source = source.value

    params["source"] = json_source

    json_created_at_gte: str | Unset = UNSET
    if not isinstance(created_at_gte, Unset):
        json_created_at_gte = created_at_gte.isoformat()
    params["created_at_gte"] = json_created_at_gte

    json_created_at_lte: str | Unset = UNSET
    if not isinstance(created_at_lte, Unset):
        json_created_at_lte = created_at_lte.isoformat()
    params["created_at_lte"] = json_created_at_lte

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/license_keys",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | LicenseKeyList | None:
    if response.status_code == 200:
        response_200 = LicenseKeyList.from_dict(response.json())

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

    if response.status_code == 410:
        response_410 = Error.from_dict(response.json())

        return response_410

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
) -> Response[Error | LicenseKeyList]:
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
    customer_id: str | Unset = UNSET,
    product_id: str | Unset = UNSET,
    status: LicenseKeyStatus | Unset = UNSET,
    source: LicenseKeySource | Unset = UNSET,
    created_at_gte: datetime.datetime | Unset = UNSET,
    created_at_lte: datetime.datetime | Unset = UNSET,
) -> Response[Error | LicenseKeyList]:
    """List license keys

     One page of the account's license keys that satisfy every filter given.

    Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
    release without a date; it works. No grant operation lists a whole account: list the entitlements
    of type `license_key`, then the grants of each.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the keys of this customer, such as `cus_123`.
        product_id (str | Unset): Only the keys of this product, such as `pdt_123`.
        status (LicenseKeyStatus | Unset): Whether a license key can be used: `active`, `expired`
            once its expiry has passed or its subscription has ended, or `disabled` by the merchant.
            May lag behind an expiry in the past.
        source (LicenseKeySource | Unset): How a license key came into being: `auto` by a
            purchase, `import` from elsewhere, `manual` by hand. What the last one means is not
            documented.
        created_at_gte (datetime.datetime | Unset): Only the keys created at this moment or later.
        created_at_lte (datetime.datetime | Unset): Only the keys created at this moment or
            earlier.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKeyList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        product_id=product_id,
        status=status,
        source=source,
        created_at_gte=created_at_gte,
        created_at_lte=created_at_lte,
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
    customer_id: str | Unset = UNSET,
    product_id: str | Unset = UNSET,
    status: LicenseKeyStatus | Unset = UNSET,
    source: LicenseKeySource | Unset = UNSET,
    created_at_gte: datetime.datetime | Unset = UNSET,
    created_at_lte: datetime.datetime | Unset = UNSET,
) -> Error | LicenseKeyList | None:
    """List license keys

     One page of the account's license keys that satisfy every filter given.

    Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
    release without a date; it works. No grant operation lists a whole account: list the entitlements
    of type `license_key`, then the grants of each.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the keys of this customer, such as `cus_123`.
        product_id (str | Unset): Only the keys of this product, such as `pdt_123`.
        status (LicenseKeyStatus | Unset): Whether a license key can be used: `active`, `expired`
            once its expiry has passed or its subscription has ended, or `disabled` by the merchant.
            May lag behind an expiry in the past.
        source (LicenseKeySource | Unset): How a license key came into being: `auto` by a
            purchase, `import` from elsewhere, `manual` by hand. What the last one means is not
            documented.
        created_at_gte (datetime.datetime | Unset): Only the keys created at this moment or later.
        created_at_lte (datetime.datetime | Unset): Only the keys created at this moment or
            earlier.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKeyList
    """

    return sync_detailed(
        client=client,
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        product_id=product_id,
        status=status,
        source=source,
        created_at_gte=created_at_gte,
        created_at_lte=created_at_lte,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    product_id: str | Unset = UNSET,
    status: LicenseKeyStatus | Unset = UNSET,
    source: LicenseKeySource | Unset = UNSET,
    created_at_gte: datetime.datetime | Unset = UNSET,
    created_at_lte: datetime.datetime | Unset = UNSET,
) -> Response[Error | LicenseKeyList]:
    """List license keys

     One page of the account's license keys that satisfy every filter given.

    Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
    release without a date; it works. No grant operation lists a whole account: list the entitlements
    of type `license_key`, then the grants of each.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the keys of this customer, such as `cus_123`.
        product_id (str | Unset): Only the keys of this product, such as `pdt_123`.
        status (LicenseKeyStatus | Unset): Whether a license key can be used: `active`, `expired`
            once its expiry has passed or its subscription has ended, or `disabled` by the merchant.
            May lag behind an expiry in the past.
        source (LicenseKeySource | Unset): How a license key came into being: `auto` by a
            purchase, `import` from elsewhere, `manual` by hand. What the last one means is not
            documented.
        created_at_gte (datetime.datetime | Unset): Only the keys created at this moment or later.
        created_at_lte (datetime.datetime | Unset): Only the keys created at this moment or
            earlier.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | LicenseKeyList]
    """

    kwargs = _get_kwargs(
        page_size=page_size,
        page_number=page_number,
        customer_id=customer_id,
        product_id=product_id,
        status=status,
        source=source,
        created_at_gte=created_at_gte,
        created_at_lte=created_at_lte,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    page_size: int | Unset = 10,
    page_number: int | Unset = 0,
    customer_id: str | Unset = UNSET,
    product_id: str | Unset = UNSET,
    status: LicenseKeyStatus | Unset = UNSET,
    source: LicenseKeySource | Unset = UNSET,
    created_at_gte: datetime.datetime | Unset = UNSET,
    created_at_lte: datetime.datetime | Unset = UNSET,
) -> Error | LicenseKeyList | None:
    """List license keys

     One page of the account's license keys that satisfy every filter given.

    Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
    release without a date; it works. No grant operation lists a whole account: list the entitlements
    of type `license_key`, then the grants of each.

    Args:
        page_size (int | Unset): How many items a page holds at most, 0 to 100. What 0 and more
            than 100 get is not documented, and dodo-licenses asks for 1 to 100. Default: 10.
        page_number (int | Unset): Which page, counted from 0. Default: 0.
        customer_id (str | Unset): Only the keys of this customer, such as `cus_123`.
        product_id (str | Unset): Only the keys of this product, such as `pdt_123`.
        status (LicenseKeyStatus | Unset): Whether a license key can be used: `active`, `expired`
            once its expiry has passed or its subscription has ended, or `disabled` by the merchant.
            May lag behind an expiry in the past.
        source (LicenseKeySource | Unset): How a license key came into being: `auto` by a
            purchase, `import` from elsewhere, `manual` by hand. What the last one means is not
            documented.
        created_at_gte (datetime.datetime | Unset): Only the keys created at this moment or later.
        created_at_lte (datetime.datetime | Unset): Only the keys created at this moment or
            earlier.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | LicenseKeyList
    """

    return (
        await asyncio_detailed(
            client=client,
            page_size=page_size,
            page_number=page_number,
            customer_id=customer_id,
            product_id=product_id,
            status=status,
            source=source,
            created_at_gte=created_at_gte,
            created_at_lte=created_at_lte,
        )
    ).parsed
