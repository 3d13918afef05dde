"""Every operation of openapi.yaml, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from .models import (
    Entitlement,
    EntitlementGrant,
    EntitlementGrantCreatedEvent,
    EntitlementGrantDeliveredEvent,
    EntitlementGrantFailedEvent,
    EntitlementGrantList,
    EntitlementGrantRevokedEvent,
    EntitlementGrantStatus,
    EntitlementIntegrationType,
    EntitlementList,
    LicenseActivateResponse,
    LicenseKey,
    LicenseKeyCreatedEvent,
    LicenseKeyInstance,
    LicenseKeyInstanceList,
    LicenseKeyList,
    LicenseKeySource,
    LicenseKeyStatus,
    LicenseValidateResponse,
    Product,
    ProductList,
)

T = TypeVar("T")
WebhookEvent: TypeAlias = (
    LicenseKeyCreatedEvent
    | EntitlementGrantCreatedEvent
    | EntitlementGrantDeliveredEvent
    | EntitlementGrantFailedEvent
    | EntitlementGrantRevokedEvent
)
Environment: TypeAlias = Literal[
    "live_mode",
    "test_mode",
]
Place: TypeAlias = Literal["path", "query", "body"]
Kind: TypeAlias = Literal[
    "identifier", "text", "trimmed", "integer", "boolean", "datetime", "choice"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that an operation is given.

    Attributes:
        name: What the API calls it.
        place: Where in the request it goes.
        kind: What it may be. `trimmed` is a text that people paste with blanks around it.
        required: Whether the API refuses a request without it.
        nullable: Whether it may be null.
        secret: Whether it must be shown nowhere.
        minimum: The smallest integer.
        maximum: The largest integer.
        enum: The values of a choice.
        field: What of an item of a listing has to agree with it.
    """

    name: str
    place: Place
    kind: Kind
    required: bool = False
    nullable: bool = False
    secret: bool = False
    minimum: int = -(2**31)
    maximum: int = 2**31 - 1
    enum: type[StrEnum] | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """One operation.

    Attributes:
        id: Its operationId in openapi.yaml.
        method: The HTTP method.
        path: The path, with `{name}` for each of its parameters.
        tag: The resource that it belongs to, as a path of attributes; empty where it is no method of one.
        name: Its method there.
        public: Whether it works without an API key; then none is sent.
        repeatable: Whether it may be sent again where the first request may have been carried out.
        done: The refusal by which a repetition learns that an attempt whose answer was lost has done it.
        deprecated: Whether the vendor advises against it.
        successor: What to use in its place.
        parameters: What it is given.
        success: The documented statuses of success with the model of the reply, None where it has no body.
        items: The model of which each page holds many, where it answers page by page.
        id_field: What tells one of them from another.
        moment_field: When one of them was made, where they say so.
    """

    id: str
    method: str
    path: str
    tag: str = ""
    name: str = ""
    public: bool
    repeatable: bool
    deprecated: bool = False
    successor: str | None = None
    parameters: tuple[Parameter, ...] = ()
    success: Mapping[int, type[T] | None]
    done: int | None = None
    items: type[Any] | None = None
    id_field: str = "id"
    moment_field: str | None = None


LIST_LICENSE_KEYS: Operation[LicenseKeyList] = Operation(
    id="list_license_keys",
    method="GET",
    path="/license_keys",
    tag="license_keys",
    name="list",
    public=False,
    repeatable=True,
    deprecated=True,
    successor="license_keys.list_granted, or entitlements.grants.list",
    parameters=(
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(
            name="customer_id", place="query", kind="identifier", field="customer_id"
        ),
        Parameter(
            name="product_id", place="query", kind="identifier", field="product_id"
        ),
        Parameter(
            name="status",
            place="query",
            kind="choice",
            enum=LicenseKeyStatus,
            field="status",
        ),
        Parameter(
            name="source",
            place="query",
            kind="choice",
            enum=LicenseKeySource,
            field="source",
        ),
        Parameter(
            name="created_at_gte", place="query", kind="datetime", field="created_at"
        ),
        Parameter(
            name="created_at_lte", place="query", kind="datetime", field="created_at"
        ),
    ),
    success={
        200: LicenseKeyList,
    },
    items=LicenseKey,
    id_field="id",
    moment_field="created_at",
)

CREATE_LICENSE_KEY: Operation[LicenseKey] = Operation(
    id="create_license_key",
    method="POST",
    path="/license_keys",
    tag="license_keys",
    name="create",
    public=False,
    repeatable=False,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="customer_id", place="body", kind="identifier", required=True),
        Parameter(name="key", place="body", kind="text", required=True, secret=True),
        Parameter(name="product_id", place="body", kind="identifier", required=True),
        Parameter(
            name="activations_limit",
            place="body",
            kind="integer",
            nullable=True,
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(name="expires_at", place="body", kind="datetime", nullable=True),
    ),
    success={
        200: LicenseKey,
        201: LicenseKey,
    },
)

RETRIEVE_LICENSE_KEY: Operation[LicenseKey] = Operation(
    id="retrieve_license_key",
    method="GET",
    path="/license_keys/{id}",
    tag="license_keys",
    name="retrieve",
    public=False,
    repeatable=True,
    deprecated=True,
    successor="customers.list_entitlement_grants, or entitlements.grants.list",
    parameters=(Parameter(name="id", place="path", kind="identifier", required=True),),
    success={
        200: LicenseKey,
    },
)

UPDATE_LICENSE_KEY: Operation[LicenseKey] = Operation(
    id="update_license_key",
    method="PATCH",
    path="/license_keys/{id}",
    tag="license_keys",
    name="update",
    public=False,
    repeatable=True,
    deprecated=True,
    successor="entitlements.grants.revoke, which disables the key",
    parameters=(
        Parameter(name="id", place="path", kind="identifier", required=True),
        Parameter(
            name="activations_limit",
            place="body",
            kind="integer",
            nullable=True,
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(name="disabled", place="body", kind="boolean", nullable=True),
        Parameter(name="expires_at", place="body", kind="datetime", nullable=True),
    ),
    success={
        200: LicenseKey,
    },
)

LIST_LICENSE_KEY_INSTANCES: Operation[LicenseKeyInstanceList] = Operation(
    id="list_license_key_instances",
    method="GET",
    path="/license_key_instances",
    tag="license_key_instances",
    name="list",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(
            name="license_key_id",
            place="query",
            kind="identifier",
            field="license_key_id",
        ),
        Parameter(name="grant_id", place="query", kind="identifier"),
    ),
    success={
        200: LicenseKeyInstanceList,
    },
    items=LicenseKeyInstance,
    id_field="id",
    moment_field="created_at",
)

RETRIEVE_LICENSE_KEY_INSTANCE: Operation[LicenseKeyInstance] = Operation(
    id="retrieve_license_key_instance",
    method="GET",
    path="/license_key_instances/{id}",
    tag="license_key_instances",
    name="retrieve",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(Parameter(name="id", place="path", kind="identifier", required=True),),
    success={
        200: LicenseKeyInstance,
    },
)

UPDATE_LICENSE_KEY_INSTANCE: Operation[LicenseKeyInstance] = Operation(
    id="update_license_key_instance",
    method="PATCH",
    path="/license_key_instances/{id}",
    tag="license_key_instances",
    name="update",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="id", place="path", kind="identifier", required=True),
        Parameter(name="name", place="body", kind="text", required=True),
    ),
    success={
        200: LicenseKeyInstance,
    },
)

ACTIVATE_LICENSE: Operation[LicenseActivateResponse] = Operation(
    id="activate_license",
    method="POST",
    path="/licenses/activate",
    tag="licenses",
    name="activate",
    public=True,
    repeatable=False,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="license_key", place="body", kind="trimmed", required=True, secret=True
        ),
        Parameter(name="name", place="body", kind="text", required=True),
    ),
    success={
        201: LicenseActivateResponse,
    },
)

VALIDATE_LICENSE: Operation[LicenseValidateResponse] = Operation(
    id="validate_license",
    method="POST",
    path="/licenses/validate",
    tag="licenses",
    name="validate",
    public=True,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="license_key", place="body", kind="trimmed", required=True, secret=True
        ),
        Parameter(
            name="license_key_instance_id",
            place="body",
            kind="identifier",
            nullable=True,
        ),
    ),
    success={
        200: LicenseValidateResponse,
    },
)

DEACTIVATE_LICENSE: Operation[None] = Operation(
    id="deactivate_license",
    method="POST",
    path="/licenses/deactivate",
    tag="licenses",
    name="deactivate",
    public=True,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="license_key", place="body", kind="trimmed", required=True, secret=True
        ),
        Parameter(
            name="license_key_instance_id",
            place="body",
            kind="identifier",
            required=True,
        ),
    ),
    success={
        200: None,
    },
    done=403,
)

LIST_ENTITLEMENTS: Operation[EntitlementList] = Operation(
    id="list_entitlements",
    method="GET",
    path="/entitlements",
    tag="entitlements",
    name="list",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(
            name="integration_type",
            place="query",
            kind="choice",
            enum=EntitlementIntegrationType,
            field="integration_type",
        ),
    ),
    success={
        200: EntitlementList,
    },
    items=Entitlement,
    id_field="id",
    moment_field="created_at",
)

RETRIEVE_ENTITLEMENT: Operation[Entitlement] = Operation(
    id="retrieve_entitlement",
    method="GET",
    path="/entitlements/{id}",
    tag="entitlements",
    name="retrieve",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(Parameter(name="id", place="path", kind="identifier", required=True),),
    success={
        200: Entitlement,
    },
)

LIST_ENTITLEMENT_GRANTS: Operation[EntitlementGrantList] = Operation(
    id="list_entitlement_grants",
    method="GET",
    path="/entitlements/{id}/grants",
    tag="entitlements.grants",
    name="list",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="id", place="path", kind="identifier", required=True),
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(
            name="customer_id", place="query", kind="identifier", field="customer_id"
        ),
        Parameter(
            name="status",
            place="query",
            kind="choice",
            enum=EntitlementGrantStatus,
            field="status",
        ),
    ),
    success={
        200: EntitlementGrantList,
    },
    items=EntitlementGrant,
    id_field="id",
    moment_field="created_at",
)

REVOKE_ENTITLEMENT_GRANT: Operation[EntitlementGrant] = Operation(
    id="revoke_entitlement_grant",
    method="DELETE",
    path="/entitlements/{id}/grants/{grant_id}",
    tag="entitlements.grants",
    name="revoke",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="id", place="path", kind="identifier", required=True),
        Parameter(name="grant_id", place="path", kind="identifier", required=True),
    ),
    success={
        200: EntitlementGrant,
    },
)

FULFILL_LICENSE_KEY_GRANT: Operation[EntitlementGrant] = Operation(
    id="fulfill_license_key_grant",
    method="POST",
    path="/grants/{grant_id}/license-key",
    tag="entitlements.grants",
    name="fulfill_license_key",
    public=False,
    repeatable=False,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="grant_id", place="path", kind="identifier", required=True),
        Parameter(name="key", place="body", kind="trimmed", required=True, secret=True),
        Parameter(
            name="activations_limit",
            place="body",
            kind="integer",
            nullable=True,
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(name="expires_at", place="body", kind="datetime", nullable=True),
    ),
    success={
        200: EntitlementGrant,
    },
)

LIST_CUSTOMER_ENTITLEMENT_GRANTS: Operation[EntitlementGrantList] = Operation(
    id="list_customer_entitlement_grants",
    method="GET",
    path="/customers/{customer_id}/entitlement-grants",
    tag="customers",
    name="list_entitlement_grants",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(name="customer_id", place="path", kind="identifier", required=True),
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
        Parameter(
            name="integration_type",
            place="query",
            kind="choice",
            enum=EntitlementIntegrationType,
            field="integration_type",
        ),
        Parameter(
            name="status",
            place="query",
            kind="choice",
            enum=EntitlementGrantStatus,
            field="status",
        ),
    ),
    success={
        200: EntitlementGrantList,
    },
    items=EntitlementGrant,
    id_field="id",
    moment_field="created_at",
)

LIST_PRODUCTS: Operation[ProductList] = Operation(
    id="list_products",
    method="GET",
    path="/products",
    tag="products",
    name="list",
    public=False,
    repeatable=True,
    deprecated=False,
    successor=None,
    parameters=(
        Parameter(
            name="page_size", place="query", kind="integer", minimum=0, maximum=100
        ),
        Parameter(
            name="page_number",
            place="query",
            kind="integer",
            minimum=0,
            maximum=2147483647,
        ),
    ),
    success={
        200: ProductList,
    },
    items=Product,
    id_field="product_id",
    moment_field=None,
)

OPERATIONS: Mapping[str, Operation[Any]] = {
    operation.id: operation
    for operation in (
        LIST_LICENSE_KEYS,
        CREATE_LICENSE_KEY,
        RETRIEVE_LICENSE_KEY,
        UPDATE_LICENSE_KEY,
        LIST_LICENSE_KEY_INSTANCES,
        RETRIEVE_LICENSE_KEY_INSTANCE,
        UPDATE_LICENSE_KEY_INSTANCE,
        ACTIVATE_LICENSE,
        VALIDATE_LICENSE,
        DEACTIVATE_LICENSE,
        LIST_ENTITLEMENTS,
        RETRIEVE_ENTITLEMENT,
        LIST_ENTITLEMENT_GRANTS,
        REVOKE_ENTITLEMENT_GRANT,
        FULFILL_LICENSE_KEY_GRANT,
        LIST_CUSTOMER_ENTITLEMENT_GRANTS,
        LIST_PRODUCTS,
    )
}

SERVERS: Mapping[Environment, str] = {
    "live_mode": "https://live.dodopayments.com",
    "test_mode": "https://test.dodopayments.com",
}

WEBHOOKS: Mapping[str, type[WebhookEvent]] = {
    "license_key.created": LicenseKeyCreatedEvent,
    "entitlement_grant.created": EntitlementGrantCreatedEvent,
    "entitlement_grant.delivered": EntitlementGrantDeliveredEvent,
    "entitlement_grant.failed": EntitlementGrantFailedEvent,
    "entitlement_grant.revoked": EntitlementGrantRevokedEvent,
}
