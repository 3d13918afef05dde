// The vendor's own TypeScript SDK, every call that the mock serves: `make compat`.
// Prints an operation's id once it went well.
import DodoPayments from "dodopayments";

const [baseURL, bearerToken] = process.argv.slice(2);
const client = new DodoPayments({ baseURL, bearerToken, maxRetries: 0 });

function wentWell(operation, holds) {
  if (!holds) throw new Error(`${operation}: not what was expected`);
  console.log(operation);
}

const sold = (await client.licenseKeys.list({ page_size: 100 })).items;
wentWell("list_license_keys", sold.length === 25);
const { customer_id, product_id } = sold[0];
const made = await client.licenseKeys.create({ customer_id, product_id, key: "DEMO-OF-THE-VENDOR", activations_limit: 1 });
wentWell("create_license_key", made.source === "import");
wentWell("retrieve_license_key", (await client.licenseKeys.retrieve(made.id)).key === made.key);
const changed = await client.licenseKeys.update(made.id, { activations_limit: 2, expires_at: null });
wentWell("update_license_key", changed.activations_limit === 2);
const seat = await client.licenses.activate({ license_key: made.key, name: "laptop" });
wentWell("activate_license", seat.product.product_id === product_id);
const pair = { license_key: made.key, license_key_instance_id: seat.id };
wentWell("validate_license", (await client.licenses.validate(pair)).valid);
const seats = (await client.licenseKeyInstances.list({ license_key_id: made.id })).items;
wentWell("list_license_key_instances", seats.length === 1 && seats[0].id === seat.id);
wentWell("retrieve_license_key_instance", (await client.licenseKeyInstances.retrieve(seat.id)).name === "laptop");
const renamed = await client.licenseKeyInstances.update(seat.id, { name: "old laptop" });
wentWell("update_license_key_instance", renamed.name === "old laptop");
await client.licenses.deactivate(pair);
wentWell("deactivate_license", !(await client.licenses.validate(pair)).valid);

const entitlements = (await client.entitlements.list({ page_size: 100 })).items;
const withKeys = entitlements.filter((e) => e.integration_type === "license_key").map((e) => e.id);
wentWell("list_entitlements", withKeys.length > 0);
wentWell("retrieve_entitlement", (await client.entitlements.retrieve(withKeys[0])).id === withKeys[0]);
const grants = [];
for (const id of withKeys) grants.push(...(await client.entitlements.grants.list(id, { page_size: 100 })).items);
wentWell("list_entitlement_grants", grants.some((grant) => grant.license_key));
const pending = grants.find((grant) => grant.status === "Pending");
const delivered = await client.entitlements.grants.fulfillLicenseKey(pending.id, { key: "DEMO-FULFILLED" });
wentWell("fulfill_license_key_grant", delivered.license_key.key === "DEMO-FULFILLED");
const revoked = await client.entitlements.grants.revoke(pending.id, { id: pending.entitlement_id });
wentWell("revoke_entitlement_grant", revoked.status === "Revoked");
const ofCustomer = (await client.customers.listEntitlementGrants(pending.customer_id, {})).items;
wentWell("list_customer_entitlement_grants", ofCustomer.some((grant) => grant.id === pending.id));
wentWell("list_products", (await client.products.list({ page_size: 100 })).items.length > 0);
