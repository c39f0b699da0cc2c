import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GatsbySite } from "../../../components/index";

const config = new pulumi.Config();
const image = config.require("image");
const cluster = new k8s.Provider("cluster", { enableSecretMutable: true });
const pullSecret = {
  registry: image.slice(0, image.indexOf("/")),
  username: "bench",
  password: pulumi.secret(process.env.GITLAB_TOKEN ?? ""),
};

for (let index = 1; index <= config.requireNumber("count"); index++) {
  new GatsbySite(
    `site-${index}`,
    {
      image,
      pullSecret,
      replicas: 1,
      labels: { bench: "sites" },
      annotations: { "bench/round": config.require("round") },
    },
    { providers: [cluster] },
  );
}
