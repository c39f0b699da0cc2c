import { matchesRoute } from "./routePattern";

/** What goes wrong on purpose, and where. */
export interface FaultArgs {
  /**
   * Route, as the simulator declares it (`/projects/:id/deploy_tokens`, `/jwt/auth`) or as a path in which
   * `*` matches anything (`/projects/*`). `/api/v4` in front may be left out.
   *
   * @default every route
   */
  readonly route?: string;
  /** @default every method */
  readonly method?: string;
  /** How many requests get it. @default all, until it is removed */
  readonly count?: number;
  /** How many requests it lets pass before. @default 0 */
  readonly skip?: number;
  /** How long the answer takes. @default 0 */
  readonly latencyMilliseconds?: number;
  /** Cuts the connection in place of an answer. @default false */
  readonly cut?: boolean;
  /** Status that is answered. @default none: the request is only late */
  readonly status?: number;
  /** Seconds, or a date; sent with the status. */
  readonly retryAfter?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is answered: JSON, or text. @default what GitLab says with that status */
  readonly body?: unknown;
  /**
   * Whether the request is carried out all the same, and only its answer lost: the client can't know.
   *
   * @default false
   */
  readonly afterwards?: boolean;
}

/** A fault that is set. */
export interface Fault extends FaultArgs {
  readonly id: number;
  /** How many requests it has struck. */
  readonly struck: number;
}

interface State {
  readonly id: number;
  readonly args: FaultArgs;
  passed: number;
  struck: number;
}

/** The faults that are set. They are in memory: a restart clears them. */
export class Faults {
  private readonly states: State[] = [];
  private lastId = 0;

  /** Adds a fault. A request gets the first one that fits it. */
  add(args: FaultArgs): Fault {
    const state: State = { id: ++this.lastId, args, passed: 0, struck: 0 };
    this.states.push(state);
    return describe(state);
  }

  /** All faults that are not used up. */
  list(): Fault[] {
    return this.states.filter((state) => !isSpent(state)).map(describe);
  }

  /** Removes the fault; false if there is none of that id. */
  remove(id: number): boolean {
    const index = this.states.findIndex((state) => state.id === id);
    if (index === -1) return false;
    this.states.splice(index, 1);
    return true;
  }

  /** Removes all. */
  clear(): void {
    this.states.length = 0;
  }

  /** Returns the fault for this request, and counts the request. */
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
