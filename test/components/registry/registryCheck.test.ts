import * as pulumi from "@pulumi/pulumi";

import { createRegistryClient } from "../../../components/registry/registryCheck";

const repository = "gitlab.example.com:5050/web/gatsby-site";

/** What the engine returns for a resource that `--target` leaves out. */
const { unknown } = pulumi as unknown as { readonly unknown: string };

describe("createRegistryClient", () => {
  it("waits for the credentials", async () => {
    const password = pulumi.output(Promise.resolve("gldt-1"));
    const client = await createRegistryClient({ repository, username: "reader", password });
    expect(client.repository).toBe(repository);
  });

  it("does not wait for ever for credentials that the update does not create", async () => {
    const source = { repository, username: "reader", password: unknown };
    await expect(createRegistryClient(source)).rejects.toMatchObject({
      message: `\`${repository}\` can't be read, because this update does not create the deploy tokens for it: \`--target\` leaves them out. Run the update without \`--target\`, or add \`--target '**slipway:index:RegistryAccess$**'\`.`,
    });
  });
});
