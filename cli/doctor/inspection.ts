import type { ParsedConfig } from "../../config/parse";
import type { CommandContext } from "../io";
import { readNow } from "../stackConfig";
import type { OpenStack } from "../pulumi/openStack";
import type { StackState } from "../pulumi/stackState";
import type { DeployedRelease } from "../../components/release/release";
import type { TokenChallenge } from "../../components/registry/tokenService";
import type { Kubectl } from "./kubectl";
import type { SiteImage } from "./siteObjects";

/** What `slipway doctor` was asked to look at. */
export interface DoctorRequest {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Stack; undefined if a registry and a project are given instead. */
  readonly stack?: string;
  /** Registry, `host[:port]`. */
  readonly registry?: string;
  /** Path of the project in GitLab. */
  readonly project?: string;
  /** Address of GitLab. @default the registry's host */
  readonly gitlab?: string;
  /** Whether to create a short-lived pod that pulls the running image. @default true */
  readonly pod?: boolean;
  /** User name for the registry; its password is in `SLIPWAY_REGISTRY_PASSWORD`. */
  readonly username?: string;
}

/** Where the images are, and which GitLab they belong to. */
export interface Target {
  /** `host[:port]`. */
  readonly registry: string;
  /** Path of the repository in the registry. */
  readonly path: string;
  /** Path of the project in GitLab. */
  readonly project: string;
  /** URL of GitLab's API. */
  readonly apiUrl: string;
  /** GitLab's access token; empty if there is none. */
  readonly token: string;
  /** CA certificates to trust in addition, as PEM. */
  readonly caCertificate: string | undefined;
  /** Credentials to try; more come from the stack's state. */
  readonly logins: readonly Login[];
}

/** User name and password for the registry. */
export interface Login {
  /** Where they come from, such as "the pull token". */
  readonly label: string;
  readonly username: string;
  readonly password: string;
  /** Whether they have to be able to push. */
  readonly pushes: boolean;
  /** How to replace them: a line to paste. */
  readonly renewal: string;
  /** Id of the deploy token in GitLab; undefined if they are no token of the stack. */
  readonly tokenId?: number;
  /** Expiry, as RFC 3339 time. */
  readonly expiresAt?: string;
}

/** A stack, with its parsed configuration. */
export interface InspectedStack extends OpenStack {
  readonly config: ParsedConfig;
}

/** What a login may do in the repository. */
export interface Grant {
  readonly login: Login;
  readonly actions: readonly string[];
  /** Token for the registry. */
  readonly token: string;
}

/** What the steps of one run have found out, for the steps that depend on them. */
export interface Facts {
  target: Target;
  stack: InspectedStack;
  state: StackState;
  release: DeployedRelease;
  /** What the pods have to pull; of a failed update, if it was the last. */
  image: SiteImage;
  /** Platforms of that image, `os/architecture`. */
  platforms: readonly string[];
  challenge: TokenChallenge;
  grants: readonly Grant[];
  /** Credentials that the stack's last update left in use. */
  logins: readonly Login[];
  kubectl: Kubectl;
  /** Namespace of the site. */
  namespace: string;
}

/** One run of `slipway doctor`. */
export class Inspection {
  private readonly facts: Partial<Facts> = {};
  /** The time that decides what has expired. */
  public readonly now: Date;
  /** Values that must not be printed. */
  public readonly secrets: string[] = [];

  constructor(
    public readonly request: DoctorRequest,
    public readonly io: CommandContext,
  ) {
    this.now = readNow(io.env);
  }

  public set<K extends keyof Facts>(name: K, value: Facts[K]): void {
    this.facts[name] = value;
  }

  /** Returns what a step that this one depends on has found out. */
  public get<K extends keyof Facts>(name: K): Facts[K] {
    const value = this.facts[name];
    if (value === undefined) throw new Error(`No step has found out \`${name}\`.`);
    return value;
  }

  /** Returns a fact of a step that may have found nothing, or may have been left out. */
  public find<K extends keyof Facts>(name: K): Facts[K] | undefined {
    return this.facts[name];
  }
}
