"""The vendor's own Python SDK, every call that the mock serves: `make compat`.

Prints an operation's id once it went well.
"""

import sys
import warnings
from datetime import UTC, datetime, timedelta

from dodopayments import DodoPayments

warnings.simplefilter("ignore", DeprecationWarning)  # of the vendor's own methods
base_url, api_key = sys.argv[1:]


def went_well(operation: str, holds: object) -> None:
    """Print an operation's id, or end the program."""
    if not holds:
        sys.exit(f"{operation}: not what was expected")
    print(operation)


with DodoPayments(base_url=base_url, bearer_token=api_key, max_retries=0) as client:
    sold = client.license_keys.list(page_size=100).items
    went_well("list_license_keys", len(sold) == 25)
    made = client.license_keys.create(
        customer_id=sold[0].customer_id,
        product_id=sold[0].product_id,
        key="DEMO-OF-THE-VENDOR",
        activations_limit=1,
        expires_at=datetime.now(UTC) + timedelta(days=30),
    )
    went_well("create_license_key", made.source == "import")
    went_well("retrieve_license_key", client.license_keys.retrieve(made.id).key == made.key)
    changed = client.license_keys.update(made.id, activations_limit=2, expires_at=None)
    went_well("update_license_key", changed.activations_limit == 2)
    seat = client.licenses.activate(license_key=made.key, name="laptop")
    went_well("activate_license", seat.product.product_id == made.product_id)
    pair = {"license_key": made.key, "license_key_instance_id": seat.id}
    went_well("validate_license", client.licenses.validate(**pair).valid)
    seats = client.license_key_instances.list(license_key_id=made.id).items
    went_well("list_license_key_instances", [instance.id for instance in seats] == [seat.id])
    went_well(
        "retrieve_license_key_instance", client.license_key_instances.retrieve(seat.id).name == "laptop"
    )
    renamed = client.license_key_instances.update(seat.id, name="old laptop")
    went_well("update_license_key_instance", renamed.name == "old laptop")
    client.licenses.deactivate(**pair)
    went_well("deactivate_license", not client.licenses.validate(**pair).valid)

    entitlements = client.entitlements.list(page_size=100).items
    went_well("list_entitlements", any(e.integration_type == "license_key" for e in entitlements))
    with_keys = [e.id for e in entitlements if e.integration_type == "license_key"]
    went_well("retrieve_entitlement", client.entitlements.retrieve(with_keys[0]).id == with_keys[0])
    grants = [
        grant for each in with_keys for grant in client.entitlements.grants.list(each, page_size=100).items
    ]
    went_well("list_entitlement_grants", any(grant.license_key for grant in grants))
    pending = next(grant for grant in grants if grant.status == "Pending")
    delivered = client.entitlements.grants.fulfill_license_key(pending.id, key="DEMO-FULFILLED")
    went_well("fulfill_license_key_grant", delivered.license_key.key == "DEMO-FULFILLED")
    revoked = client.entitlements.grants.revoke(pending.id, id=pending.entitlement_id)
    went_well("revoke_entitlement_grant", revoked.status == "Revoked")
    of_customer = client.customers.list_entitlement_grants(pending.customer_id).items
    went_well("list_customer_entitlement_grants", pending.id in {grant.id for grant in of_customer})
    went_well("list_products", client.products.list(page_size=100).items)
