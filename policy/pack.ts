import { PolicyPack } from "@pulumi/policy";

import { createPolicies } from "./index";

/* What Pulumi starts. Importing this file serves the policies, so that no other file does. */

new PolicyPack("slipway", {
  description: "What no Slipway stack may do, stricter by tier",
  policies: createPolicies(),
});
