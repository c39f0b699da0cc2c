import { connectGitLab, type TestGitLab } from "../../e2e/support/gitlab";
import { SiteRepository, type Shape } from "./repository";

/** A repository after `slipway init` and `slipway up`. */
export interface ServedSite {
  readonly repository: SiteRepository;
  /** What the commands printed. */
  readonly init: string;
  readonly up: string;
}

/** Shapes that are brought from a clone to a served page, several at a time: much of it is waiting. */
export class Fleet<Name extends string> {
  private readonly served = new Map<string, Promise<ServedSite>>();
  private readonly repositories: SiteRepository[] = [];
  private readonly queue: (() => Promise<void>)[] = [];

  private constructor(private readonly gitlab: TestGitLab) {}

  /** Starts with the first shapes; a shape's failure is that of its own test. */
  static async start<Name extends string>(
    shapes: Readonly<Record<Name, Shape>>,
    atOnce: number,
  ): Promise<Fleet<Name>> {
    const fleet = new Fleet<Name>(await connectGitLab());
    for (const [name, shape] of Object.entries<Shape>(shapes)) fleet.add(name, shape);
    for (let worker = 0; worker < atOnce; worker += 1) void fleet.work();
    return fleet;
  }

  /** The site of a shape, when it is served. */
  async get(name: Name): Promise<ServedSite> {
    const site = this.served.get(name);
    if (site === undefined) throw new Error(`There is no shape \`${name}\`.`);
    return site;
  }

  /** Deletes everything. */
  async remove(): Promise<void> {
    await Promise.allSettled(this.served.values());
    await Promise.all(this.repositories.map((repository) => repository.remove()));
    await this.gitlab.close();
  }

  private add(name: string, shape: Shape): void {
    const site = new Promise<ServedSite>((resolve, reject) => {
      this.queue.push(() => this.serve(shape).then(resolve, reject));
    });
    // The test that asks for it gets the failure.
    site.catch(() => undefined);
    this.served.set(name, site);
  }

  private async work(): Promise<void> {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) await next();
  }

  private async serve(shape: Shape): Promise<ServedSite> {
    const repository = await SiteRepository.create(shape, this.gitlab);
    this.repositories.push(repository);
    const init = await repository.init();
    if (shape.configure !== undefined) {
      await repository.runIn("deploy", `pulumi stack init dev; ${shape.configure}`);
    }
    return { repository, init, up: await repository.up() };
  }
}
