import { requiresPullSecret } from "../../../components/registry/pullAccess";

describe("requiresPullSecret", () => {
  it.each([
    ["public", "enabled", false],
    ["public", "private", true],
    ["internal", "enabled", true],
    ["private", "enabled", true],
    ["private", "private", true],
    // What GitLab keeps from a caller counts as closed.
    ["", "", true],
  ])("of a %s project whose registry is %s", (visibilityLevel, level, needed) => {
    const project = { visibilityLevel, containerRegistryAccessLevel: level };
    expect(requiresPullSecret(project)).toBe(needed);
  });
});
