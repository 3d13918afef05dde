"""Listings, by the names that the vendor's SDK has for them."""

from dodo_licenses._listing import AsyncListing as AsyncDefaultPageNumberPagination
from dodo_licenses._listing import Listing as SyncDefaultPageNumberPagination

__all__ = ["AsyncDefaultPageNumberPagination", "SyncDefaultPageNumberPagination"]
