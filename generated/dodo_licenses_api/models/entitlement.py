from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define

from ..base import Model, Moment
from ..models.entitlement_integration_config import EntitlementIntegrationConfig
from ..models.entitlement_integration_type import EntitlementIntegrationType
from ..models.metadata import Metadata
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class Entitlement(Model):
    """What a purchase gives a right to, and how it is given."""

    id: str
    """ The entitlement's id, `ent_…`. """

    business_id: str
    """ The merchant's id. """

    created_at: Moment
    """ When the entitlement was created, in UTC. """

    integration_type: EntitlementIntegrationType
    """ What an entitlement gives. The vendor adds types at any time. """

    name: str
    """ Its name, as the merchant gave it. """

    description: None | str = None
    """ What the merchant says of it, if anything. """

    integration_config: EntitlementIntegrationConfig | None = None
    """ How an entitlement is given. What is named here belongs to the type `license_key`; other types have fields of their own, which come as they are. """

    is_active: bool | None = None
    """ Always true, since deleted entitlements are not served. """

    metadata: Metadata | None = None
    """ The merchant's own notes. """

    updated_at: Moment | None = None
    """ When it was last changed, in UTC. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        business_id = self.business_id
        created_at = self.created_at.isoformat()
        integration_type = self.integration_type.value
        name = self.name
        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description
        integration_config_or_unset = (
            UNSET if self.integration_config is None else self.integration_config
        )
        integration_config: dict[str, Any] | Unset = UNSET
        if not isinstance(integration_config_or_unset, Unset):
            integration_config = integration_config_or_unset.to_dict()
        is_active_or_unset = UNSET if self.is_active is None else self.is_active
        is_active = is_active_or_unset
        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata
        updated_at_or_unset = UNSET if self.updated_at is None else self.updated_at
        updated_at: str | Unset = UNSET
        if not isinstance(updated_at_or_unset, Unset):
            updated_at = updated_at_or_unset.isoformat()

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["id"] = id
        field_dict["business_id"] = business_id
        field_dict["created_at"] = created_at
        field_dict["integration_type"] = integration_type
        field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if integration_config is not UNSET:
            field_dict["integration_config"] = integration_config
        if is_active is not UNSET:
            field_dict["is_active"] = is_active
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")
        business_id = d.pop("business_id")
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        integration_type = EntitlementIntegrationType(d.pop("integration_type"))

        name = d.pop("name")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        _integration_config = d.pop("integration_config", UNSET)
        integration_config: EntitlementIntegrationConfig | Unset
        if isinstance(_integration_config, Unset):
            integration_config = UNSET
        else:
            integration_config = EntitlementIntegrationConfig.from_dict(
                _integration_config
            )

        is_active = d.pop("is_active", UNSET)

        def _parse_metadata(data: object) -> Metadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = Metadata.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Metadata | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = datetime.datetime.fromisoformat(_updated_at)

        model = cls(
            id=id,
            business_id=business_id,
            created_at=created_at,
            integration_type=integration_type,
            name=name,
            description=description if description is not UNSET else None,
            integration_config=integration_config
            if integration_config is not UNSET
            else None,
            is_active=is_active if is_active is not UNSET else None,
            metadata=metadata if metadata is not UNSET else None,
            updated_at=updated_at if updated_at is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model
