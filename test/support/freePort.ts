import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Ports that neither a server on port 0 nor a connection of another test gets: the kernel gives these higher ones. */
const ports = { from: 10_000, below: 32_768 };

/** Finds a port of 127.0.0.1 for a program that has to be told one, before it starts. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(ports.from, ports.below);
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return findFreePort();
    throw error;
  }
  server.close();
  await once(server, "close");
  return port;
}
