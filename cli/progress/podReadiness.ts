const countPattern = /\((\d+)\/(\d+) Pods available\)/;

interface Pods {
  readonly ready: number;
  readonly wanted: number;
}

/** How many pods are ready, from what the Kubernetes plugin says while it waits for Deployments. */
export class PodReadiness {
  private readonly pods = new Map<string, Pods>();
  private last = "";

  /** Adds a Deployment. @param wanted undefined if an autoscaler sets the number */
  public expect(urn: string, wanted: number | undefined): void {
    if (wanted !== undefined) this.pods.set(urn, { ready: 0, wanted });
  }

  /** Adds what the plugin says of a Deployment. */
  public add(urn: string, text: string): void {
    // Between its messages the plugin sends empty ones.
    if (text === "") return;
    const pods = this.read(urn, text);
    this.last = pods === undefined ? text : "";
    if (pods !== undefined) this.pods.set(urn, pods);
  }

  /** Renders the number of pods, such as `1 of 2 ready`, and what the plugin said last. */
  public describe(isOver: boolean): string {
    const all = [...this.pods.values()];
    const wanted = all.reduce((sum, pods) => sum + pods.wanted, 0);
    const ready = isOver ? wanted : all.reduce((sum, pods) => sum + pods.ready, 0);
    const count = wanted === 0 ? "" : `${ready} of ${wanted} ready`;
    return [count, isOver ? "" : this.last].filter(Boolean).join(": ");
  }

  private read(urn: string, text: string): Pods | undefined {
    const [, ready, wanted] = countPattern.exec(text) ?? [];
    if (ready !== undefined) return { ready: Number(ready), wanted: Number(wanted) };
    const known = this.pods.get(urn);
    const isReady = known !== undefined && text.endsWith("initialization complete");
    return isReady ? { ...known, ready: known.wanted } : undefined;
  }
}
