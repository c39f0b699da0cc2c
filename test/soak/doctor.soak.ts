import { createCheckout, make, shell } from "../e2e/support/checkout";
import { testAccess } from "./doctor/access";
import { testCluster } from "./doctor/cluster";
import { testDeployment } from "./doctor/deployment";
import { testGitLab } from "./doctor/gitlabFaults";
import { testImage } from "./doctor/image";
import { testNetwork } from "./doctor/network";
import { testPlatform } from "./doctor/platform";
import { testPullSecret } from "./doctor/pullSecret";
import { testServer } from "./doctor/server";
import { testState } from "./doctor/state";
import { testTls } from "./doctor/tls";
import { DoctorWorld } from "./doctor/world";

const minuteMs = 60_000;

/* Each fault is brought about for real, in the sandbox and its stack `dev`, and ended again. */

const world = new DoctorWorld();

beforeAll(async () => {
  createCheckout();
  await make("up");
  await world.open();
}, 60 * minuteMs);

afterAll(async () => {
  await world.close();
  await shell("make down");
}, 15 * minuteMs);

describe("slipway doctor: the network", () => {
  testNetwork();
});
describe("slipway doctor: TLS", () => {
  testTls();
});
describe("slipway doctor: what answers at the registry's address", () => {
  testServer();
});
describe("slipway doctor: GitLab", () => {
  testGitLab(world);
});
describe("slipway doctor: credentials", () => {
  testAccess(world);
});
describe("slipway doctor: the image", () => {
  testImage(world);
});
describe("slipway doctor: the platform", () => {
  testPlatform(world);
});
describe("slipway doctor: the cluster", () => {
  testCluster();
});
describe("slipway doctor: the pull secret", () => {
  testPullSecret();
});
describe("slipway doctor: the pods", () => {
  testDeployment(world);
});
describe("slipway doctor: the state", () => {
  testState();
});
