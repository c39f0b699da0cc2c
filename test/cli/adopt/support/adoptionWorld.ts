import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { adopt, type AdoptOptions } from "../../../../cli/commands/adopt";
import { deployment, endpoints, NamespaceIo, object, service } from "./fakeNamespace";

/** Name of the stack's Deployment and Service. */
export const own = "gatsby-site-prod";

/** A project's folder, and a namespace with a site made by hand and a stack's beside it; new for each test. */
export class AdoptionWorld {
  private cwd = "";
  public io = new NamespaceIo({});

  constructor() {
    beforeEach(() => this.create());
    afterEach(() => rmSync(this.cwd, { recursive: true }));
  }

  private create(): void {
    this.cwd = mkdtempSync(join(tmpdir(), "slipway-adopt-test-"));
    writeFileSync(join(this.cwd, "Pulumi.yaml"), "name: gatsby-site\n");
    this.io = new NamespaceIo({ prod: { deployment: { resources: [siteDeployment] } } });
    this.io.live = [
      deployment("gatsby-site", { app: "gatsby-site" }, "gitlab-registry"),
      service("gatsby-site", { app: "gatsby-site" }, [{ port: 80, targetPort: 80 }]),
      deployment(own, { app: own }, "gitlab-registry-gatsby-site-prod"),
      service(own, { app: own }, [{ name: "http", port: 80, targetPort: "http" }]),
      object("Ingress", "www", { spec: { rules: [{ backend: { service: "gatsby-site" } }] } }),
      object("Secret", "gitlab-registry"),
      object("Secret", "of-others"),
      // As the cluster has them once the Service is moved.
      endpoints(own, "10.1.0.5", "10.1.0.6"),
      endpoints("gatsby-site", "10.1.0.6", "10.1.0.5"),
    ];
  }

  /** Runs `slipway adopt prod`. */
  public readonly run = (options: Partial<AdoptOptions> = {}): Promise<void> => {
    const all = {
      stack: "prod",
      deployment: "gatsby-site",
      undo: false,
      finish: false,
      yes: false,
    };
    return adopt({ cwd: this.cwd, ...all, ...options }, this.io);
  };
}

const siteDeployment = {
  urn: "urn:pulumi:prod::gatsby-site::kubernetes:apps/v1:Deployment::gatsby-site",
  type: "kubernetes:apps/v1:Deployment",
  inputs: { metadata: { name: own, namespace: "web" } },
};
