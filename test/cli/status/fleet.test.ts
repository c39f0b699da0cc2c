import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { collectOverview } from "../../../cli/status/collect";
import { FakeIo, type FakeStack } from "../../support/cli";
import { createStack, listObjects } from "./support/stacks";

const digest = `sha256:${"a".repeat(64)}`;
const names = Array.from({ length: 50 }, (_, index) => `shop-${index}`);
/** Each answer takes so long that the others who ask at the same time are seen. */
const answerMs = 20;

/** The most questions that wait for their answers at the same time. */
class Crowd {
  public most = 0;
  public all = 0;
  private waiting = 0;

  public async answer<T>(give: () => T | Promise<T>): Promise<T> {
    this.all += 1;
    this.waiting += 1;
    this.most = Math.max(this.most, this.waiting);
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    this.waiting -= 1;
    return give();
  }
}

/** GitLab with one project, in which each stack has its environment. */
function answerGitLab(url: string): unknown {
  if (/\/repositories\?/.test(url)) return [{ id: 1, path: "web/gatsby-site", status: null }];
  if (/\/environments\?/.test(url)) return names.map((name, index) => ({ id: index + 1, name }));
  if (/\/tags\//.test(url)) return { name: url.split("/").at(-1), digest };
  return { last_deployment: { user: { name: "Ann" } } };
}

describe("slipway status on fifty stacks", () => {
  const gitlab = new Crowd();
  let server: Server;
  let cwd: string;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "slipway-fleet-"));
    writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
    server = createServer((request, response) => {
      void gitlab.answer(() => {
        const body = JSON.stringify(answerGitLab(request.url ?? ""));
        response.writeHead(200, { "content-type": "application/json" }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(cwd, { recursive: true });
  });

  it("asks side by side, the cluster once, and shows all", async () => {
    const { port } = server.address() as AddressInfo;
    const config = {
      "gatsby-site:project": { value: "web/gatsby-site" },
      "gitlab:baseUrl": { value: `http://127.0.0.1:${port}/api/v4/` },
    };
    const running = names.map((stack) => ({
      stack,
      repository: "registry.test/web/gatsby-site",
      digest,
      environment: { "exec.agent": "slipway/ann@laptop" },
    }));
    const stacks = running.map((one): [string, FakeStack] => {
      const stack = createStack(one);
      return [
        one.stack,
        { ...stack, history: stack.history?.map((last) => ({ ...last, config })) },
      ];
    });
    const io = new FakeIo(Object.fromEntries(stacks));
    io.env = { GITLAB_TOKEN: "glpat-of-the-test" };
    io.objects = listObjects(running);
    const programs: Record<string, Crowd> = { pulumi: new Crowd(), kubectl: new Crowd() };
    const capture = io.capture.bind(io);
    io.capture = (program, args) =>
      programs[program]?.answer(() => capture(program, args)) ?? capture(program, args);

    const overview = await collectOverview({ cwd, named: [] }, io);

    expect(overview.stacks.map(({ stack }) => stack).sort()).toEqual([...names].sort());
    expect(overview.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(new Set(overview.stacks.map(({ deployed }) => deployed?.by))).toEqual(
      new Set(["ann@laptop"]),
    );
    expect(new Set(overview.stacks.map(({ pods }) => pods?.ready))).toEqual(new Set([1]));
    // Two processes for a stack, four stacks at a time: fifty take as long as thirteen.
    expect(programs.pulumi).toMatchObject({ most: 8, all: 102 });
    expect(programs.kubectl).toMatchObject({ most: 2, all: 2 });
    // Eight stacks at a time, with a few requests each; what they have in common is asked once.
    expect(gitlab.most).toBeGreaterThanOrEqual(8);
    expect(gitlab.all).toBeLessThanOrEqual(4 * names.length + 2);
  });
});
