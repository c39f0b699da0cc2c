import { buildkitMessages } from "./buildkit";
import { clusterMessages } from "./cluster";
import type { KnownMessage } from "./message";
import { networkMessages } from "./network";
import { nginxMessages } from "./nginx";
import { packageMessages } from "./packages";
import { podMessages } from "./pods";
import { registryMessages } from "./registry";
import { siteMessages } from "./site";
import { tlsMessages } from "./tls";

/** Messages of one subject. */
export interface MessageGroup {
  readonly title: string;
  readonly messages: readonly KnownMessage[];
}

/** Messages in the log of a failed build, in the order in which a log is searched for them. */
export const buildMessages: readonly KnownMessage[] = [...packageMessages, ...siteMessages];

/** Every explained message, by subject. docs/messages.md is written from it. */
export const messageGroups: readonly MessageGroup[] = [
  { title: "Network", messages: networkMessages },
  { title: "TLS", messages: tlsMessages },
  { title: "Registry", messages: registryMessages },
  { title: "Pods", messages: podMessages },
  { title: "Cluster", messages: clusterMessages },
  { title: "nginx", messages: nginxMessages },
  { title: "Build", messages: buildkitMessages },
  { title: "Packages", messages: packageMessages },
  { title: "Gatsby and Node.js", messages: siteMessages },
];
