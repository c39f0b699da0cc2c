import { inSandbox, shell, type Ended } from "./checkout";
import type { TestGitLab } from "./gitlab";
import { findSecrets } from "./secrets";

const windowSeconds = 60 * 24 * 60 * 60;

/** Names of the tokens that a stack has, whatever has happened. */
export const tokenNames = [
  "slipway/gatsby-site/dev/pull-a",
  "slipway/gatsby-site/dev/pull-b",
  "slipway/gatsby-site/dev/push",
];

/** Time as stack `dev` and its GitLab know it, which goes on from window to window. */
export class Calendar {
  private offsetSeconds = 0;

  constructor(private readonly gitlab: TestGitLab) {}

  /** Goes on to the next window, in which a rotation is due. */
  public async turnPage(): Promise<void> {
    await this.leaf(1);
  }

  /** Skips so many windows that no token lives any more. */
  public async sleep(): Promise<void> {
    await this.leaf(3);
  }

  /** `make up`, at that time. */
  public up(): Promise<Ended> {
    return shell(this.at("make up"));
  }

  /** A shell command that is run at that time. */
  public at(command: string): string {
    return `export SLIPWAY_CLOCK_OFFSET_SECONDS=${this.offsetSeconds}; ${command}`;
  }

  /** Back to the present, with tokens of the present. */
  public async close(): Promise<void> {
    await this.gitlab.control.reset();
    this.offsetSeconds = 0;
    await shell("make up");
  }

  private async leaf(windows: number): Promise<void> {
    this.offsetSeconds += windows * windowSeconds;
    await this.gitlab.control.setClock({ offsetSeconds: this.offsetSeconds });
  }
}

/** The values of the stack's tokens, as its state has them. */
export async function readTokenValues(): Promise<string[]> {
  return findSecrets(await inSandbox("pulumi stack export --show-secrets"));
}

/** What must not change in a rotation. */
export async function describeRunning(): Promise<object> {
  const pods = await inSandbox(
    `kubectl get pods --all-namespaces --selector app=gatsby-site --output json`,
  );
  const { items } = JSON.parse(pods) as {
    items: {
      metadata: { name: string; uid: string };
      status: { containerStatuses: { restartCount: number; imageID: string }[] };
    }[];
  };
  return items.map(({ metadata, status }) => ({
    name: metadata.name,
    uid: metadata.uid,
    restarts: status.containerStatuses.map(({ restartCount }) => restartCount),
    images: status.containerStatuses.map(({ imageID }) => imageID),
  }));
}
