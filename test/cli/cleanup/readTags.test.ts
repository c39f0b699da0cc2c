import { readTags } from "../../../cli/cleanup/readTags";
import type { TagInfo } from "../../../cli/gitlab/containerRegistry";
import { Terminal } from "../../../cli/terminal";
import { Screen } from "../progress/support/screen";

const repositories = [
  { id: 1, path: "web/site", status: null },
  { id: 2, path: "web/site/cache", status: null },
];
const tag: TagInfo = { name: "main", digest: "sha256:1", createdAt: undefined };

/** A registry that calls back as often as told for each repository, and then fails or answers. */
const registry = (onRead: () => Promise<void>, error?: Error) => ({
  listRepositories: () => Promise.resolve(repositories),
  listTags: async (_: object, show: (read: number, all: number) => void = () => undefined) => {
    for (const read of [1, 2]) {
      show(read, 1200);
      await onRead();
    }
    if (error) throw error;
    return [tag];
  },
});

describe("readTags", () => {
  it("shows in a terminal which tags it reads and how many are read, and nothing in the end", async () => {
    const screen = new Screen();
    const shown: string[] = [];
    const look = async (): Promise<void> => void shown.push(await screen.read());
    const tags = await readTags(registry(look), new Terminal(screen, false));

    expect(shown.map((line) => line.replace(/\d+ s$/, "<time>"))).toEqual([
      "Reading the tags of web/site: 1 of 1200, <time>",
      "Reading the tags of web/site: 2 of 1200, <time>",
      "Reading the tags of web/site/cache: 1 of 1200, <time>",
      "Reading the tags of web/site/cache: 2 of 1200, <time>",
    ]);
    expect(await screen.read()).toBe("");
    expect(tags).toEqual(new Map(repositories.map(({ path }) => [path, [tag]])));
  });

  it("leaves the terminal clean when GitLab fails", async () => {
    const screen = new Screen();
    const failing = registry(() => Promise.resolve(), new Error("gone"));
    await expect(readTags(failing, new Terminal(screen, false))).rejects.toThrow("gone");
    expect(await screen.read()).toBe("");
  });

  it("cuts what is wider than the terminal", async () => {
    const screen = new Screen({ columns: 20 });
    let shown = "";
    const look = async (): Promise<void> => void (shown = await screen.read());
    await readTags(registry(look), new Terminal(screen, false));
    expect(shown).toBe("Reading the tags ..");
  });

  it("reads them without a terminal too", async () => {
    const tags = await readTags(
      registry(() => Promise.resolve()),
      undefined,
    );
    expect(tags.size).toBe(2);
  });
});
