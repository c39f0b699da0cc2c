import { matchesRoute } from "./routePattern";

/** A fault to inject, and the requests that it affects. */
export interface FaultArgs {
  /**
   * Route as the simulator declares it (`/projects/:id/deploy_tokens`, `/jwt/auth`), or a path in which
   * `*` matches anything (`/projects/*`). `/api/v4` at the start may be omitted.
   *
   * @default every route
   */
  readonly route?: string;
  /** @default every method */
  readonly method?: string;
  /** How many requests fail. @default all, until the fault is removed */
  readonly count?: number;
  /** How many requests succeed before. @default 0 */
  readonly skip?: number;
  /** Delay of the answer. @default 0 */
  readonly latencyMilliseconds?: number;
  /** Closes the connection instead of answering. @default false */
  readonly cut?: boolean;
  /** Status of the answer. @default none: the request is only delayed */
  readonly status?: number;
  /** `Retry-After` header of the answer: seconds or a date. */
  readonly retryAfter?: string;
  /** Additional headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body of the answer: JSON or text. @default GitLab's own body for that status */
  readonly body?: unknown;
  /**
   * Whether the request is carried out, and only its answer is lost, which the client can't know.
   *
   * @default false
   */
  readonly afterwards?: boolean;
}

/** A fault that is in force. */
export interface Fault extends FaultArgs {
  readonly id: number;
  /** Number of requests that it has affected. */
  readonly struck: number;
}

interface State {
  readonly id: number;
  readonly args: FaultArgs;
  passed: number;
  struck: number;
}

/** The faults in force. They are kept in memory, so a restart clears them. */
export class Faults {
  private readonly states: State[] = [];
  private lastId = 0;

  /** Adds a fault. If several match a request, the first one applies. */
  add(args: FaultArgs): Fault {
    const state: State = { id: ++this.lastId, args, passed: 0, struck: 0 };
    this.states.push(state);
    return describe(state);
  }

  /** Returns all faults that are not used up. */
  list(): Fault[] {
    return this.states.filter((state) => !isSpent(state)).map(describe);
  }

  /** Removes the fault; returns false if no fault has that id. */
  remove(id: number): boolean {
    const index = this.states.findIndex((state) => state.id === id);
    if (index === -1) return false;
    this.states.splice(index, 1);
    return true;
  }

  /** Removes all faults. */
  clear(): void {
    this.states.length = 0;
  }

  /** Returns the fault for this request, if any, and counts the request. */
  next(method: string, route: string | undefined, path: string): FaultArgs | undefined {
    for (const state of this.states) {
      const { args } = state;
      const fits =
        !isSpent(state) &&
        (args.method === undefined || args.method.toUpperCase() === method) &&
        (args.route === undefined || matchesRoute(args.route, route, path));
      if (!fits) continue;
      if (state.passed < (args.skip ?? 0)) {
        state.passed += 1;
        continue;
      }
      state.struck += 1;
      return args;
    }
    return undefined;
  }
}

function isSpent({ args, struck }: State): boolean {
  return args.count !== undefined && struck >= args.count;
}

function describe({ id, args, struck }: State): Fault {
  return { id, ...args, struck };
}
