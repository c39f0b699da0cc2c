import * as pulumi from "@pulumi/pulumi";

const values = new pulumi.Config("gitlab");

/** The stack's `gitlab:*` configuration, read when it is asked for. */
export const config = {
  get baseUrl(): string | undefined {
    return values.get("baseUrl");
  },
  get cacertFile(): string | undefined {
    return values.get("cacertFile");
  },
  get clientCert(): string | undefined {
    return values.get("clientCert");
  },
  get clientKey(): string | undefined {
    return values.get("clientKey");
  },
  get configFile(): string | undefined {
    return values.get("configFile");
  },
  get context(): string | undefined {
    return values.get("context");
  },
  get earlyAuthCheck(): boolean | undefined {
    return values.getBoolean("earlyAuthCheck");
  },
  get enableAutoCiSupport(): boolean | undefined {
    return values.getBoolean("enableAutoCiSupport");
  },
  get headers(): Record<string, string> | undefined {
    return values.getObject("headers");
  },
  get insecure(): boolean | undefined {
    return values.getBoolean("insecure");
  },
  get retries(): number | undefined {
    return values.getNumber("retries");
  },
  get token(): string | undefined {
    return values.get("token");
  },
};
