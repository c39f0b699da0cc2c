import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { WebSocket } from "undici";

import { ensureTools } from "../../../sandbox/tools/ensure";

/** How a page is looked at. */
export interface View {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly scheme: "dark" | "light";
  /** Pixels of the screen for one of CSS. @default 1 */
  readonly scale?: number;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly entry?: { readonly text: string; readonly url?: string } };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Debian's headless Chromium with one page, over its DevTools protocol. */
export class Browser {
  /** What the page's console said, such as what its content policy refused. */
  public readonly said: string[] = [];
  /** Addresses that the page asked for, other than its own. */
  public readonly requested: string[] = [];
  private readonly waiting = new Map<number, (message: Message) => void>();
  private loaded = (): void => undefined;
  private lastId = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
    private readonly socket: WebSocket,
    /** Port of the DevTools protocol. */
    public readonly port: number,
  ) {
    socket.addEventListener("message", ({ data }) => {
      this.receive(JSON.parse(String(data)) as Message);
    });
  }

  /**
   * Downloads the browser if it is not in the cache, and starts it.
   *
   * @param flags further flags of Chromium's
   */
  public static async start(...flags: readonly string[]): Promise<Browser> {
    const tools = await ensureTools(["chromium-folder"], { progress: "silent" });
    const folder = realpathSync(tools.get("chromium-folder")?.path ?? "");
    const profile = mkdtempSync(join(tmpdir(), "slipway-browser-"));
    const process = spawn(
      join(folder, "chromium-headless-shell"),
      [...flags, ...listFlags(profile)],
      {
        env: { ...globalThis.process.env, LD_LIBRARY_PATH: findLibraries(resolve(folder, "..")) },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const { origin, port } = new URL((await findAddress(process)).replace(/^ws/, "http"));
    const answer = await fetch(`${origin}/json/list`);
    const [{ webSocketDebuggerUrl }] = (await answer.json()) as [{ webSocketDebuggerUrl: string }];
    const socket = new WebSocket(webSocketDebuggerUrl);
    await new Promise((open) => socket.addEventListener("open", open));
    const browser = new Browser(process, profile, socket, Number(port));
    for (const domain of ["Page", "Log", "Network"]) await browser.call(`${domain}.enable`);
    return browser;
  }

  /** Opens a page and waits until it is loaded. */
  public async open(url: string, { height, scale = 1, scheme, width }: View): Promise<void> {
    const size = { width, height, deviceScaleFactor: scale, mobile: width < 600 };
    await this.call("Emulation.setDeviceMetricsOverride", size);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.call("Emulation.setEmulatedMedia", { features });
    const loaded = new Promise<void>((done) => (this.loaded = done));
    await this.call("Page.navigate", { url });
    await loaded;
  }

  /** Evaluates an expression of JavaScript in the page; of a promise it returns what that resolves to. */
  public async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { exceptionDetails, result } = await this.call("Runtime.evaluate", options);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  /**
   * Presses keys of the keyboard, one after the other.
   *
   * @param keys characters, or names of other keys such as `ArrowDown`
   */
  public async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const pressed = { key, code: key, windowsVirtualKeyCode: keyCodes[key] };
      const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
      await this.call("Input.dispatchKeyEvent", { ...pressed, type: "keyDown", text });
      await this.call("Input.dispatchKeyEvent", { ...pressed, type: "keyUp" });
    }
  }

  /** Decides whether pages that are opened from now on may run scripts. */
  public async allowScripts(isAllowed: boolean): Promise<void> {
    await this.call("Emulation.setScriptExecutionDisabled", { value: !isAllowed });
  }

  /**
   * Takes a picture as PNG.
   *
   * @param selector of one element, which is taken with a little of what is around it. @default the whole page
   */
  public async photograph(selector?: string): Promise<Buffer> {
    const around = selector === undefined ? 0 : 12;
    const clip = await this.evaluate(
      `(({ x, y, width, height }, around) => ({
        x: x - around, y: y - around, width: width + 2 * around, height: height + 2 * around, scale: 1,
      }))(document.querySelector(${JSON.stringify(selector ?? "html")}).getBoundingClientRect(), ${around})`,
    );
    const { data } = await this.call("Page.captureScreenshot", {
      clip,
      captureBeyondViewport: true,
    });
    return Buffer.from(data as string, "base64");
  }

  public async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once("close", done));
    this.socket.close();
    this.process.kill();
    await ended;
    rmSync(this.profile, { recursive: true, force: true });
  }

  private async call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.lastId;
    const answered = new Promise<Message>((done) => this.waiting.set(id, done));
    this.socket.send(JSON.stringify({ id, method, params }));
    const { error, result = {} } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  private receive(message: Message): void {
    const { id, method, params } = message;
    if (id !== undefined) this.waiting.get(id)?.(message);
    if (method === "Page.loadEventFired") this.loaded();
    if (method === "Log.entryAdded" && params?.entry !== undefined) {
      const { text, url = "" } = params.entry;
      this.said.push(`${text} ${url}`.trim());
    }
    if (method !== "Network.requestWillBeSent") return;
    const { request, type } = params as { request: { url: string }; type: string };
    if (type !== "Document") this.requested.push(request.url);
  }
}

/** Codes of keys that are no characters. @see https://w3c.github.io/uievents/#fixed-virtual-key-codes */
const keyCodes: Readonly<Record<string, number>> = {
  ArrowDown: 40,
  ArrowUp: 38,
  Enter: 13,
  Escape: 27,
};

/** Without the network's flags it asks for updates at every start. */
function listFlags(profile: string): string[] {
  return [
    ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
  ];
}

/** Folders of the libraries that came with it, in which some have a folder of their own. */
function findLibraries(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith("-linux-gnu"))
    .flatMap((name) => [join(folder, name), join(folder, name, "pulseaudio")])
    .join(":");
}

function findAddress({ stderr }: ChildProcess): Promise<string> {
  return new Promise((found, reject) => {
    let text = "";
    stderr?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const [, address] = /DevTools listening on (\S+)/.exec(text) ?? [];
      if (address !== undefined) found(address);
    });
    stderr?.once("close", () => reject(new Error(`Chromium did not start:\n${text}`)));
  });
}
