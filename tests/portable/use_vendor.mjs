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
