import { findMachineProblems, type Machine } from "../../../sandbox/tools/machine";

const fit: Machine = {
  platform: "linux",
  architecture: "x64",
  isRoot: true,
  canAdminister: true,
  missingPrograms: [],
  canOverlay: true,
  freeGibibytes: 40,
};
const instead =
  "Use a Debian machine (a virtual machine will do) as root, or point the program at a GitLab and a cluster of your own: the README says how.";

describe("findMachineProblems", () => {
  it("finds nothing wrong with a machine that fits", () => {
    expect(findMachineProblems(fit)).toEqual([]);
  });

  it.each<[string, Partial<Machine>, string]>([
    [
      "another system, and nothing that follows from it",
      { platform: "darwin", isRoot: false, missingPrograms: ["apt-get"] },
      `\`platform\` is "darwin", and the sandbox needs Linux. ${instead}`,
    ],
    [
      "a Linux without apt",
      { missingPrograms: ["apt-get", "dpkg-deb"] },
      `\`apt-get\` is missing, and the sandbox takes programs from Debian's packages. ${instead}`,
    ],
    [
      "another architecture",
      { architecture: "arm64" },
      `\`architecture\` is "arm64", and the sandbox needs x64. ${instead}`,
    ],
    [
      "a user who isn't root, and nothing that follows from it",
      { isRoot: false, canAdminister: false, canOverlay: false },
      `The user isn't root, who alone can run a Kubernetes node. Run the same with sudo. ${instead}`,
    ],
    [
      "a container's root",
      { canAdminister: false, canOverlay: false },
      "The capability `CAP_SYS_ADMIN` is missing, without which nothing can be mounted. In a container, start it with `--privileged`.",
    ],
    [
      "a kernel or disk without overlays",
      { canOverlay: false },
      "An overlay can't be mounted in the cache's folder. Load the kernel module (`modprobe overlay`), and set `SLIPWAY_CACHE` to a folder on ext4 or xfs.",
    ],
    [
      "a full disk",
      { freeGibibytes: 3.25 },
      "The cache's disk has 3.3 GiB free, and 10 GiB are needed. Make room, or set `SLIPWAY_CACHE` to a folder on another disk.",
    ],
  ])("names %s", (_name, change, problem) => {
    expect(findMachineProblems({ ...fit, ...change })).toEqual([problem]);
  });

  it("names all problems at once", () => {
    const machine = { ...fit, isRoot: false, missingPrograms: ["flock"], freeGibibytes: 0 };

    expect(findMachineProblems(machine)).toHaveLength(3);
  });
});
