import { redactLines } from "../../../cli/commands/redact";

describe("slipway redact", () => {
  it("takes out of Pulumi's message what a plan did not have", async () => {
    // As Pulumi 3.259 printed it, with another token.
    const config = JSON.stringify({
      auths: {
        "registry.example.com:5050": { username: "u", password: "gldt-C8Y2DUCKlX0LSrxvV3Ek" },
      },
    });
    const data = Buffer.from(config).toString("base64");
    const line = `resource urn:pulumi:staging::site::kubernetes:core/v1:Secret::pull violates plan: properties changed: +-stringData[{&{output<string>{}}}], =+data[{&{{map[.dockerconfigjson:{${data}}]}}}]`;
    const printed: string[] = [];
    const lines = (async function* () {
      yield* await Promise.resolve(["Updating (staging):", line, "with s3cret-passphrase"]);
    })();
    await redactLines(
      { lines },
      {
        env: { PULUMI_CONFIG_PASSPHRASE: "s3cret-passphrase" },
        print: (text) => void printed.push(text),
      },
    );
    expect(printed).toEqual([
      "Updating (staging):",
      line.replace(data, "[secret]"),
      "with [secret]",
    ]);
  });
});
