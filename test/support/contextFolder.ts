import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A repository whose top folder is a build's context, with the program in `deploy/`. */
export interface ContextFolder {
  /** Absolute path of the top folder. */
  root: string;
  /** Writes a file, by its path below the top folder. */
  readonly write: (file: string, content?: string) => void;
}

/** The context as the program names it. */
export const context = { directory: "..", dockerfile: "../Dockerfile" };

/** Runs the tests of a file in the program's folder of such a repository, each with its own. */
export function inContextFolder(): ContextFolder {
  const home = process.cwd();
  const folder: ContextFolder = {
    root: "",
    write: (file, content = "") => {
      const target = path.join(folder.root, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, content);
    },
  };

  beforeEach(() => {
    folder.root = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-context-"));
    folder.write("deploy/Pulumi.yaml");
    folder.write("src/pages/index.js");
    folder.write("Dockerfile");
    process.chdir(path.join(folder.root, "deploy"));
  });

  afterEach(() => {
    process.chdir(home);
    fs.rmSync(folder.root, { recursive: true });
  });

  return folder;
}
