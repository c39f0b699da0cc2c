import { readFileSync } from "node:fs";

import { commands, readRecording, replaceRecording, shorten } from "./recording";

const readme = readFileSync("README.md", "utf8");

describe("the README's recording", () => {
  it("has the commands that are recorded, and lines as the recording shortens them", () => {
    const lines = readRecording(readme).split("\n");
    expect(lines.filter((line) => line.startsWith("$ "))).toEqual(
      commands.map((command) => `$ ${command}`),
    );
    const printed = lines.filter((line) => !line.startsWith("$ ") && line !== "");
    expect(shorten(printed.join("\n"))).toEqual(printed);
    expect(printed.length).toBeGreaterThan(10);
  });

  it("is replaced as a whole, and nothing else", () => {
    const replaced = replaceRecording(readme, "$ make up\nsite: http://10.0.0.1 $&");
    expect(readRecording(replaced)).toBe("$ make up\nsite: http://10.0.0.1 $&");
    expect(replaceRecording(replaced, readRecording(readme))).toBe(readme);
  });

  it("keeps what tells how far it is, with short digests", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const output = [
      "❯ Node",
      "✔ Node",
      "@ updating....",
      " +  docker-build:index:Image site-image creating (3s) #17 npm warn",
      " +  docker-build:index:Image site-image created (52s) #28 sending cache export 2.6s done",
      `    digest            : "${digest}"`,
      "Took: image 52 s.",
      `\`staging\` runs ${digest}.`,
    ].join("\n");
    expect(shorten(output)).toEqual([
      "✔ Node",
      " +  docker-build:index:Image site-image created (52s)",
      "Took: image 52 s.",
      "`staging` runs sha256:aaaaaaaa….",
    ]);
  });
});
