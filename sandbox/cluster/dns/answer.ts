import type { Answer, Packet } from "dns-packet";

/** The cluster's domain; the names of Services end with it. */
export const clusterDomain = "cluster.local";

const answerSeconds = 5;

/** The names that the DNS server knows, and their addresses. */
export interface Names {
  /**
   * Returns the Service's cluster IP, or its pods' addresses if it has none; `undefined` if there is no such Service.
   */
  readonly findService: (name: string, namespace: string) => Promise<readonly string[] | undefined>;

  /** Addresses of names outside the cluster, in lower case. */
  readonly hosts: ReadonlyMap<string, string>;
}

/**
 * Answers a query as the DNS server of a cluster does: with the addresses of
 * `<service>.<namespace>.svc.cluster.local` and of the known hosts. It answers that any other name does not exist.
 *
 * @see https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */
export async function answerQuery(query: Packet, names: Names): Promise<Packet> {
  const [question] = query.questions ?? [];
  const reply = { type: "response", id: query.id, questions: query.questions } as const;
  if (question === undefined) return { ...reply, flags: responseFlags("FORMERR") };

  const addresses = await findAddresses(question.name.toLowerCase(), names);
  if (addresses === undefined) return { ...reply, flags: responseFlags("NXDOMAIN") };
  // A name that exists has an empty answer for other types, such as AAAA.
  const isAsked = question.type === "A";
  const answers = isAsked
    ? addresses.map((data): Answer => ({
        type: "A",
        name: question.name,
        ttl: answerSeconds,
        data,
      }))
    : [];
  return { ...reply, flags: responseFlags("NOERROR"), answers };
}

async function findAddresses(
  name: string,
  { findService, hosts }: Names,
): Promise<readonly string[] | undefined> {
  const host = hosts.get(name);
  if (host !== undefined) return [host];
  const suffix = `.svc.${clusterDomain}`;
  if (!name.endsWith(suffix)) return undefined;
  const [service, namespace, ...more] = name.slice(0, -suffix.length).split(".");
  return namespace === undefined || more.length > 0 ? undefined : findService(service, namespace);
}

const codes = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3 } as const;

/**
 * Flags of a response: authoritative, recursion available, and the code. The library keeps the code in the flags'
 * last four bits.
 */
function responseFlags(code: keyof typeof codes): number {
  return 0x0480 | codes[code];
}
