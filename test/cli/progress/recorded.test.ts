import { open as openPlayer, type PlayerArgs, readRecording, screen } from "./support/player";

const open = (name: string, args: Partial<PlayerArgs> = {}) =>
  openPlayer({ events: readRecording(name), ...args });

describe("the page of an update that builds", () => {
  it("shows what is to come, the step of the build that runs, and at its end all times", async () => {
    const player = open("edit");
    expect(await player.play(0)).toBe(
      screen(
        "Updating dev, 0 s: starting the program",
        "     deploy tokens",
        "     image",
        "     push",
        "     tags",
        "     cluster",
        "     pods",
      ),
    );
    expect(await player.play(12_000)).toBe(
      screen(
        "Updating dev, 12 s",
        "ok   deploy tokens         3 unchanged",
        "...  image          9 s    builder 9/11: npm run build",
        "     | > slipway-site@1.0.0 build",
        "     | > gatsby build",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ),
    );
    expect(await player.play(36_000)).toBe(
      screen(
        "Updating dev, 36 s",
        "ok   deploy tokens         3 unchanged",
        "...  image          33 s   builder 9/11: npm run build",
        "     | success Building production JavaScript and CSS bundles - 11.976s",
        "     | success Building HTML renderer - 2.061s",
        "     | success Execute page configs - 0.297s",
        "     | success Caching Webpack compilations - 0.005s",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ),
    );
    expect(await player.end(true)).toBe(
      screen(
        "Updated dev, 59 s",
        "ok   deploy tokens         3 unchanged",
        "ok   image          47 s   updated: npm run build 44 s",
        "ok   push           1.2 s  gitlab.thelinuxlabs.com:5050/web/gatsby-site",
        "ok   tags           0.3 s  3 updated, 1 replaced",
        "ok   cluster               6 unchanged",
        "ok   pods           6.8 s  updated: 1 of 1 ready",
      ),
    );
  });

  it("says which step failed and what was not begun, with the error below", async () => {
    const player = open("broken", { columns: 100 });
    expect(await player.end(false)).toBe(
      screen(
        "The update of dev failed, 28 s",
        "ok   deploy tokens         3 unchanged",
        "FAIL image          21 s   site-image: builder 9/11: npm run build",
        "skip push",
        "skip tags",
        "ok   cluster               6 unchanged",
        "skip pods",
        'error: site-image: failed to solve: process "/bin/sh -c with-env with-webpack-cache npm run build" d',
        "id not complete successfully: exit code: 1",
      ),
    );
  });

  it("says that it was stopped, and shows the cursor again", async () => {
    const player = open("stopped");
    expect(await player.end(false)).toBe(
      screen(
        "The update of dev was stopped, 13 s",
        "ok   deploy tokens         3 unchanged",
        "FAIL image          9.9 s  site-image: builder 9/11: npm run build",
        "skip push",
        "skip tags",
        "ok   cluster               6 unchanged",
        "skip pods",
        "error: site-image: context canceled",
      ),
    );
    const codes = player.screen.written.split("\x1b").filter((text) => text.startsWith("[?25"));
    expect(codes.map((text) => text.slice(0, 5))).toEqual(["[?25l", "[?25h"]);
  });
});

describe("the page of an update", () => {
  it("says that nothing changed, and pushes nothing", async () => {
    expect(await open("unchanged").end(true)).toBe(
      screen(
        "Nothing changed on dev, 4.2 s",
        "ok   deploy tokens         3 unchanged",
        "ok   image                 unchanged",
        "ok   tags                  4 unchanged",
        "ok   cluster               6 unchanged",
        "ok   pods                  unchanged",
      ),
    );
  });

  it("shows of a promotion only what it has, and what was created", async () => {
    const player = open("promote", { expected: ["tags", "cluster", "pods"] });
    expect(await player.play(4_700)).toBe(
      screen(
        "Updating dev, 4 s",
        "ok   deploy tokens  0.1 s  3 created",
        "     tags",
        "...  cluster        0 s    gatsby-site-network, gatsby-site-environment, gats..",
        "     pods",
      ),
    );
    expect(await player.play(6_500)).toBe(
      screen(
        "Updating dev, 6 s",
        "ok   deploy tokens  0.1 s  3 created",
        "ok   tags           0.6 s  2 created",
        "ok   cluster        0.4 s  6 created",
        "...  pods           0 s    0 of 1 ready",
      ),
    );
    expect(await player.end(true)).toBe(
      screen(
        "Updated dev, 8.3 s",
        "ok   deploy tokens  0.1 s  3 created",
        "ok   tags           0.6 s  2 created",
        "ok   cluster        0.4 s  6 created",
        "ok   pods           2.2 s  created: 1 of 1 ready",
      ),
    );
  });

  it("is cut to a narrow terminal, and wraps no line", async () => {
    const player = open("edit", { columns: 40 });
    expect(await player.play(22_000)).toBe(
      screen(
        "Updating dev, 22 s",
        "ok   deploy tokens         3 unchanged",
        "...  image          19 s   builder 9/..",
        "     | success write out redirect dat..",
        "     | success onPostBootstrap - 0.041s",
        "     | info bootstrap finished - 17.1..",
        "     | success write out requires - 0..",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ),
    );
  });

  it.each([
    [
      10,
      [
        "...  image          19 s   builder 9/11: npm run build",
        "     | info bootstrap finished - 17.174s",
        "     | success write out requires - 0.101s",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ],
    ],
    [
      8,
      [
        "...  image          19 s   builder 9/11: npm run build",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ],
    ],
    [
      5,
      [
        "...  image          19 s   builder 9/11: npm run build",
        "ok   cluster               6 unchanged",
      ],
    ],
  ])("does not scroll a terminal of %s lines: what says least is left out", async (rows, lines) => {
    const player = open("edit", { rows });
    const shown = ["Updating dev, 22 s", "ok   deploy tokens         3 unchanged", ...lines];
    expect(await player.play(22_000)).toBe(screen(...shown));
    expect(await player.screen.countScrolled()).toBe(0);
  });

  it("shows only what runs in a terminal of three lines, and everything at its end", async () => {
    const player = open("edit", { columns: 20, rows: 3 });
    expect(await player.play(22_000)).toBe(screen("Updating dev, 22 s", "...  image       .."));
    expect(await player.end(true)).toBe(
      screen(
        "Updated dev, 59 s",
        "ok   deploy token..",
        "ok   image       ..",
        "ok   push        ..",
        "ok   tags        ..",
        "ok   cluster     ..",
        "ok   pods        ..",
      ),
    );
  });

  it("stays whole when the terminal is made narrower and wider", async () => {
    const player = open("edit");
    player.print("A line above.");
    await player.play(22_000);
    player.screen.resize({ columns: 30 });
    await player.play(22_500);
    player.screen.resize({ columns: 120 });
    expect(await player.play(36_000)).toBe(
      screen(
        "A line above.",
        "Updating dev, 36 s",
        "ok   deploy tokens         3 unchanged",
        "...  image          33 s   builder 9/11: npm run build",
        "     | success Building production JavaScript and CSS bundles - 11.976s",
        "     | success Building HTML renderer - 2.061s",
        "     | success Execute page configs - 0.297s",
        "     | success Caching Webpack compilations - 0.005s",
        "     push",
        "     tags",
        "ok   cluster               6 unchanged",
        "     pods",
      ),
    );
  });

  it("fits the window again after the terminal was made lower", async () => {
    const player = open("edit");
    await player.play(22_000);
    player.screen.resize({ rows: 5 });
    await player.play(36_000);
    expect(await player.screen.readWindow()).toBe(
      screen(
        "Updating dev, 36 s",
        "ok   deploy tokens         3 unchanged",
        "...  image          33 s   builder 9/11: npm run build",
        "ok   cluster               6 unchanged",
      ),
    );
  });

  it("has colours only for marks, the title and the log, and none without them", async () => {
    const colored = open("broken", { color: true });
    await colored.play(20_000);
    await colored.end(false);
    expect(colored.screen.written).toContain("\x1b[1mUpdating dev, 20 s\x1b[22m");
    expect(colored.screen.written).toContain("\x1b[32mok  \x1b[39m deploy tokens");
    expect(colored.screen.written).toContain("\x1b[2m     | success load plugins - 0.689s\x1b[22m");
    expect(colored.screen.written).toContain("\x1b[31mFAIL\x1b[39m image");
    expect(colored.screen.written).toContain("\x1b[31merror:\x1b[39m site-image: failed to solve");

    const plain = open("broken");
    await plain.end(false);
    const codes = plain.screen.written.split("\x1b").slice(1);
    expect(codes.filter((text) => /^\[\d*m/.test(text))).toEqual([]);
  });
});
