// What openapi-generator makes of openapi.yaml for TypeScript, used against the mock by `make portable`.
import { Configuration, LicenseKeysApi, LicensesApi } from "./typescript-fetch";

declare const process: { argv: string[]; exitCode: number };

async function main(basePath: string, accessToken: string): Promise<void> {
  const config = new Configuration({ basePath, accessToken });
  const page = await new LicenseKeysApi(config).listLicenseKeys({ pageSize: 100, pageNumber: 0, status: "active" });
  const key = page.items.find(
    (k) =>
      (k.activationsLimit == null || k.instancesCount < k.activationsLimit) &&
      (k.expiresAt == null || k.expiresAt > new Date()),
  );
  if (key === undefined) throw new Error("no key to activate");
  const licenses = new LicensesApi(config);
  const activation = await licenses.activateLicense({
    activateLicenseRequest: { licenseKey: key.key, name: "portable" },
  });
  const activated = { licenseKey: key.key, licenseKeyInstanceId: activation.id };
  const { valid } = await licenses.validateLicense({ validateLicenseRequest: activated });
  if (!valid) throw new Error("a fresh activation does not hold");
  await licenses.deactivateLicense({ deactivateLicenseRequest: activated });
}

main(process.argv[2], process.argv[3]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
