"""Entitlements: what a product delivers to whoever buys it."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random
from typing import Any, TypedDict

from dodo_licenses.mock.resource import (
    FLAG,
    JSON,
    Field,
    Resource,
    any_of,
    business,
    created,
    identifier,
    stored,
)
from dodo_licenses.mock.validation import anything, metadata, one_of, or_null, text
from dodo_licenses.mock.wire import BUSINESS_ID, new_id

_FILE = {
    "file_id": "file_demo",
    "filename": "manual.pdf",
    "download_url": "https://files.example.com/manual.pdf",
    "expires_in": 3600,
    "content_type": "application/pdf",
    "file_size": 1024,
}
# Each integration, and a configuration that it might have.
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "license_key": {"activations_limit": 5, "fulfillment_mode": "auto"},
    "feature_flag": {"feature_id": "export", "feature_type": "boolean"},
    "digital_files": {"digital_files": {"files": [_FILE], "external_url": None, "instructions": None}},
    "telegram": {"chat_id": "-1001234567890"},
    "framer": {"framer_template_id": "demo-template"},
    "discord": {"guild_id": "123456789012345678", "role_id": None},
    "github": {"permission": "pull", "target_id": "demo/editor"},
    "notion": {"notion_template_id": "demo-template"},
    "figma": {"figma_file_id": "demo-file"},
}
INTEGRATION_TYPES = tuple(CONFIGURATIONS)


class EntitlementFields(TypedDict, total=False):
    """What an entitlement may be given, in the API's own names."""

    id: str
    business_id: str
    name: str
    description: str | None
    integration_type: str
    integration_config: dict[str, Any]
    metadata: dict[str, str | float | bool]
    created_at: datetime | str
    updated_at: datetime | str


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object")  # noqa: TRY004 - as every check says it
    return value


ENTITLEMENTS = Resource(
    name="entitlements",
    singular="entitlement",
    fields=(
        identifier("ent_"),
        business(),
        created(),
        created("updated_at"),
        Field("name", default="Entitlement"),
        Field("description", check=or_null(text)),
        Field("integration_type", check=one_of(*INTEGRATION_TYPES), default="license_key"),
        Field("integration_config", JSON, _object, {}),
        Field("is_active", FLAG, anything, sql="1"),
        Field("metadata", JSON, metadata, {}),
    ),
    filters={"integration_type": any_of("integration_type", *INTEGRATION_TYPES)},
)


def made_up(random: Random, name: str, integration_type: str, at: datetime, **config: Any) -> dict[str, Any]:
    """The row of an entitlement with the configuration of its integration, some of it given."""
    return {
        "id": new_id("ent_", random),
        "business_id": BUSINESS_ID,
        "created_at": stored(at),
        "updated_at": stored(at),
        "name": name,
        "description": None,
        "integration_type": integration_type,
        "integration_config": json.dumps(CONFIGURATIONS[integration_type] | config),
        "metadata": "{}",
    }
