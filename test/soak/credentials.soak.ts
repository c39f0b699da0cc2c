import { createCheckout, make, shell } from "../e2e/support/checkout";
import { testAuthority } from "./credentials/authority";
import { testEnd } from "./credentials/end";
import { testExisting } from "./credentials/existing";
import { testForcedRotation } from "./credentials/forcedRotation";
import { testOpenProject } from "./credentials/openProject";
import { testOrphans } from "./credentials/orphans";
import { testSharedNamespace } from "./credentials/sharedNamespace";
import { World } from "./credentials/world";

const minuteMs = 60_000;

/* Each part has stacks of its own. All run the release of `dev`, so that there is one build. */

const world = new World();

beforeAll(async () => {
  createCheckout();
  await make("up");
  await world.open();
}, 60 * minuteMs);

afterAll(async () => {
  await world.close();
  await shell("make down");
}, 15 * minuteMs);

describe("a company's CA", () => {
  testAuthority(world);
});
describe("credentials that exist already", () => {
  testExisting(world);
});
describe("rotations that somebody asks for", () => {
  testForcedRotation(world);
});
describe("a project that everybody may see", () => {
  testOpenProject(world);
});
describe("a namespace that others use too", () => {
  testSharedNamespace(world);
});
describe("slipway tokens", () => {
  testOrphans(world);
});
describe("tokens that are dead", () => {
  testEnd(world);
});
