import type { LimitSettings } from "../limits/limits";
import type { MaintenanceMode } from "../maintenance";
import type { Event, EventFilter } from "../model/events";
import type { RepositoryDecisions } from "../registry/policies";
import type { JobOutcome } from "../model/jobs";
import type { Seed } from "../seed/seed";
import type { ClockChange, ClockState } from "./clock";
import type { Fault, FaultArgs } from "./faults";
import type { JobRequest, StartedJob } from "./jobs";

type LimitChanges = { readonly [K in keyof LimitSettings]?: Partial<LimitSettings[K]> };

/** Client of a simulator's control endpoint. */
export class ControlClient {
  /** @param url URL of the control endpoint, such as `http://127.0.0.1:8081` */
  constructor(private readonly url: string) {}

  /** Returns the events that match the filter, oldest first. */
  events(filter: EventFilter = {}): Promise<Event[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams();
    for (const [name, value] of given) query.set(name, String(value));
    return this.call("GET", `/events?${query.toString()}`);
  }

  /** Sets a fault. */
  addFault(fault: FaultArgs): Promise<Fault> {
    return this.call("POST", "/faults", fault);
  }

  /** Returns the faults that are not used up. */
  faults(): Promise<Fault[]> {
    return this.call("GET", "/faults");
  }

  /** Removes the fault. */
  removeFault({ id }: Pick<Fault, "id">): Promise<void> {
    return this.call("DELETE", `/faults/${id}`);
  }

  /** Removes all faults. */
  clearFaults(): Promise<void> {
    return this.call("DELETE", "/faults");
  }

  /** Returns the state of the instance's clock. */
  clock(): Promise<ClockState> {
    return this.call("GET", "/clock");
  }

  /** Sets the instance's clock. */
  setClock(change: ClockChange): Promise<ClockState> {
    return this.call("PUT", "/clock", change);
  }

  /** Returns GitLab's maintenance mode. */
  maintenance(): Promise<{ mode: MaintenanceMode }> {
    return this.call("GET", "/maintenance");
  }

  /** Sets GitLab's maintenance mode. */
  setMaintenance(mode: MaintenanceMode): Promise<{ mode: MaintenanceMode }> {
    return this.call("PUT", "/maintenance", { mode });
  }

  /** Returns the present limits. */
  limits(): Promise<LimitSettings> {
    return this.call("GET", "/limits");
  }

  /** Changes limits and resets all counts. */
  changeLimits(changes: LimitChanges): Promise<LimitSettings> {
    return this.call("PUT", "/limits", changes);
  }

  /** Adds the parts of the seed that are missing. */
  seed(seed: Seed): Promise<void> {
    return this.call("POST", "/seed", seed);
  }

  /** Gives a project another full path. */
  moveProject(from: string, to: string): Promise<{ id: number; path: string }> {
    return this.call("POST", "/projects/move", { from, to });
  }

  /** Returns what the project's cleanup policy would do now. */
  explainCleanup(project: string): Promise<RepositoryDecisions[]> {
    return this.call("GET", `/cleanup?${new URLSearchParams({ project }).toString()}`);
  }

  /** Runs the project's cleanup policy, or all that are due. */
  runCleanup(project?: string): Promise<RepositoryDecisions[]> {
    return this.call("POST", "/cleanup", { project });
  }

  /** Creates a job, and a pipeline for it. */
  startJob(job: JobRequest): Promise<StartedJob> {
    return this.call("POST", "/jobs", job);
  }

  /** Starts a pending job, as a runner does. */
  runJob({ id }: Pick<StartedJob, "id">): Promise<StartedJob> {
    return this.call("PUT", `/jobs/${id}`, { status: "running" });
  }

  /** Ends a job, and so its token. */
  endJob({ id }: Pick<StartedJob, "id">, status: JobOutcome): Promise<void> {
    return this.call("PUT", `/jobs/${id}`, { status });
  }

  /** Removes faults and maintenance, and resets the clock and the limits. */
  reset(): Promise<void> {
    return this.call("POST", "/reset");
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      const { error = text } = tryParse(text);
      throw new Error(
        `The control endpoint refused ${method} ${path} (${response.status}): ${error}`,
      );
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

function tryParse(text: string): { error?: string } {
  try {
    return JSON.parse(text) as { error?: string };
  } catch {
    return {};
  }
}
