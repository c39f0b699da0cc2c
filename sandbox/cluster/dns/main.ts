import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { decode, encode } from "dns-packet";
import { Agent, request } from "undici";

import { answerQuery, type Names } from "./answer";

/**
 * The cluster's DNS server. Options: `--listen` (address, port 53), `--server` (the API server), `--authority`,
 * `--certificate` and `--key` (to connect to it), and one `--host name=address` for each name outside the cluster.
 */
const { values: options } = parseArgs({
  options: {
    listen: { type: "string", default: "" },
    server: { type: "string", default: "" },
    authority: { type: "string", default: "" },
    certificate: { type: "string", default: "" },
    key: { type: "string", default: "" },
    host: { type: "string", multiple: true, default: [] },
  },
});

interface List<T> {
  readonly items: readonly T[];
}

const dispatcher = new Agent({
  connect: {
    ca: readFileSync(options.authority),
    cert: readFileSync(options.certificate),
    key: readFileSync(options.key),
  },
});

async function list<T>(namespace: string, kind: string, name: string): Promise<readonly T[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kind}`;
  const selector = encodeURIComponent(`metadata.name=${name}`);
  const { body } = await request(`${options.server}${path}?fieldSelector=${selector}`, {
    dispatcher,
  });
  return ((await body.json()) as List<T>).items;
}

const names: Names = {
  hosts: new Map(options.host.map((entry) => entry.split("=") as [string, string])),
  findService: async (name, namespace) => {
    const [service] = await list<{ spec: { clusterIP?: string } }>(namespace, "services", name);
    if (service?.spec.clusterIP !== "None") {
      return service && [service.spec.clusterIP ?? ""].filter(Boolean);
    }
    const [endpoints] = await list<{ subsets?: { addresses?: { ip: string }[] }[] }>(
      namespace,
      "endpoints",
      name,
    );
    return (endpoints?.subsets ?? []).flatMap(({ addresses = [] }) =>
      addresses.map(({ ip }) => ip),
    );
  },
};

const socket = createSocket("udp4");
socket.on("message", (message, client) => {
  void (async () => {
    try {
      const reply = encode(await answerQuery(decode(message), names));
      socket.send(reply, client.port, client.address);
    } catch (error) {
      // A client that gets no reply asks again.
      console.error(error);
    }
  })();
});
socket.bind(53, options.listen);
