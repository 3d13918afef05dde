"""What openapi-generator makes of openapi.yaml for Python, used against the mock by `make portable`."""

import sys
from datetime import UTC, datetime

import openapi_client as api

url, api_key = sys.argv[1:]
with api.ApiClient(api.Configuration(host=url, access_token=api_key)) as client:
    keys = api.LicenseKeysApi(client)
    pages = [keys.list_license_keys(page_size=10, page_number=number).items for number in range(4)]
    listed = {key.id: key for page in pages for key in page}
    assert len(listed) == 25, f"{len(listed)} of 25 keys listed"
    key = next(
        key
        for key in listed.values()
        if key.status == api.LicenseKeyStatus.ACTIVE
        and (key.activations_limit is None or key.instances_count < key.activations_limit)
        and (key.expires_at is None or key.expires_at > datetime.now(UTC))
    )
    licenses = api.LicensesApi(client)
    request = api.ActivateLicenseRequest(license_key=key.key, name="portable")
    activated = {"license_key": key.key, "license_key_instance_id": licenses.activate_license(request).id}
    assert licenses.validate_license(api.ValidateLicenseRequest(**activated)).valid
    licenses.deactivate_license(api.DeactivateLicenseRequest(**activated))
    assert not licenses.validate_license(api.ValidateLicenseRequest(**activated)).valid
