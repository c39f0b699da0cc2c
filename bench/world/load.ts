import { run } from "./sandbox";
import { findTool } from "./tools";

/** What a server did under load. */
export interface Load {
  readonly requestsPerSecond: number;
  /** 99 of 100 requests were answered in this time. */
  readonly p99Milliseconds: number;
}

const seconds = 8;
const connections = 32;

/** Asks a server for its first page for some seconds, as fast as it answers, and as a browser asks. */
export async function measureLoad(url: string): Promise<Load> {
  const output = await run([
    ...([await findTool("wrk"), "--latency", "--threads", "1"] as const),
    ...["--connections", String(connections), "--duration", `${seconds}s`],
    ...["--header", "Accept-Encoding: gzip", `${url}/`],
  ]);
  return parseLoad(output);
}

const milliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

/**
 * Reads what `wrk` prints.
 *
 * @throws Error if requests failed: a server that refuses is fast
 */
export function parseLoad(output: string): Load {
  const [, rate] = /^Requests\/sec:\s+([\d.]+)$/m.exec(output) ?? [];
  const [, p99, unit = ""] = /^\s+99%\s+([\d.]+)(us|ms|s)$/m.exec(output) ?? [];
  const [failed] = /^\s*(Non-2xx or 3xx responses|Socket errors): .*$/m.exec(output) ?? [];
  if (rate === undefined || p99 === undefined || failed !== undefined) {
    throw new Error(failed?.trim() ?? `\`wrk\` printed no result:\n${output}`);
  }
  return { requestsPerSecond: Number(rate), p99Milliseconds: Number(p99) * milliseconds[unit] };
}
