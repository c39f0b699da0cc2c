import { rmSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { ended, FakeIo } from "../../support/cli";
import { b, folder, prod, run, staging } from "../support/promotion";

beforeEach(folder.create);
afterEach(folder.remove);

describe("slipway promote that does not get to its end", () => {
  it("says what remains when the update fails", async () => {
    const io = new FakeIo({ staging, prod });
    io.updates = [ended(255)];

    await expect(run(io)).rejects.toThrow(
      new UserError(
        "The update of `prod` failed; the reason is above. `Pulumi.prod.yaml` is set to the new release already: run this again, or go back with `npx slipway rollback prod`.",
      ),
    );
  });

  it("recovers from a killed promotion, and finishes it", async () => {
    const urn = "urn:pulumi:prod::gatsby-site::kubernetes:core/v1:Namespace::site";
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "site-prod" } };
    const deployment = {
      manifest: { time: "2026-11-28T08:00:30Z" },
      resources: [{ urn: "", type: "pulumi:pulumi:Stack", created: "2026-11-28T08:00:00Z" }],
      pending_operations: [
        {
          type: "creating",
          resource: { urn, type: "kubernetes:core/v1:Namespace", inputs: namespace },
        },
      ],
    };
    const io = new FakeIo({ staging, prod: { ...prod, deployment } });
    io.objects = {
      "Namespace.v1. site-prod": {
        metadata: {
          creationTimestamp: "2026-11-28T08:00:10Z",
          managedFields: [{ manager: "pulumi-kubernetes" }],
        },
      },
    };
    await run(io);
    expect(io.streamed.map((line) => line.split(" ", 2).join(" "))).toEqual([
      "pulumi import",
      "pulumi refresh",
      "pulumi up",
    ]);
    expect(io.printed.at(-1)).toBe(`\`prod\` runs ${b}.`);
  });

  it("says who holds the lock, and what remains", async () => {
    const io = new FakeIo({ staging, prod });
    io.updates = [
      ended(
        255,
        "",
        "error: the stack is currently locked by 1 lock(s).\n  s3://state/.pulumi/locks/organization/gatsby-site/prod/a.json: created by root@build (pid 7) at 2026-11-28T08:00:00Z",
      ),
    ];

    await expect(run(io)).rejects.toThrow(
      /^`prod` is locked:\n {2}by root@build, process 7, .*\n {4}pulumi cancel --yes --stack prod\n`Pulumi\.prod\.yaml` is set to the new release already: /s,
    );
  });

  it("hands on what Pulumi says", async () => {
    const io = new FakeIo({ staging, prod });
    io.capture = () => Promise.resolve(ended(255, "", "error: the backend is away\nsince noon\n"));

    await expect(run(io)).rejects.toThrow(
      new UserError(
        "`pulumi stack output --json --stack staging` failed:\n  the backend is away\n  since noon",
      ),
    );
  });

  it("wants to be run in a project", async () => {
    rmSync(join(folder.path, "Pulumi.yaml"));
    await expect(run(new FakeIo({}))).rejects.toThrow(
      new UserError(
        `There is no \`${join(folder.path, "Pulumi.yaml")}\`. Run this in the project's folder, or name it with \`--cwd\`.`,
      ),
    );
  });
});
