import content from "../content/steps.json";

/** A step on the way from GitLab to the cluster. */
export interface Step {
  readonly slug: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** The Pulumi resource that does it. */
  readonly resource: string;
  readonly paragraphs: readonly string[];
  /** A command that shows the step at work. */
  readonly command: string;
}

/** The steps in their order. */
export const steps: readonly Step[] = content;

/** Where the step's page is. */
export function pathOf(step: Step): string {
  return `/steps/${step.slug}/`;
}
