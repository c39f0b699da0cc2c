import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Instance } from "../../../sandbox/host/instance";
import {
  findService,
  startService,
  stopService,
  type Service,
} from "../../../sandbox/host/processes";

let instance: Instance;

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "processes-"));
  instance = {
    name: "unit",
    root,
    id: "000000",
    label: "slipway-000000",
    run: root,
    addresses: { host: "", node: "", prefix: 30, services: "", pods: "" },
  };
});

afterEach(async () => {
  await stopService(instance, "server");
  rmSync(instance.root, { recursive: true });
});

/** A program that says hello, then waits for the end. */
function server(script = "echo hello; exec sleep 60", ready = /hello/): Service {
  return {
    name: "server",
    command: ["sh", "-c", script],
    readyWithinSeconds: 5,
    ready: () =>
      Promise.resolve(ready.test(readFileSync(join(instance.root, "log", "server.log"), "utf8"))),
  };
}

describe("startService", () => {
  it("starts a program, and keeps it the next time", async () => {
    expect(await startService(instance, server())).toBe("started");
    const pid = findService(instance, "server");
    expect(await startService(instance, server())).toBe("kept");
    expect(findService(instance, "server")).toBe(pid);
  });

  it("starts it again when its command has changed", async () => {
    await startService(instance, server());
    const pid = findService(instance, "server");
    expect(await startService(instance, server("echo hello again; exec sleep 60"))).toBe("started");
    expect(findService(instance, "server")).not.toBe(pid);
  });

  it("starts it again when a file that it reads has changed", async () => {
    const file = join(instance.root, "configuration");
    writeFileSync(file, "one");
    const service = { ...server(), reads: [file] };
    await startService(instance, service);
    expect(await startService(instance, service)).toBe("kept");
    writeFileSync(file, "two");
    expect(await startService(instance, service)).toBe("started");
  });

  it("takes another process of the same number for another process", async () => {
    await startService(instance, server());
    const record = join(instance.root, "services", "server.json");
    const running = JSON.parse(readFileSync(record, "utf8")) as object;
    await stopService(instance, "server");
    mkdirSync(join(instance.root, "services"), { recursive: true });
    writeFileSync(record, JSON.stringify({ ...running, pid: process.pid }));
    expect(findService(instance, "server")).toBeUndefined();
  });

  it("takes a record that was cut off for none", async () => {
    mkdirSync(join(instance.root, "services"));
    writeFileSync(join(instance.root, "services", "server.json"), '{"pid":');
    expect(await startService(instance, server())).toBe("started");
  });

  it("names a program that ends, with the end of its log", async () => {
    const lines = "i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; exit 3";
    const error = await startService(instance, server(lines, /never/)).catch(String);
    expect(error).toContain("Service `server` ended before it was ready.");
    expect(error).toContain("  line 29\n");
    expect(error).not.toContain("  line 9\n");
  });

  it("names a program that doesn't get ready, with what was last wrong", async () => {
    const service: Service = {
      ...server(),
      readyWithinSeconds: 0.5,
      ready: () => Promise.reject(new Error("connection refused")),
    };
    await expect(startService(instance, service)).rejects.toThrow(
      "Service `server` was not ready within 0.5 seconds (connection refused).",
    );
  });
});

describe("stopService", () => {
  it("ends the program and forgets it", async () => {
    await startService(instance, server());
    await stopService(instance, "server");
    expect(findService(instance, "server")).toBeUndefined();
  });

  it("does nothing when nothing was started", async () => {
    await expect(stopService(instance, "server")).resolves.toBeUndefined();
  });
});
