"""What type checkers see on both clients. Checked by `make check`, never run."""

from __future__ import annotations

from typing import assert_type

from dodo_licenses import (
    UNSET,
    AsyncDodoPayments,
    AsyncListing,
    Client,
    DodoPayments,
    LicenseKey,
    Listing,
    Omit,
    Page,
    Timeout,
    omit,
)


def waiting(client: DodoPayments) -> None:
    """The client whose calls wait."""
    listing = client.license_keys.list(status="active", prefetch=4)
    assert_type(listing, Listing[LicenseKey])
    for key in listing:
        assert_type(key, LicenseKey)
    for page in listing.pages():
        assert_type(page, Page[LicenseKey])
    assert_type(listing.items, list[LicenseKey])
    assert_type(listing.get_next_page(), Listing[LicenseKey])
    assert_type(client.license_keys.find(key="DEMO"), LicenseKey | None)
    assert_type(client.license_keys.update("lic_1", expires_at=None, activations_limit=UNSET), LicenseKey)
    assert_type(client.licenses.validate(license_key="DEMO").valid, bool)
    assert_type(client.with_options(max_retries=0), DodoPayments)
    with client as entered:
        assert_type(entered, DodoPayments)


async def awaiting(client: AsyncDodoPayments) -> None:
    """The client whose calls are awaited."""
    listing = client.license_keys.list(status="active", prefetch=4)
    assert_type(listing, AsyncListing[LicenseKey])
    async for key in listing:
        assert_type(key, LicenseKey)
    async for page in listing.pages():
        assert_type(page, Page[LicenseKey])
    assert_type(await listing.get_next_page(), AsyncListing[LicenseKey])
    assert_type(await client.license_keys.retrieve("lic_1"), LicenseKey)
    assert_type(client.with_options(max_retries=0), AsyncDodoPayments)
    async with client as entered:
        assert_type(entered, AsyncDodoPayments)


def moved_over(client: Client, timeout: Timeout | None, limit: int | Omit = omit) -> None:
    """The vendor's names are types as well."""
    assert_type(client.license_keys.update("lic_1", activations_limit=limit, timeout=timeout), LicenseKey)


def wrong(client: DodoPayments, other: AsyncDodoPayments) -> None:
    """What a type checker refuses: an ignore that is not needed would be an error itself."""
    for _ in other.license_keys.list():  # type: ignore[attr-defined]
        pass
    client.license_keys.list(status="inactive")  # type: ignore[arg-type]
    client.license_keys.retrieve(5)  # type: ignore[arg-type]
