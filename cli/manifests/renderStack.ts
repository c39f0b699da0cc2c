import { shortenStackName } from "../../components/release/stackName";
import type { StackValues } from "../../config/parse";
import { readProject } from "../pulumi/project";
import { createAnswers, hideEnvironment, type Outputs } from "./placeholders";
import { renderManifests } from "./renderManifests";
import { runProgram } from "./runProgram";
import { readStackValues } from "./stackValues";

/** What to render. */
export interface RenderRequest {
  /** Name of the stack, with or without organization and project. */
  readonly stack: string;
  /** Outputs of its last update; empty if there are none. */
  readonly outputs: Outputs;
}

/**
 * Runs a stack's program and renders the Kubernetes objects that it registers. The process keeps the SDK's mocks, and
 * loses the secrets of its environment.
 *
 * @param folder of Pulumi.yaml, which is the current one
 */
export async function renderStack(
  { outputs, stack }: RenderRequest,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { main, name: project } = readProject(folder);
  const config = leaveOut(`${project}:caCertificate`, readStackValues(folder, stack));
  hideEnvironment(env, project, config);
  const [organization] = stack.includes("/") ? stack.split("/") : ["organization"];
  const name = shortenStackName(stack);
  const fullName = [organization, project, name].join("/");
  const answers = createAnswers({ fullName, project }, config, outputs);
  const run = { folder, main, organization, project, stack: name, config, answers };
  return renderManifests(await runProgram(run));
}

/** Only connections depend on the CA, and the program would refuse one that this machine does not trust. */
function leaveOut(key: string, { secrets, values }: StackValues): StackValues {
  const others = Object.entries(values).filter(([name]) => name !== key);
  return { secrets, values: Object.fromEntries(others) };
}
