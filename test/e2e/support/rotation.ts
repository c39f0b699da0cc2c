import { inSandbox, shell, type Ended } from "./checkout";
import type { TestGitLab } from "./gitlab";
import { findSecrets } from "./secrets";

const windowSeconds = 60 * 24 * 60 * 60;

/** Names of a stack's tokens, after any number of rotations. */
export const tokenNames = [
  "slipway/gatsby-site/dev/pull-a",
  "slipway/gatsby-site/dev/pull-b",
  "slipway/gatsby-site/dev/push",
];

/** The clock of stack `dev` and its GitLab, which moves forward by rotation periods. */
export class Calendar {
  private offsetSeconds = 0;

  constructor(private readonly gitlab: TestGitLab) {}

  /** Moves to the next period, in which a rotation is due. */
  public async turnPage(): Promise<void> {
    await this.leaf(1);
  }

  /** Moves so many periods forward that all tokens have expired. */
  public async sleep(): Promise<void> {
    await this.leaf(3);
  }

  /** Runs `make up` at that time. */
  public up(): Promise<Ended> {
    return shell(this.at("make up"));
  }

  /** Returns a shell command that runs another at that time. */
  public at(command: string): string {
    return `export SLIPWAY_CLOCK_OFFSET_SECONDS=${this.offsetSeconds}; ${command}`;
  }

  /** Returns to the present, with new tokens. */
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

/** Reads the values of the stack's tokens from its state. */
export async function readTokenValues(): Promise<string[]> {
  return findSecrets(await inSandbox("pulumi stack export --show-secrets"));
}

/** Describes everything that must not change in a rotation. */
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
