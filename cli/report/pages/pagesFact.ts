import { parseImageReference } from "../../../components/image/imageReference";
import {
  RegistryClient,
  RegistryError,
  type RegistryLogin,
} from "../../../components/registry/registryClient";
import { readVariable } from "../../../config/environment";
import { readJobCertificates } from "../../gitlab/connection";
import { countOf, type Sentence, sentence, words } from "../sentence";
import { type PageHashes, readBuiltPages } from "./builtPages";
import { describePageChanges } from "./pageChanges";
import { readRunningPages, UnknownPages } from "./runningPages";

/** A report's job does not wait for a registry that hangs. */
const timeLimits = { timeoutMs: 20_000, totalTimeoutMs: 60_000 };

/**
 * Says which pages differ between a build's folder and the release that a stack runs. What is not known is said, too: it
 * never fails a report.
 *
 * @param folder what the site's build left
 * @param running the image that the stack runs, with its digest; undefined if it runs none
 */
export async function describePages(
  folder: string,
  running: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Sentence> {
  try {
    const built = await readBuiltPages(folder);
    if (built === undefined)
      throw new UnknownPages("there is no built site: `build_website` has left no page");
    if (running === undefined)
      return words(`${countOf(built.size, "page")}, all new: nothing runs yet.`);
    return describePageChanges(await readPages(running, env), built);
  } catch (error) {
    if (error instanceof UnknownPages) return words(`Not compared: ${error.message}.`);
    if (!(error instanceof RegistryError)) throw error;
    return sentence`Not compared, since the registry can't be read: ${error.message}`;
  }
}

function readPages(image: string, env: NodeJS.ProcessEnv): Promise<PageHashes> {
  const { digest, registry, repository } = parseImageReference(image);
  const login = findLogin(registry, env);
  if (digest === undefined)
    throw new UnknownPages("the image that runs is not named by its digest");
  const options = { ...timeLimits, env, caCertificate: readJobCertificates(env) };
  return readRunningPages(digest, new RegistryClient(repository, login, options));
}

/** A job's own login to the registry of its GitLab. No other registry gets it, nor the access token of a job. */
function findLogin(registry: string, env: NodeJS.ProcessEnv): RegistryLogin {
  const username = env.CI_REGISTRY_USER;
  const password = readVariable(env, "CI_REGISTRY_PASSWORD");
  if (username && password && env.CI_REGISTRY === registry) return { username, password };
  // The registry accepts an access token as password, with any user name.
  const token = env.CI_REGISTRY ? "" : readVariable(env, "GITLAB_TOKEN");
  if (token) return { username: "slipway", password: token };
  throw new UnknownPages("the job has no login to the registry of the image that runs");
}
