"""Entitlements: what a product delivers to whoever buys it."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from dodo_licenses.mock import resource
from dodo_licenses.mock.resource import Field, Record, Resource
from dodo_licenses.mock.validation import an_object, anything, one_of
from dodo_licenses.mock.wire import BUSINESS_ID, new_id

_FILE = {
    "file_id": "file_demo",
    "filename": "manual.pdf",
    "download_url": "https://files.example.com/manual.pdf",
    "expires_in": 3600,
}
# Each integration, and a configuration that it might have.
CONFIGURATIONS: dict[str, Record] = {
    "license_key": {"activation_message": None, "activations_limit": 5, "fulfillment_mode": "auto"},
    "feature_flag": {"feature_id": "export", "feature_type": "boolean"},
    "digital_files": {"digital_files": {"files": [_FILE]}},
    "telegram": {"chat_id": "-1001234567890"},
    "framer": {"framer_template_id": "demo-template"},
    "discord": {"guild_id": "123456789012345678", "role_id": None},
    "github": {"permission": "pull", "target_id": "demo/editor"},
    "notion": {"notion_template_id": "demo-template"},
    "figma": {"figma_file_id": "demo-file"},
}

ENTITLEMENTS = Resource(
    "entitlements",
    "entitlement",
    (
        resource.identifier("ent_"),
        resource.BUSINESS,
        resource.CREATED,
        resource.UPDATED,
        Field("name", default="Entitlement"),
        resource.maybe("description"),
        Field("integration_type", one_of(*CONFIGURATIONS), "license_key"),
        Field("integration_config", an_object, {}, json.loads),
        Field("is_active", anything, None, bool, sql="1"),
        resource.METADATA,
    ),
    resource.any_of("integration_type", CONFIGURATIONS),
)


def made_up(random: Random, name: str, integration_type: str, at: int, **config: Any) -> Record:
    """The row of an entitlement with the configuration of its integration, some of it given."""
    return {
        "id": new_id("ent_", random),
        "business_id": BUSINESS_ID,
        "created_at": at,
        "updated_at": at,
        "name": name,
        "description": None,
        "integration_type": integration_type,
        "integration_config": json.dumps(CONFIGURATIONS[integration_type] | config),
        "metadata": "{}",
    }
