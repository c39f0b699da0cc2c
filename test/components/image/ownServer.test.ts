import * as fs from "node:fs";

import { createImage, inImageProgram } from "../../support/siteImage";

const program = inImageProgram();

describe("An image that ends in the official nginx", () => {
  const write = (...lines: string[]): void =>
    fs.writeFileSync("site/Dockerfile", `FROM node:18 AS builder\n${lines.join("\n")}\n`);

  it.each(["FROM nginx:alpine", "from --platform=linux/amd64 docker.io/library/nginx AS web"])(
    "is refused for pods that are not its own: %s",
    async (from) => {
      write(from, "COPY --from=builder /app/public /usr/share/nginx/html", "EXPOSE 80");
      await expect(createImage(program, { isServerChecked: true })).rejects.toThrow(
        "`site/Dockerfile` ends in the official nginx with its own configuration, with which no pod would start. Let the pods give it what it needs: `pulumi config set webServer image` and `pulumi config set containerPort 80`. Or use Slipway's Dockerfile: `npx slipway init --dockerfile slipway`.",
      );
    },
  );

  it.each([
    ["FROM nginx:alpine", "COPY nginx.conf /etc/nginx/nginx.conf"],
    ["FROM nginx:alpine", "COPY rootfs/ /"],
    ["FROM nginx:alpine", 'COPY ["nginx", "/etc/nginx/"]'],
    ["FROM nginx:alpine", "RUN sed -i s,/run,/tmp, \\", "  /etc/nginx/nginx.conf"],
    ["FROM nginxinc/nginx-unprivileged:alpine"],
    ["FROM registry.example.com/nginx:1"],
  ])("is built if it may have another configuration: %s %s", async (...lines) => {
    write(...lines);
    await expect(createImage(program, { isServerChecked: true })).resolves.toBeDefined();
  });

  it("is built for pods of its own", async () => {
    write("FROM nginx:alpine");
    await expect(createImage(program, { isServerChecked: false })).resolves.toBeDefined();
  });
});
