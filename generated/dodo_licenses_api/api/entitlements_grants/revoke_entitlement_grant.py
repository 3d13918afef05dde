from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.entitlement_grant import EntitlementGrant
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    id: str,
    grant_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/entitlements/{id}/grants/{grant_id}".format(
            id=quote(str(id), safe=""),
            grant_id=quote(str(grant_id), safe=""),
        ),
    }

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
    id: str,
    grant_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[EntitlementGrant | Error]:
    """Revoke a grant

     Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
    Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        grant_id (str): The id of an entitlement grant, such as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrant | Error]
    """

    kwargs = _get_kwargs(
        id=id,
        grant_id=grant_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    grant_id: str,
    *,
    client: AuthenticatedClient,
) -> EntitlementGrant | Error | None:
    """Revoke a grant

     Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
    Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        grant_id (str): The id of an entitlement grant, such as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrant | Error
    """

    return sync_detailed(
        id=id,
        grant_id=grant_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: str,
    grant_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[EntitlementGrant | Error]:
    """Revoke a grant

     Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
    Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        grant_id (str): The id of an entitlement grant, such as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntitlementGrant | Error]
    """

    kwargs = _get_kwargs(
        id=id,
        grant_id=grant_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    grant_id: str,
    *,
    client: AuthenticatedClient,
) -> EntitlementGrant | Error | None:
    """Revoke a grant

     Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
    Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

    Args:
        id (str): The id of an entitlement, such as `ent_123`.
        grant_id (str): The id of an entitlement grant, such as `entg_123`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntitlementGrant | Error
    """

    return (
        await asyncio_detailed(
            id=id,
            grant_id=grant_id,
            client=client,
        )
    ).parsed
