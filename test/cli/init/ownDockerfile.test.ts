import { findDockerfile } from "../../../cli/init/ownDockerfile";
import { openRepository } from "../../../cli/init/repository";
import { Shape } from "./support/shape";

let shape: Shape;

afterEach(() => shape.remove());

function find(...lines: string[]) {
  shape = new Shape({ Dockerfile: `${lines.join("\n")}\n` });
  return findDockerfile(openRepository(shape.repository.folder), "web");
}

describe("findDockerfile", () => {
  it("reads the first port of the last stage, and the Node of the first", () => {
    expect(
      find("FROM node:18-alpine AS builder", "EXPOSE 9000", "FROM scratch", "EXPOSE 8081/tcp 8082"),
    ).toEqual({ file: "Dockerfile", port: 8081, nodeMajor: 18, isOurs: false });
  });

  it.each([
    ["FROM nginx:alpine", 80],
    ["FROM --platform=$BUILDPLATFORM docker.io/library/nginx@sha256:0123", 80],
    ["from docker.io/nginxinc/nginx-unprivileged:1.29", 8080],
    ["FROM caddy:2-alpine AS web", 80],
    ["FROM registry.example.com/nginx:1", undefined],
  ])("knows the port of %s", (from, port) => {
    expect(find(from)?.port).toBe(port);
  });

  it.each([
    [["FROM nginx", "USER nginx"], 101],
    [["FROM nginx", "USER root", "USER 1001:0"], 1001],
    [["FROM node:20", "USER node"], 1000],
    [["FROM nginx", "USER 101", "USER root"], undefined],
    [["FROM nginx", "USER web"], undefined],
  ])("finds the number of the user of %j", (lines, id) => {
    expect(find(...lines)?.userId).toBe(id);
  });
});
