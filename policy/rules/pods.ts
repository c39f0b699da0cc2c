import { everywhere, fromStaging, type Rule } from "../rule";
import { readEntries, readList, readPath, unknownValue, type Value } from "../values";
import { type Container, findKind, findPod, listContainers } from "../workload";

/** Label with which a namespace refuses pods. */
const enforceLabel = "pod-security.kubernetes.io/enforce";

/** Sysctls that change nothing beyond the pod. */
const safeSysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const seLinuxTypes = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];

/** A field and what it must be, such as `hostNetwork` and `false`. */
interface Problem {
  readonly field: string;
  readonly value: Value;
  readonly wanted: string;
}

/** The "restricted" Pod Security Standard. */
export const podRestricted: Rule = {
  name: "pod-restricted",
  description: 'Pods meet Kubernetes\' "restricted" Pod Security Standard.',
  remedy: "Set the field of the message; `GatsbySite` sets all of them.",
  levels: everywhere,
  findProblems: (resource) => {
    const spec = readPath(findPod(resource), "spec");
    if (spec === undefined) return [];
    return [
      ...findPodProblems(spec).map((problem) => describe("The pod's", problem)),
      ...listContainers(resource).flatMap((container) =>
        findContainerProblems(container, spec).map((problem) =>
          describe(`Container \`${container.name}\`:`, problem),
        ),
      ),
    ];
  },
};

/** Namespaces that refuse other pods. */
export const namespaceRestricted: Rule = {
  name: "namespace-restricted",
  description: 'Namespaces of the stack refuse pods that are not "restricted".',
  remedy: `Set the label \`${enforceLabel}: restricted\`.`,
  levels: fromStaging,
  findProblems: (resource) => {
    if (findKind(resource) !== "Namespace") return [];
    const label = readPath(resource.properties, "metadata", "labels", enforceLabel);
    return label === "restricted" || label === unknownValue
      ? []
      : [
          `The label \`${enforceLabel}\` is ${format(label)}: the namespace takes pods with more privileges than a site needs. Set it to "restricted".`,
        ];
  },
};

function findPodProblems(spec: Value): Problem[] {
  const context = readPath(spec, "securityContext");
  return [
    ...["hostNetwork", "hostPID", "hostIPC"].flatMap((field) =>
      expect(field, readPath(spec, field), (value) => value !== true, "false"),
    ),
    ...findSharedProblems("securityContext", context),
    ...readList(context, "sysctls").flatMap((sysctl) =>
      expect(
        "securityContext.sysctls",
        readPath(sysctl, "name"),
        (name) => typeof name === "string" && safeSysctls.includes(name),
        "a safe sysctl",
      ),
    ),
    ...readList(spec, "volumes").flatMap((volume) =>
      readEntries(volume)
        .filter(([key, value]) => key !== "name" && value !== undefined && value !== null)
        .flatMap(([type]) =>
          expect("volumes", type, () => volumeTypes.includes(type), "one that is not of the node"),
        ),
    ),
  ];
}

function findContainerProblems({ spec: container }: Container, pod: Value): Problem[] {
  const own = readPath(container, "securityContext");
  const read = (...path: string[]): Value => readPath(own, ...path);
  /** A container's own value, or else its pod's. */
  const inherit = (...path: string[]): Value =>
    read(...path) ?? readPath(pod, "securityContext", ...path);
  const field = (name: string): string => `securityContext.${name}`;
  const drops = read("capabilities", "drop");
  return [
    ...expect(field("privileged"), read("privileged"), (value) => value !== true, "false"),
    ...expect(
      field("allowPrivilegeEscalation"),
      read("allowPrivilegeEscalation"),
      (value) => value === false,
      "false",
    ),
    ...expect(field("runAsNonRoot"), inherit("runAsNonRoot"), (value) => value === true, "true"),
    ...expect(
      field("seccompProfile.type"),
      inherit("seccompProfile", "type"),
      (value) => value === "RuntimeDefault" || value === "Localhost",
      '"RuntimeDefault"',
    ),
    ...expect(
      field("capabilities.drop"),
      drops,
      () => readList(drops).some((name) => name === "ALL" || name === unknownValue),
      '["ALL"]',
    ),
    ...readList(own, "capabilities", "add").flatMap((name) =>
      expect(
        field("capabilities.add"),
        name,
        (value) => value === "NET_BIND_SERVICE",
        '"NET_BIND_SERVICE" at most',
      ),
    ),
    ...expect(
      field("procMount"),
      read("procMount"),
      (value) => value === undefined || value === "Default",
      '"Default"',
    ),
    ...findSharedProblems("securityContext", own),
    ...readList(container, "ports").flatMap((port) =>
      expect("ports.hostPort", readPath(port, "hostPort"), (value) => !value, "not set"),
    ),
    ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
      ["httpGet", "tcpSocket"].flatMap((kind) =>
        expect(
          `${probe}.${kind}.host`,
          readPath(container, probe, kind, "host"),
          (value) => !value,
          "not set",
        ),
      ),
    ),
  ];
}

/** Fields that pods and containers have. */
function findSharedProblems(prefix: string, context: Value): Problem[] {
  return [
    ...expect(
      `${prefix}.runAsUser`,
      readPath(context, "runAsUser"),
      (value) => value !== 0,
      "another user than root",
    ),
    ...expect(
      `${prefix}.appArmorProfile.type`,
      readPath(context, "appArmorProfile", "type"),
      (value) => value !== "Unconfined",
      '"RuntimeDefault"',
    ),
    ...expect(
      `${prefix}.seccompProfile.type`,
      readPath(context, "seccompProfile", "type"),
      (value) => value !== "Unconfined",
      '"RuntimeDefault"',
    ),
    ...expect(
      `${prefix}.windowsOptions.hostProcess`,
      readPath(context, "windowsOptions", "hostProcess"),
      (value) => value !== true,
      "false",
    ),
    ...expect(
      `${prefix}.seLinuxOptions.type`,
      readPath(context, "seLinuxOptions", "type"),
      (value) => !value || (typeof value === "string" && seLinuxTypes.includes(value)),
      "a type of containers",
    ),
    ...["user", "role"].flatMap((name) =>
      expect(
        `${prefix}.seLinuxOptions.${name}`,
        readPath(context, "seLinuxOptions", name),
        (value) => !value,
        "not set",
      ),
    ),
  ];
}

/** What is unknown is checked in the update. */
function expect(
  field: string,
  value: Value,
  isRight: (value: Value) => boolean,
  wanted: string,
): Problem[] {
  return value === unknownValue || isRight(value) ? [] : [{ field, value, wanted }];
}

function describe(subject: string, { field, value, wanted }: Problem): string {
  return `${subject} \`${field}\` is ${format(value)}, which "restricted" pods must not have. It must be ${wanted}.`;
}

function format(value: Value): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "symbol" ? "unknown" : JSON.stringify(value);
}
