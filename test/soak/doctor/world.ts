import { inSandbox } from "../../e2e/support/checkout";
import { connectGitLab, type TestGitLab } from "../../e2e/support/gitlab";

/** What all subjects have in common: the sandbox with its stack `dev`. */
export class DoctorWorld {
  public gitlab!: TestGitLab;
  /** What stack `dev` runs: repository and digest. */
  public image!: string;

  public async open(): Promise<void> {
    this.gitlab = await connectGitLab();
    this.image = (await inSandbox("pulumi stack output image --stack dev")).trim();
  }

  public async close(): Promise<void> {
    await this.gitlab.control.reset();
    await this.gitlab.close();
  }
}
