from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.entitlement_grant import EntitlementGrant
from ...models.error import Error
from ...models.fulfill_license_key_grant_request import FulfillLicenseKeyGrantRequest
from ...types import Response


def _get_kwargs(
    grant_id: str,
    *,
    body: FulfillLicenseKeyGrantRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/grants/{grant_id}/license-key".format(
            grant_id=quote(str(grant_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EntitlementGrant | Error | None:
    if response.status_code == 200:
        response_200 = EntitlementGrant.from_dict(response.json())

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
) -> Response[EntitlementGrant | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    grant_id: str,
    *,
    client: AuthenticatedClient,
    body: FulfillLicenseKeyGrantRequest,
) -> Response[EntitlementGrant | Error]:
    """Fulfil a grant with a license key

     Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
    gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

    Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
    the
    grant is fulfilled already or another license key has this string: read the grant to tell them
    apart.
    One page of the documentation calls it safe to repeat, another doesn't.

    Args:
        grant_id (str): The id of an entitlement grant, such as `entg_123`.
        body (FulfillLicenseKeyGrantRequest): The license key to give to the customer of a pending
            grant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrant | Error]
    """

    kwargs = _get_kwargs(
        grant_id=grant_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    grant_id: str,
    *,
    client: AuthenticatedClient,
    body: FulfillLicenseKeyGrantRequest,
) -> EntitlementGrant | Error | None:
    """Fulfil a grant with a license key

     Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
    gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

    Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
    the
    grant is fulfilled already or another license key has this string: read the grant to tell them
    apart.
    One page of the documentation calls it safe to repeat, another doesn't.

    Args:
        grant_id (str): The id of an entitlement grant, such as `entg_123`.
        body (FulfillLicenseKeyGrantRequest): The license key to give to the customer of a pending
            grant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrant | Error
    """

    return sync_detailed(
        grant_id=grant_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    grant_id: str,
    *,
    client: AuthenticatedClient,
    body: FulfillLicenseKeyGrantRequest,
) -> Response[EntitlementGrant | Error]:
    """Fulfil a grant with a license key

     Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
    gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

    Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
    the
    grant is fulfilled already or another license key has this string: read the grant to tell them
    apart.
    One page of the documentation calls it safe to repeat, another doesn't.

    Args:
        grant_id (str): The id of an entitlement grant, such as `entg_123`.
        body (FulfillLicenseKeyGrantRequest): The license key to give to the customer of a pending
            grant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrant | Error]
    """

    kwargs = _get_kwargs(
        grant_id=grant_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    grant_id: str,
    *,
    client: AuthenticatedClient,
    body: FulfillLicenseKeyGrantRequest,
) -> EntitlementGrant | Error | None:
    """Fulfil a grant with a license key

     Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
    gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

    Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
    the
    grant is fulfilled already or another license key has this string: read the grant to tell them
    apart.
    One page of the documentation calls it safe to repeat, another doesn't.

    Args:
        grant_id (str): The id of an entitlement grant, such as `entg_123`.
        body (FulfillLicenseKeyGrantRequest): The license key to give to the customer of a pending
            grant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrant | Error
    """

    return (
        await asyncio_detailed(
            grant_id=grant_id,
            client=client,
            body=body,
        )
    ).parsed
